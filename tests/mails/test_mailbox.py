"""The mailbox that the worker looks into: a small IMAP server of our own on the other side."""

import re
import socketserver
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.conversations import service as conversations
from harmattan.conversations.models import Message
from harmattan.core.extensions import db
from harmattan.mails import mailbox, receiving
from harmattan.outbox import commands
from tests import cast
from tests.mails.letters import answered, letter, taken_in


class Imap(socketserver.StreamRequestHandler):
    """As much of RFC 3501 as a look into a mailbox takes."""

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode().rstrip():
            tag, command, *rest = line.split(" ", 2)
            getattr(self, f"do_{command.lower()}")(tag, rest[0] if rest else "")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def do_capability(self, tag: str, _rest: str) -> None:
        self.say("* CAPABILITY IMAP4rev1")
        self.say(f"{tag} OK done")

    def do_login(self, tag: str, rest: str) -> None:
        self.say(f"{tag} {'OK' if rest == self.server.login else 'NO'} done")  # type: ignore[attr-defined]

    def do_select(self, tag: str, _rest: str) -> None:
        self.say(f"* {len(self.server.mails)} EXISTS")  # type: ignore[attr-defined]
        self.say(f"{tag} OK [READ-WRITE] done")

    def do_uid(self, tag: str, rest: str) -> None:
        mails, seen = self.server.mails, self.server.seen  # type: ignore[attr-defined]
        uid = next(iter(re.findall(r"\d+", rest)), "")
        if rest.startswith("SEARCH"):
            self.say("* SEARCH " + " ".join(str(number) for number in mails if number not in seen))
        elif rest.startswith("FETCH"):
            octets = mails[int(uid)]
            self.wfile.write(
                b"* 1 FETCH (UID %s BODY[] {%d}\r\n%b)\r\n" % (uid.encode(), len(octets), octets)
            )
        else:
            seen.append(int(uid))
        self.say(f"{tag} OK done")

    def do_close(self, tag: str, _rest: str) -> None:
        self.say(f"{tag} OK done")

    do_logout = do_close


@pytest.fixture
def server(app: Flask) -> Iterator[SimpleNamespace]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap) as running:
        running.daemon_threads = True
        state = SimpleNamespace(login='reponse "secret"', mails={}, seen=[])
        vars(running).update(vars(state))
        threading.Thread(target=running.serve_forever, daemon=True).start()
        app.config.update(
            IMAP_SERVER="127.0.0.1",
            IMAP_PORT=running.server_address[1],
            IMAP_USE_SSL=False,
            IMAP_USERNAME="reponse",
            IMAP_PASSWORD="secret",
        )
        yield state
        running.shutdown()


@pytest.fixture
def to(people: SimpleNamespace) -> str:
    thread = cast.thread(people.karim)
    conversations.acknowledge(thread)
    db.session.commit()
    return answered().reply_to


def test_unread_mail_is_taken_and_marked_read(server: SimpleNamespace, to: str) -> None:
    server.mails |= {3: letter("Par la boîte", to=to), 7: letter("Et encore", to=to)}
    assert mailbox.poll() == 2
    assert server.seen == [3, 7]
    assert [message.body for message in db.session.query(Message)][-2:] == ["Par la boîte", "Et encore"]
    assert mailbox.poll() == 0


def test_the_worker_looks(server: SimpleNamespace, to: str) -> None:
    server.mails[1] = letter(to=to)
    commands.look()
    assert server.seen == [1]


def test_one_bad_mail_stays_unread_and_the_next_is_taken(
    server: SimpleNamespace, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.mails |= {1: letter("mauvais", to=to), 2: letter("bon", to=to)}
    take = receiving.receive

    def faulty(octets: bytes) -> receiving.Outcome:
        if b"mauvais" in octets:
            raise RuntimeError
        return take(octets)

    monkeypatch.setattr(receiving, "receive", faulty)
    assert mailbox.poll() == 1
    assert server.seen == [2]


def test_what_comes_too_fast_stays_unread(server: SimpleNamespace, to: str) -> None:
    server.mails |= {number: letter(str(number), to=to) for number in range(1, 24)}
    assert mailbox.poll() == 20
    assert len(server.seen) == 20
    assert len(taken_in()) == 20


@pytest.mark.parametrize("fault", ["password", "nobody", "none"])
def test_a_mailbox_that_does_not_answer_stops_nothing(
    app: Flask, server: SimpleNamespace, fault: str
) -> None:
    changes = {"password": {"IMAP_PASSWORD": "faux"}, "nobody": {"IMAP_PORT": 1}, "none": {"IMAP_SERVER": ""}}
    app.config.update(changes[fault])
    assert mailbox.poll() == 0
