"""Threads put aside: asleep until a day, or merged into another of the same person (issue 6)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from harmattan.conversations import rules, service, shelving
from harmattan.conversations.acting import NotInThisState
from harmattan.conversations.models import Message, Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Writer
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.core.services import Service
from harmattan.core.settings import House
from tests import cast
from tests.browser import Browser

MARIE, KARIM = "marie@equipe.example", "karim@grandlarge.example"
TUESDAY, FRIDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 27)


def answered(people: SimpleNamespace) -> Thread:
    thread = cast.thread(people.karim)
    service.answer(thread, people.marie, "La réimpression arrive vendredi.", 1)
    db.session.commit()
    return thread


def at_nine(day: dt.date) -> None:
    clock.start_at(clock.at_paris(day, dt.time(9, 0, 5)))


# asleep


def test_an_answered_thread_sleeps_and_comes_back_on_its_day(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = answered(people)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/sommeil", jusqu_au="27/11/2026")
    assert browser.status == 200
    assert browser.reloaded()
    db.session.refresh(thread)
    assert (thread.state, thread.taken_by_id) == (ThreadState.SNOOZED, people.marie.id)
    assert thread.reference in str(browser.open("/equipe/messages?etat=en-sommeil").page.find(id="queue"))
    assert thread.reference not in str(browser.open("/equipe/messages").page.find(id="queue"))
    assert jobs.run_due() == 0
    at_nine(FRIDAY)
    assert jobs.run_due() == 1
    db.session.refresh(thread)
    assert thread.state is ThreadState.OPEN
    assert thread.answer_by == clock.at_paris(dt.date(2026, 11, 27), dt.time(17))
    browser.open("/connexion")  # a night has passed
    assert thread.reference in str(browser.log_in(MARIE).open("/equipe/messages").page.find(id="queue"))


def test_the_customer_reads_from_which_day_on_it_goes_further(
    browser: Browser, people: SimpleNamespace
) -> None:
    thread = answered(people)
    shelving.snooze(thread, FRIDAY, people.marie, thread.version)
    db.session.commit()
    browser.log_in(KARIM).open(f"/messages/{thread.reference}")
    assert "Suite prévue" in browser.text
    assert "suite à partir du 27 novembre 2026" in browser.text
    assert "suite à partir du vendredi 27 novembre 2026" in browser.text


def test_a_word_from_the_customer_wakes_it(people: SimpleNamespace) -> None:
    thread = answered(people)
    shelving.snooze(thread, FRIDAY, people.marie, thread.version)
    service.write(thread, Writer.of(people.karim), "Finalement, annulez.")
    db.session.commit()
    assert thread.state is ThreadState.OPEN
    at_nine(FRIDAY)
    jobs.run_due()
    assert [event.action for event in thread.events].count("wake") == 0


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("", "Choisissez le jour où le message revient"),
        ("23/11/2026", "Choisissez un jour à venir"),
        ("01/01/2020", "Choisissez un jour à venir"),
        ("31/12/2027", "Choisissez un jour d'ici 180 jours"),
        ("bientôt", None),
    ],
)
def test_a_day_that_will_not_do_is_asked_again(
    day: str, message: str | None, browser: Browser, people: SimpleNamespace
) -> None:
    thread = answered(people)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/sommeil", jusqu_au=day)
    assert browser.status == 422
    assert len(browser.faults()) == 1
    if message:
        assert browser.faults() == [message]
    db.session.refresh(thread)
    assert thread.state is ThreadState.WAITING_FOR_CUSTOMER


def test_no_thread_sleeps_over_a_promised_answer(browser: Browser, people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/sommeil", jusqu_au="25/11/2026")
    assert browser.status == 409
    assert "La réponse est promise pour le 24 novembre 2026, 10 h" in browser.text
    db.session.refresh(thread)
    assert thread.state is ThreadState.OPEN


def test_an_open_thread_may_sleep_until_just_before_its_promise(people: SimpleNamespace) -> None:
    thread = cast.thread(people.karim)
    promised = thread.answer_by
    shelving.snooze(thread, TUESDAY, people.marie, 1)
    db.session.commit()
    at_nine(TUESDAY)
    jobs.run_due()
    db.session.refresh(thread)
    assert (thread.state, thread.answer_by) == (ThreadState.OPEN, promised)


def test_a_sleeping_thread_may_be_taken_up_before_its_day(browser: Browser, people: SimpleNamespace) -> None:
    thread = answered(people)
    shelving.snooze(thread, FRIDAY, people.marie, thread.version)
    db.session.commit()
    url = f"/equipe/messages/{thread.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/reveil")
    assert browser.reloaded()
    db.session.refresh(thread)
    assert thread.state is ThreadState.OPEN


@given(day=st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)))
def test_a_thread_wakes_at_an_opening_of_the_day_or_later(day: dt.date) -> None:
    wakes = clock.in_paris(rules.wakes_at(day, House()))
    assert wakes.date() >= day
    assert wakes.time() == House().desk_opens
    assert rules.working_minutes(wakes, wakes + dt.timedelta(minutes=5), House()) == 5


# merged


def test_two_threads_of_one_person_become_one(browser: Browser, people: SimpleNamespace) -> None:
    first = cast.thread(people.karim, body="Où est mon colis ?")
    promised = first.answer_by
    clock.start_at(cast.MONDAY + dt.timedelta(hours=2))
    second = cast.thread(people.karim, body="J’ajoute : il en manque deux.")
    service.add_note(second, people.marie, "NOTE-DU-SECOND")
    db.session.commit()
    url = f"/equipe/messages/{second.reference}"
    browser.log_in(MARIE).open(url).submit(f"{url}/reunion", avec=first.reference)
    assert browser.url == f"/equipe/messages/{first.reference}"
    for text in ("Où est mon colis ?", "il en manque deux", "NOTE-DU-SECOND", second.reference):
        assert text in browser.text
    db.session.expire_all()
    assert (first.state, second.state) == (ThreadState.OPEN, ThreadState.MERGED)
    assert first.answer_by == promised
    assert browser.open(f"/equipe/messages/{second.reference}").url == f"/equipe/messages/{first.reference}"
    browser.open("/equipe").log_out().log_in(KARIM)
    assert browser.open(f"/messages/{second.reference}").url == f"/messages/{first.reference}"
    assert str(browser.open("/messages").main()).count("MSG-2026") == 2


def test_what_is_written_to_a_merged_number_arrives_where_it_went(
    browser: Browser, people: SimpleNamespace
) -> None:
    first, second = cast.thread(people.karim), cast.thread(people.karim)
    browser.log_in(KARIM).open(f"/messages/{second.reference}")
    shelving.merge(second, first, people.marie, 1)
    db.session.commit()
    browser.submit(f"/messages/{second.reference}", message="Encore un mot.")
    assert browser.status == 200
    latest = db.session.query(Message).order_by(Message.id.desc()).first()
    assert latest is not None
    assert (latest.thread_id, latest.body) == (first.id, "Encore un mot.")


def test_an_open_thread_reopens_the_closed_one_it_is_merged_into(people: SimpleNamespace) -> None:
    closed, waiting = cast.thread(people.karim), cast.thread(people.karim)
    service.close_thread(closed, people.marie, 1)
    shelving.merge(waiting, closed, people.marie, 1)
    db.session.commit()
    assert (closed.state, closed.answer_by) == (ThreadState.OPEN, waiting.answer_by)


def test_an_answered_thread_leaves_the_other_as_it_is(people: SimpleNamespace) -> None:
    thread, into = answered(people), answered(people)
    shelving.merge(thread, into, people.marie, thread.version)
    assert into.state is ThreadState.WAITING_FOR_CUSTOMER


def test_bank_details_stay_closed_after_a_merge(people: SimpleNamespace) -> None:
    lcr = cast.thread(people.lucie, Service.ACCOUNTING, bank_details=True)
    other = cast.thread(people.lucie, Service.ACCOUNTING)
    shelving.merge(lcr, other, people.ines, 1)
    assert other.bank_details


def test_another_persons_thread_is_no_choice_and_no_target(browser: Browser, people: SimpleNamespace) -> None:
    karims, annes, pauls = (cast.thread(one) for one in (people.karim, people.anne, people.paul))
    cast.thread(people.karim)
    url = f"/equipe/messages/{karims.reference}"
    browser.log_in(MARIE).open(url)
    choices = {field["value"] for field in browser.page.find_all("input", attrs={"name": "avec"})}
    assert not {annes.reference, pauls.reference, karims.reference} & choices
    assert len(choices) == 1
    browser.submit(f"{url}/reunion", avec=annes.reference)
    assert browser.status == 422
    with pytest.raises(shelving.NotTheSamePerson):
        shelving.merge(karims, annes, people.marie, 1)


def test_visitors_are_the_same_person_by_their_address(app: Flask, people: SimpleNamespace) -> None:
    def visitor(email: str) -> Thread:
        writer = Writer("Zoé", email)
        return service.open_thread(writer, Service.SALES, subject="autres", title="Autres", body="?")

    first, second, third = visitor("zoe@x.example"), visitor("Zoe@x.example"), visitor("luc@x.example")
    db.session.commit()
    assert shelving.mergeable(first, second)
    assert not shelving.mergeable(first, third)
    assert not shelving.mergeable(first, first)


def test_a_number_merged_twice_leads_to_the_last(browser: Browser, people: SimpleNamespace) -> None:
    first, second, third = (cast.thread(people.karim) for _ in range(3))
    shelving.merge(first, second, people.marie, 1)
    shelving.merge(second, third, people.marie, second.version)
    db.session.commit()
    browser.log_in(KARIM)
    assert browser.open(f"/messages/{first.reference}").url == f"/messages/{third.reference}"


def test_a_merged_thread_is_acted_on_no_more(people: SimpleNamespace) -> None:
    first, second = cast.thread(people.karim), cast.thread(people.karim)
    shelving.merge(second, first, people.marie, 1)
    with pytest.raises(NotInThisState):
        service.answer(second, people.marie, "Voilà.", second.version)
