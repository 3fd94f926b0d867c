"""`/equipe/pilotage`, plain and with HTMX: each service sees the figures, its own late messages alone."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.conversations import service
from harmattan.core import clock, jobs
from harmattan.core.extensions import db
from harmattan.core.jobs import Job, WorkState
from harmattan.core.services import Service
from tests import cast
from tests.browser import Browser

MARIE, INES, ROOT = "marie@equipe.example", "ines@equipe.example", "root@equipe.example"
PAGE = "/equipe/pilotage"


@pytest.fixture
def threads(people: SimpleNamespace) -> None:
    """Monday at ten: a question to sales, answered two hours later; one to accounting, never."""
    asked = cast.thread(people.karim, subject="devis", title="CANARI-COMMERCIAL")
    cast.thread(people.karim, Service.ACCOUNTING, subject="comptabilite", title="CANARI-COMPTA")
    clock.start_at(cast.MONDAY + dt.timedelta(hours=2))
    service.answer(asked, people.marie, "Voici.", asked.version)
    db.session.commit()


def failed_job() -> Job:
    jobs.enqueue("imports.run", {"reference": "IMP-2026-000001"})
    job = db.session.scalars(sa.select(Job).order_by(Job.id.desc())).first()
    assert job is not None
    job.state, job.error, job.tries = WorkState.FAILED, "disque plein", 5
    db.session.commit()
    return job


@pytest.mark.usefixtures("threads")
def test_answer_times_are_of_desk_hours_and_by_service(browser: Browser) -> None:
    text = browser.log_in(MARIE).open(PAGE).text
    assert "Service commercial 1 2 h 00 2 h 00 100 % 0, 0" in text
    assert "Devis" in text


@pytest.mark.usefixtures("threads")
def test_what_is_late_is_named_to_its_service_alone(
    browser: Browser, new_browser: Callable[..., Browser]
) -> None:
    clock.start_at(cast.MONDAY + dt.timedelta(days=3))
    for email, named in ((INES, True), (MARIE, False), (ROOT, True)):
        text = new_browser(browser.htmx).log_in(email).open(PAGE).text
        assert ("CANARI-COMPTA" in text) is named, email


@pytest.mark.usefixtures("threads")
def test_a_period_is_chosen_and_another_is_the_usual_one(browser: Browser) -> None:
    clock.start_at(cast.MONDAY + dt.timedelta(days=20))
    browser.log_in(MARIE)
    assert "100 %" in browser.open(f"{PAGE}?periode=30").text
    assert "100 %" not in browser.open(f"{PAGE}?periode=7").text
    assert "100 %" in browser.open(f"{PAGE}?periode=12345").text


@pytest.mark.usefixtures("threads")
def test_the_figures_are_a_table_for_spreadsheets(browser: Browser) -> None:
    browser.log_in(MARIE)
    answer = browser.client.get(f"{PAGE}/chiffres.csv?periode=30")
    assert answer.mimetype == "text/csv"
    assert "Délai médian, minutes ouvrées;Service commercial;120" in answer.get_data(as_text=True)


def test_failed_work_is_shown_with_its_reason_and_tried_again(
    browser: Browser, people: SimpleNamespace
) -> None:
    job = failed_job()
    assert "disque plein" in browser.log_in(ROOT).open(PAGE).text
    browser.submit(f"{PAGE}/travaux")
    db.session.refresh(job)
    assert (job.state, job.tries, job.error) == (WorkState.WAITING, 0, None)
    browser.post(f"{PAGE}/travaux", travail=str(job.id))
    assert "n'est plus en échec" in browser.text


def test_the_services_see_failed_work_and_do_not_restart_it(
    browser: Browser, people: SimpleNamespace
) -> None:
    job = failed_job()
    browser.log_in(MARIE).open(PAGE)
    assert browser.page.find("button", attrs={"name": "bouton", "value": "reessayer"}) is None
    browser.post(f"{PAGE}/travaux", travail=str(job.id))
    assert browser.status == 403


def test_which_answers_are_not_enough_is_shown_and_in_the_table(
    browser: Browser, new_browser: Callable[..., Browser], people: SimpleNamespace
) -> None:
    karim = new_browser(browser.htmx).log_in("karim@grandlarge.example").open("/contact?objet=lcr")
    karim.submit("/contact", message="Je paie par LCR ?")
    karim.open("/contact?objet=retours").post("/contact", repondu="retours")
    text = browser.log_in(MARIE).open(PAGE).text
    assert "Comment payer mes factures ? Formulaire, « LCR, RIB » 1 0 0 1" in text
    assert "Comment retourner des livres ? Formulaire, « Retours » 1 1 0 0" in text
    table = browser.client.get(f"{PAGE}/chiffres.csv").get_data(as_text=True)
    assert "message envoyé quand même;Comment payer mes factures ? (Formulaire, « LCR, RIB »);1" in table
    clock.start_at(cast.MONDAY + dt.timedelta(days=40))
    assert "Comment payer mes factures" not in browser.open(PAGE).text
