"""Mail goes out once, survives every mood of the mail server, and blocks nobody (R107; reliability F3–F8)."""

import contextlib
import datetime as dt
import email
import email.policy
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from harmattan.core import clock, jobs, registry
from harmattan.core.extensions import db
from harmattan.core.jobs import WorkState
from harmattan.core.services import Service
from harmattan.outbox import commands, service
from harmattan.outbox.attachments import Attached, FileContent
from harmattan.outbox.models import OutboxMessage
from tests.core.test_database import in_threads

SUBJECT_FIRST = (
    "{{ subject }}\n\nBonjour,\n\nVoyez https://libraires.example/commandes?a=1&b=2.\n{{ text }}\n"
)


@pytest.fixture(autouse=True)
def a_kind_of_mail(app: Flask) -> None:
    ours = DictLoader({"mail/trial.txt": SUBJECT_FIRST})
    app.jinja_env.loader = ChoiceLoader([ours, app.jinja_env.loader])


def queue(
    to: str = "contact@grandlarge.example", subject: str = "Commande enregistrée", **more: Any
) -> OutboxMessage:
    facts: dict[str, Any] = {"service": Service.SALES, "text": "À bientôt"} | more
    message = service.queue("trial", to, subject=subject, **facts)
    db.session.commit()
    return message


def later(minutes: float) -> None:
    clock.start_at(clock.now() + dt.timedelta(minutes=minutes))


def written(app: Flask) -> list[EmailMessage]:
    files = sorted(Path(app.instance_path, "mail").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


# files


def test_without_a_server_each_message_is_one_file(app: Flask) -> None:
    message = queue()
    assert service.send_due() == 1
    assert message.state is WorkState.DONE
    assert message.sent_at is not None
    [mail] = written(app)
    assert mail["To"] == "contact@grandlarge.example"
    assert mail["Subject"] == "Commande enregistrée"
    assert mail["From"] == '"Éditions L’Harmattan, service commercial" <commercial@harmattan.example>'
    assert mail["Reply-To"] == "commercial@harmattan.example"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["Date"].datetime.utcoffset() == dt.timedelta(hours=1)


def test_a_mail_is_complete_as_text_and_says_the_same_in_html(app: Flask) -> None:
    queue(text="<b>Prix & remise</b>")
    service.send_due()
    [mail] = written(app)
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "<b>Prix & remise</b>" in text
    assert "&lt;b&gt;Prix &amp; remise&lt;/b&gt;" in html
    assert '<a href="https://libraires.example/commandes?a=1&amp;b=2">' in html
    assert 'lang="fr"' in html
    assert "<img" not in html


def test_a_file_that_goes_along_is_read_when_the_mail_is_sent(app: Flask) -> None:
    kept = {"FA-1": FileContent("application/pdf", b"%PDF-1.7 invoice")}
    registry.provide(app, "trial.file", kept.get)
    queue(attached=[Attached("trial.file", "FA-1", "facture-FA-1.pdf")])
    service.send_due()
    [mail] = written(app)
    [file] = mail.iter_attachments()
    assert file.get_filename() == "facture-FA-1.pdf"
    assert (file.get_content_type(), file.get_content()) == ("application/pdf", b"%PDF-1.7 invoice")
    assert mail.get_body(["plain"]).get_content().startswith("Bonjour")


def test_a_mail_whose_file_is_gone_fails_and_the_next_goes(app: Flask) -> None:
    registry.provide(app, "trial.file", {}.get)
    bad, good = queue(attached=[Attached("trial.file", "FA-2", "facture.pdf")]), queue("apres@x.example")
    service.send_due()
    assert (bad.state, good.state) == (WorkState.FAILED, WorkState.DONE)
    assert "FA-2" in bad.error


def test_a_second_round_sends_nothing_again(app: Flask) -> None:
    queue()
    assert [service.send_due(), service.send_due()] == [1, 0]
    assert len(written(app)) == 1


def test_a_message_of_a_transaction_that_fails_is_never_sent(app: Flask) -> None:
    service.queue("trial", "a@b.example", service=Service.SALES, subject="x", text="")
    db.session.rollback()
    assert service.send_due() == 0


@pytest.mark.parametrize("separator", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\x00"])
@pytest.mark.parametrize("place", ["to", "subject", "reply_to"])
def test_no_header_can_be_added(app: Flask, separator: str, place: str) -> None:
    value = "victime@x.example" if place != "subject" else "Bonjour"
    message = queue(**{place: f"{value}{separator}Bcc: mechant@x.example"})
    service.send_due()
    for mail in written(app):
        assert mail["Bcc"] is None
        assert len(mail.get_all("To")) == 1
    assert separator not in message.subject + message.recipient + message.reply_to


@pytest.mark.parametrize("field_name", ["recipient", "subject", "message_id", "reply_to"])
@pytest.mark.parametrize(
    "poison", ["x\u2028y", "x\x00y", "x\r\nBcc: y@x.example", "pas une adresse @ @", "\ud800"]
)
def test_a_poison_message_stops_nobody_behind_it(app: Flask, field_name: str, poison: str) -> None:
    bad = queue()
    with contextlib.suppress(UnicodeEncodeError):  # a lone surrogate never even enters the database
        setattr(bad, field_name, poison)
        db.session.commit()
    db.session.rollback()
    good = queue("apres@x.example")
    service.send_due()
    assert good.state is WorkState.DONE
    assert "apres@x.example" in [mail["To"] for mail in written(app)]
    assert bad.state in (WorkState.DONE, WorkState.FAILED)


# a mail server


@dataclass
class Moody:
    """A mail server that answers DATA with the codes it is given, then 250."""

    codes: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    received: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.codes:
            return self.codes.pop(0)
        self.received.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def send_to(app: Flask) -> Callable[[int], None]:
    """Let the application send to this port of ours."""

    def use(port: int) -> None:
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_TIMEOUT=0.3)
        state = app.extensions["mail"]
        state.server, state.port = "127.0.0.1", port

    return use


@pytest.fixture
def server(send_to: Callable[[int], None]) -> Iterator[Moody]:
    moody = Moody()
    controller = Controller(moody, hostname="127.0.0.1", port=free_port())
    controller.start()
    send_to(controller.port)
    yield moody
    controller.stop()


def test_a_message_arrives_as_it_was_written(server: Moody) -> None:
    message = queue(text="Ça va, l’été ?")
    service.send_due()
    [mail] = server.received
    assert mail["Message-ID"] == message.message_id
    assert "Ça va, l’été ?" in mail.get_body(["plain"]).get_content()


def test_a_temporary_refusal_is_tried_again_under_the_same_id(server: Moody) -> None:
    server.codes = ["451 plus tard"]
    message = queue()
    service.send_due()
    assert (message.state, message.sent_at) == (WorkState.WAITING, None)
    assert "451" in message.error
    assert service.send_due() == 0
    later(minutes=1.1)
    service.send_due()
    assert message.state is WorkState.DONE
    assert [mail["Message-ID"] for mail in server.received] == [message.message_id]


def test_a_lasting_refusal_fails_at_once_and_the_next_message_goes(server: Moody) -> None:
    server.refused = {"parti@x.example": "550 inconnu"}
    bad, good = queue("parti@x.example"), queue("present@x.example")
    service.send_due()
    assert (bad.state, good.state) == (WorkState.FAILED, WorkState.DONE)
    assert "550" in bad.error
    later(minutes=60 * 48)
    assert service.send_due() == 0


def test_a_recipient_refused_for_now_is_tried_again(server: Moody) -> None:
    server.refused = {"plein@x.example": "452 pleine"}
    message = queue("plein@x.example")
    service.send_due()
    assert message.state is WorkState.WAITING


def test_nobody_listening_means_later(send_to: Callable[[int], None]) -> None:
    send_to(free_port())
    message = queue()
    service.send_due()
    assert message.state is WorkState.WAITING
    assert "Refused" in message.error


def test_a_silent_server_is_given_up_after_the_time_out(send_to: Callable[[int], None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        send_to(silent.getsockname()[1])
        message = queue()
        service.send_due()
    assert message.state is WorkState.WAITING
    assert "timed out" in message.error


def forged_certificate(folder: Path) -> ssl.SSLContext:
    """A server that says it is ours, and that nobody vouches for."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
    file = folder / "forged.pem"
    file.write_bytes(
        built.sign(key, SHA256()).public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


def test_a_mail_server_with_a_forged_certificate_gets_nothing(
    app: Flask, tmp_path: Path, send_to: Callable[[int], None]
) -> None:
    """ASVS 12.3.2."""
    moody, context = Moody(), forged_certificate(tmp_path)
    controller = Controller(moody, hostname="127.0.0.1", port=free_port(), tls_context=context)
    controller.start()
    send_to(controller.port)
    app.config["MAIL_TIMEOUT"] = 5
    app.extensions["mail"].use_tls = True
    message = queue()
    service.send_due()
    controller.stop()
    assert (message.state, moody.received) == (WorkState.WAITING, [])
    assert "CERTIFICATE_VERIFY_FAILED" in message.error


def test_no_transaction_is_open_while_the_server_thinks(app: Flask, server: Moody) -> None:
    """Other writers go on while a message is under way."""
    seen: list[bool] = []

    original = Moody.handle_DATA

    async def watch(self: Moody, *args: Any) -> str:
        with app.app_context():
            seen.append(writes_at_once())
        return await original(self, *args)

    server.handle_DATA = watch.__get__(server)  # type: ignore[method-assign]
    queue()
    service.send_due()
    assert seen == [True]


def writes_at_once() -> bool:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        connection.exec_driver_sql("DELETE FROM drafts")
        connection.commit()
        connection.exec_driver_sql("PRAGMA busy_timeout = 5000")
    return True


def test_several_workers_send_each_message_once(app: Flask, server: Moody) -> None:
    app.config["MAIL_TIMEOUT"] = 5
    for number in range(24):
        queue(f"libraire{number}@x.example")

    def work() -> None:
        while service.send_due():
            pass

    in_threads(app, work, count=3)
    assert sorted(mail["To"] for mail in server.received) == sorted(
        f"libraire{n}@x.example" for n in range(24)
    )


def test_a_worker_that_died_while_sending_is_replaced_under_the_same_id(server: Moody) -> None:
    message = queue()
    jobs.claim(OutboxMessage)
    assert service.send_due() == 0
    later(minutes=2.1)
    service.send_due()
    db.session.refresh(message)
    assert message.state is WorkState.DONE
    assert [mail["Message-ID"] for mail in server.received] == [message.message_id]


def test_a_secret_is_not_sent_twice_where_a_worker_died_over_it(server: Moody) -> None:
    """Whoever asked for a password asks again: a second copy may reach another (F2)."""
    message = queue(text="ABCD-EFGH", is_secret=True)
    jobs.claim(OutboxMessage)
    later(minutes=2.1)
    service.send_due()
    db.session.refresh(message)
    assert (message.state, message.body, server.received) == (WorkState.FAILED, "", [])


class CutsAfterData(Moody):
    """Keeps every mail, and cuts the line before it says so the first times."""

    cuts = 1

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.received) <= self.cuts:
            server.transport.close()
        return answer


def test_a_secret_that_may_have_been_kept_is_not_sent_again(send_to: Callable[[int], None]) -> None:
    """As where a worker died over it (F2)."""
    moody = CutsAfterData()
    with served(moody, send_to):
        message = queue(text="ABCD-EFGH", is_secret=True)
        service.send_due()
    db.session.refresh(message)
    assert (message.state, message.body, len(moody.received)) == (WorkState.FAILED, "", 1)


class CutsAtTheEnd(Moody):
    """Says that it keeps the mail, and cuts the line where the sender takes its leave."""

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:
        server.transport.close()
        return ""


@contextlib.contextmanager
def served(moody: Moody, send_to: Callable[[int], None]) -> Iterator[None]:
    controller = Controller(moody, hostname="127.0.0.1", port=free_port())
    controller.start()
    send_to(controller.port)
    yield
    controller.stop()


def test_a_mail_that_was_kept_without_a_word_goes_out_again_an_hour_later_under_the_same_id(
    send_to: Callable[[int], None],
) -> None:
    """Two copies that mail programs know for one are better than none; in the first hour no more (F6)."""
    moody = CutsAfterData()
    moody.cuts = 2
    with served(moody, send_to):
        message = queue()
        for minutes in (0, 1.1, 5, 30, 23):
            later(minutes=minutes)
            service.send_due()
        assert (message.state, len(moody.received)) == (WorkState.WAITING, 1)
        for minutes in (1, 59):
            later(minutes=minutes)
            service.send_due()
        assert (message.state, len(moody.received)) == (WorkState.WAITING, 2)
        later(minutes=2)
        service.send_due()
    assert message.state is WorkState.DONE
    assert [mail["Message-ID"] for mail in moody.received] == [message.message_id] * 3


def test_a_mail_that_was_taken_is_sent_though_the_line_breaks_after_it(
    send_to: Callable[[int], None],
) -> None:
    moody = CutsAtTheEnd()
    with served(moody, send_to):
        message = queue()
        service.send_due()
    assert (message.state, len(moody.received)) == (WorkState.DONE, 1)


# the command


def test_the_worker_command_does_what_is_due_and_stops(app: Flask) -> None:
    done: list[dict[str, Any]] = []
    jobs.handle(app, "trial", done.append)
    queue()
    jobs.enqueue("trial", {"n": 1})
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    assert len(written(app)) == 1
    assert done == [{"n": 1}]


@pytest.mark.parametrize("duty", ["work", "tidy", "look"])
def test_what_fails_stops_neither_the_worker_nor_what_comes_after_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, duty: str
) -> None:
    """A database that was locked, full or away for a while (F9, F10, F12)."""
    faults, real = iter([sa.exc.OperationalError("BEGIN IMMEDIATE", {}, Exception("locked"))]), commands.work
    rounds = []

    def failing_once() -> int:
        for fault in faults:
            raise fault
        return real() if duty == "work" else 0

    def stop_after_two(_seconds: float) -> None:
        rounds.append(_seconds)
        if len(rounds) == 2:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(commands, duty, failing_once)
    monkeypatch.setattr(commands.time, "sleep", stop_after_two)
    queue()
    with contextlib.suppress(SystemExit):
        commands.worker(once=False)
    assert len(written(app)) == 1
    assert next(faults, None) is None


def test_a_single_round_that_fails_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "work", lambda: 1 / 0)
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 1


def test_a_round_with_nothing_to_do_says_so(app: Flask) -> None:
    assert commands.work() == 0


def test_failed_messages_can_be_listed_with_their_reason(server: Moody) -> None:
    server.refused = {"parti@x.example": "550 inconnu"}
    queue("parti@x.example")
    service.send_due()
    failed = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.state == WorkState.FAILED)).one()
    assert "inconnu" in failed.error
