"""Mail in: joined to its thread, noted on the mail it is about, or waiting for people (J14, issue 6)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.contact import service as contact
from harmattan.contact.rules import Subject
from harmattan.conversations import reply_address, service, shelving
from harmattan.conversations.models import Attachment, Message, Thread
from harmattan.conversations.rules import ThreadState
from harmattan.conversations.service import Writer
from harmattan.core import clock, throttle
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.services import Service
from harmattan.mails import rules
from harmattan.mails.receiving import Outcome, receive
from harmattan.mails.rules import MailState, Reason
from harmattan.outbox import service as outbox
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.core.test_database import in_threads
from tests.mails.letters import ANNE, KARIM, answered, letter, report, taken_in, the_one, with_file


@pytest.fixture
def thread(people: SimpleNamespace) -> Thread:
    """Karim's question to sales, acknowledged and answered by Marie."""
    thread = contact.send(Writer.of(people.karim), Subject.QUOTE, "Une surremise ?")
    service.answer(thread, people.marie, "Pour combien d’exemplaires ?", thread.version)
    db.session.commit()
    return thread


def said(thread: Thread) -> list[str]:
    texts = sa.select(Message.body).where(Message.thread_id == thread.id).order_by(Message.id)
    return list(db.session.scalars(texts))


def mails() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) or 0


# joined


def test_a_reply_to_the_signed_address_joins_its_thread(thread: Thread) -> None:
    to = answered().reply_to
    assert (
        receive(letter("Merci, 80.\n\nLe 23 nov. 2026, X a écrit :\n> Pour combien ?", to=to))
        is Outcome.JOINED
    )
    assert said(thread)[-1] == "Merci, 80."
    assert (thread.state, thread.messages[-1].by_mail) == (ThreadState.OPEN, True)
    assert "Nouveau message de Karim Benali par courriel" in thread.events[-1].text
    assert "Pour combien ?" in the_one().text


def test_a_reply_under_our_message_id_joins_it_too(thread: Thread) -> None:
    assert receive(letter("80", In_Reply_To=answered().message_id)) is Outcome.JOINED
    older = f"<autre@x.example> {answered('message_answered').message_id}"
    assert receive(letter("Ou 90", References=older)) is Outcome.JOINED
    assert said(thread)[-2:] == ["80", "Ou 90"]


def test_the_case_of_the_address_does_not_count(thread: Thread) -> None:
    assert receive(letter(to=answered().reply_to.lower())) is Outcome.JOINED


def test_an_address_signed_with_an_older_secret_still_counts(app: Flask, thread: Thread) -> None:
    to = reply_address.of(thread.reference)
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "another secret, another secret, another secret"
    assert receive(letter(to=to)) is Outcome.JOINED


def test_the_principal_user_may_reply_to_a_colleagues_thread(thread: Thread) -> None:
    receive(letter("Je m’en charge.", sender=f"Anne <{ANNE}>", to=answered().reply_to))
    assert thread.messages[-1].author_name == "Anne Le Goff"


def test_files_come_along_and_refused_ones_are_named(thread: Thread) -> None:
    to = answered().reply_to
    receive(with_file("bon.pdf", b"%PDF-1.7", to))
    receive(with_file("virus.exe", b"MZ", to))
    assert [file.name for file in db.session.query(Attachment)] == ["bon.pdf"]
    assert "Pièce jointe non reprise : « virus.exe » n’est pas accepté" in said(thread)[-1]


def test_a_visitor_replies_from_the_address_they_gave(people: SimpleNamespace) -> None:
    thread = contact.send(Writer("Zoé Prat", "Zoe@ailleurs.example"), Subject.OTHER, "Bonjour")
    db.session.commit()
    assert receive(letter("Encore", sender="zoe@ailleurs.example", to=answered().reply_to)) is Outcome.JOINED
    assert thread.messages[-1].author_name == "Zoé Prat"


def test_a_reply_to_a_merged_thread_arrives_where_its_texts_went(
    people: SimpleNamespace, thread: Thread
) -> None:
    to, other = answered().reply_to, cast.thread(people.karim)
    shelving.merge(thread, other, people.marie, thread.version)
    db.session.commit()
    assert receive(letter("Toujours là", to=to)) is Outcome.JOINED
    assert said(other)[-1] == "Toujours là"


def test_a_closed_thread_opens_again(people: SimpleNamespace, thread: Thread) -> None:
    service.close_thread(thread, people.marie, thread.version)
    db.session.commit()
    receive(letter(to=answered().reply_to))
    assert thread.state is ThreadState.OPEN


def test_a_reply_to_a_mail_about_an_order_opens_a_message_about_it(people: SimpleNamespace) -> None:
    sent = outbox.queue(
        "password_changed",
        KARIM,
        service=Service.SALES,
        account_id=people.grand_large.id,
        reference="CMD-2026-000001",
        user=people.karim,
    )
    db.session.commit()
    outcome = receive(letter("Une question", subject="Re: Commande", In_Reply_To=sent.message_id))
    assert outcome is Outcome.JOINED
    [thread] = db.session.query(Thread)
    assert (thread.about, thread.service, thread.opened_by_id) == (
        "CMD-2026-000001",
        Service.SALES,
        people.karim.id,
    )
    assert answered().recipient == KARIM


# once


def test_a_mail_is_taken_once(thread: Thread) -> None:
    octets = letter(to=answered().reply_to)
    assert [receive(octets), receive(octets)] == [Outcome.JOINED, Outcome.KNOWN]
    assert len(taken_in()) == 1


def test_a_mail_without_an_id_is_taken_once_too(thread: Thread) -> None:
    octets = f"From: {KARIM}\nTo: {answered().reply_to}\n\nOui".encode()
    assert [receive(octets), receive(octets)] == [Outcome.JOINED, Outcome.KNOWN]


def test_the_pipe_and_the_mailbox_at_once_take_it_once(app: Flask, thread: Thread) -> None:
    octets = letter("Une fois", to=answered().reply_to)
    db.session.commit()
    in_threads(app, lambda: receive(octets), count=3)
    db.session.expire_all()
    assert said(thread).count("Une fois") == 1


# quarantined


def test_a_number_in_the_subject_from_an_unknown_address_waits(thread: Thread) -> None:
    before = (said(thread), mails())
    octets = letter("Donnez-moi ses prix", sender="x@ailleurs.example", subject=f"Re: {thread.reference}")
    assert receive(octets) is Outcome.QUARANTINED
    mail = the_one()
    assert (mail.state, mail.reason, mail.thread_id) == (MailState.QUARANTINED, Reason.NO_THREAD, thread.id)
    assert (said(thread), mails()) == before


def test_a_number_in_the_subject_from_karim_himself_waits_too(thread: Thread) -> None:
    assert receive(letter(subject=thread.reference)) is Outcome.QUARANTINED


def test_a_signed_address_in_a_strangers_hands_waits(thread: Thread) -> None:
    assert receive(letter(sender="x@ailleurs.example", to=answered().reply_to)) is Outcome.QUARANTINED
    assert the_one().reason is Reason.UNKNOWN_SENDER


def test_another_shop_and_a_colleague_without_the_right_wait(people: SimpleNamespace, thread: Thread) -> None:
    for sender in ("paul@quais.example", "lucie@grandlarge.example", "marie@equipe.example"):
        assert receive(letter(sender=sender, to=answered().reply_to)) is Outcome.QUARANTINED
    assert len(said(thread)) == 2


def test_whoever_has_no_access_any_more_waits(people: SimpleNamespace, thread: Thread) -> None:
    people.karim.disabled_at = clock.now()
    db.session.commit()
    assert receive(letter(to=answered().reply_to)) is Outcome.QUARANTINED


@pytest.mark.parametrize("wrong", ["aaaaaaaaaaaaaaaa", "2222222222222222"])
def test_a_bad_signature_waits(thread: Thread, wrong: str) -> None:
    to = f"reponse+{thread.reference}.{wrong}@harmattan.example"
    assert receive(letter(to=to)) is Outcome.QUARANTINED
    assert the_one().reason is Reason.BAD_SIGNATURE


def test_a_signature_is_good_for_its_own_thread_alone(people: SimpleNamespace, thread: Thread) -> None:
    other = cast.thread(people.karim)
    to = answered().reply_to.replace(thread.reference, other.reference)
    assert receive(letter(to=to)) is Outcome.QUARANTINED
    assert len(said(other)) == 1


def test_mail_to_a_service_waits_for_that_service(people: SimpleNamespace) -> None:
    receive(letter(to="comptabilite@harmattan.example"))
    receive(letter(to="nulle-part@harmattan.example"))
    assert [mail.service for mail in taken_in()] == [Service.ACCOUNTING, Service.SALES]


def test_what_cannot_be_read_or_is_too_heavy_waits_with_its_beginning(thread: Thread) -> None:
    bomb = (
        b'From: a@x.example\nMessage-ID: <1@x>\nContent-Type: multipart/mixed; boundary="B"\n\n'
        + b"--B\n\nx\n" * 999
    )
    heavy = letter(to=answered().reply_to) + b"x" * rules.MOST_OCTETS
    assert [receive(bomb), receive(heavy)] == [Outcome.QUARANTINED] * 2
    assert [mail.reason for mail in taken_in()] == [Reason.UNREADABLE, Reason.TOO_HEAVY]
    assert [mail.octets for mail in taken_in()] == [None, None]
    assert "8 exemplaires" in taken_in()[1].text


# machines


def test_a_bounce_is_noted_on_the_mail_that_did_not_arrive(thread: Thread) -> None:
    sent = answered("message_answered")
    sent.state = WorkState.DONE
    db.session.commit()
    assert receive(report(sent.message_id)) is Outcome.NOTED
    assert sent.state is WorkState.FAILED
    assert "550 5.1.1 no such user" in str(sent.error)
    assert len(said(thread)) == 2


def test_a_delay_and_an_absence_are_remarked_and_nobody_is_answered(thread: Thread) -> None:
    sent = answered("message_answered")
    before = mails()
    receive(report(sent.message_id, "delayed", "smtp; 421 later"))
    assert "421 later" in sent.remark
    absence = letter("Absent jusqu’à lundi.", In_Reply_To=sent.message_id, Auto_Submitted="auto-replied")
    assert receive(absence) is Outcome.NOTED
    assert sent.remark == "Absent jusqu’à lundi."
    assert sent.state is not WorkState.FAILED
    assert (len(said(thread)), mails()) == (2, before)


def test_an_absence_at_the_signed_address_does_not_enter_the_thread(thread: Thread) -> None:
    octets = letter("Absent", to=answered().reply_to, Auto_Submitted="auto-replied")
    assert receive(octets) is Outcome.NOTED
    assert len(said(thread)) == 2


def test_a_report_about_nothing_of_ours_changes_nothing(thread: Thread) -> None:
    assert receive(report("<inconnu@harmattan.example>")) is Outcome.NOTED
    assert not [mail for mail in db.session.query(OutboxMessage) if mail.state is WorkState.FAILED]


def test_our_own_mail_that_comes_back_is_a_loop(thread: Thread) -> None:
    new = answered("message_new")
    octets = letter("Message", sender="commercial@harmattan.example", Message_ID=new.message_id)
    before = mails()
    assert receive(octets) is Outcome.NOTED
    assert (len(said(thread)), mails()) == (2, before)


# floods


def test_a_flood_from_one_address_is_taken_later(thread: Thread) -> None:
    to = answered().reply_to
    for _ in range(rules.FROM_ONE_ADDRESS):
        receive(letter(to=to))
    with pytest.raises(throttle.TooMany):
        receive(late := letter("Le dernier", to=to))
    assert len(said(thread)) == 2 + rules.FROM_ONE_ADDRESS
    clock.start_at(clock.now() + dt.timedelta(hours=1))
    assert receive(late) is Outcome.JOINED


def test_a_flood_from_strangers_is_bounded(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "FROM_STRANGERS", 5)
    for number in range(5):
        receive(letter(sender=f"s{number}@x.example"))
    with pytest.raises(throttle.TooMany):
        receive(letter(sender="s99@x.example"))
    assert len(taken_in()) == 5


# header injection


def test_nothing_hostile_in_a_header_reaches_the_thread_or_a_mail(
    people: SimpleNamespace, thread: Thread
) -> None:
    octets = (
        f"From: =?utf-8?q?Karim=0D=0ABcc=3A_tous=40x=2Eexample?= <{KARIM}>\r\n"
        f"To: {answered().reply_to}\r\nMessage-ID: <9@x.example>\r\n"
        "Subject: =?utf-8?q?Oui=0D=0ABcc=3A_tous=40x=2Eexample?=\r\n\r\nBonjour"
    ).encode()
    assert receive(octets) is Outcome.JOINED
    assert thread.messages[-1].author_name == "Karim Benali"
    mail = the_one()
    assert all(text.isprintable() for text in (mail.sender, mail.sender_name, mail.subject))
