"""The whole way: out through a real mail server, the reply in through the pipe, into its thread (J14)."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import Result
from flask import Flask

from harmattan.conversations import service as conversations
from harmattan.conversations.models import Message
from harmattan.core.extensions import db
from harmattan.mails import rules
from harmattan.outbox import service as outbox
from tests import cast
from tests.mails.letters import letter, taken_in
from tests.outbox.test_delivery import free_port


class Post:
    """A mail server that keeps what it is handed."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-Envelope-From"] = envelope.mail_from
        self.received.append(message)
        return "250 OK"


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["MAIL_SERVER"] = "127.0.0.1"
    state = app.extensions["mail"]
    state.server, state.port = "127.0.0.1", controller.port
    yield handler
    controller.stop()


def pipe(app: Flask, octets: bytes) -> Result:
    return app.test_cli_runner().invoke(args=["mail", "receive"], input=octets)


def test_an_answer_goes_out_and_the_reply_comes_back_into_its_thread(
    app: Flask, post: Post, people: SimpleNamespace
) -> None:
    thread = cast.thread(people.karim, body="Une surremise ?")
    conversations.answer(thread, people.marie, "Pour combien d’exemplaires ?", 1)
    db.session.commit()
    while outbox.send_due():
        pass
    got = next(mail for mail in post.received if mail["To"] == people.karim.email)
    assert got["From"] == '"Éditions L’Harmattan, service commercial" <commercial@harmattan.example>'
    assert got["X-Envelope-From"] == "espace-libraires@harmattan.example"
    quoted = "\n".join(f"> {line}" for line in got.get_body(["plain"]).get_content().splitlines())
    reply = letter(
        f"Pour 80.\n\nLe lun. 23 nov. 2026, {got['From'].addresses[0].addr_spec} a écrit :\n{quoted}",
        to=str(got["Reply-To"]),
        subject=f"Re: {got['Subject']}",
        In_Reply_To=str(got["Message-ID"]),
    )
    assert pipe(app, reply).exit_code == 0
    assert pipe(app, reply).exit_code == 0
    db.session.expire_all()
    assert [message.body for message in db.session.query(Message)] == [
        *("Une surremise ?", "Pour combien d’exemplaires ?", "Pour 80."),
    ]


def test_the_pipe_tells_the_mail_server_what_to_do(app: Flask, people: SimpleNamespace) -> None:
    assert pipe(app, letter(sender="x@ailleurs.example")).exit_code == 0
    assert pipe(app, b"").exit_code == 0
    assert pipe(app, letter() + b"x" * rules.MOST_OCTETS).exit_code == 65
    for _ in range(20):
        last = pipe(app, letter(sender="flot@ailleurs.example"))
    assert last.exit_code == 0
    assert pipe(app, letter(sender="flot@ailleurs.example")).exit_code == 75
    assert len(taken_in()) == 23
