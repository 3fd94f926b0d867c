"""The bank's statement: kept, each line booked once, set aside, or taken up again (R82; domain.md §9)."""

import hashlib
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.banking import reading, suggesting
from harmattan.banking.models import BankFile, BankLine
from harmattan.banking.reading import UnreadableStatement
from harmattan.banking.rules import Entry, LineState, Verdict, fingerprints
from harmattan.banking.suggesting import Suggestion
from harmattan.billing import allocation, matching
from harmattan.billing.models import Means, Payment
from harmattan.core import audit, clock, database, numbering
from harmattan.core.errors import Refusal
from harmattan.core.extensions import db
from harmattan.core.typography import moment
from harmattan.lists import files
from harmattan.lists.rules import UnreadableList
from harmattan.payments import service as payments

SERIES = "BQ"
SUFFIXES = (".csv", ".txt")


class AlreadyReceived(Refusal):
    """The very same file was sent before."""

    title = "Ce relevé a déjà été envoyé"

    def __init__(self, earlier: BankFile):
        super().__init__(
            f"Ce fichier a été envoyé le {moment(earlier.received_at)} par {earlier.received_by} : rien n’a"
            " été ajouté."
        )
        self.earlier = earlier


class AlreadyDecided(Refusal):
    """Somebody has just booked this line, or set it aside."""

    title = "Cette ligne est déjà traitée"


class ProposalChanged(Refusal):
    """Something was settled meanwhile: something else would be booked than what was seen."""

    title = "La proposition a changé entre-temps"


class UnknownAccount(Refusal):
    """A line cannot be booked before its account is known."""

    title = "Le compte de cette ligne n’est pas connu"


def read(name: str, data: bytes) -> list[Entry]:
    """The movements of a file as it was sent; writes nothing. Raises `UnreadableStatement`."""
    if not name.lower().endswith(SUFFIXES):
        raise UnreadableStatement("Envoyez le relevé au format CSV")
    if len(data) > files.MAXIMUM_BYTES:
        raise UnreadableStatement("Envoyez un fichier de 5 Mo au plus, ou le relevé en plusieurs fichiers")
    try:
        return reading.read(files.text_of(data), clock.today())
    except UnreadableList as fault:
        raise UnreadableStatement(
            "Ce fichier n’est pas du texte : envoyez le relevé au format CSV"
        ) from fault


def keep(name: str, data: bytes, entries: Sequence[Entry], by: User) -> BankFile:
    """Keep a statement that was read, and those of its lines that no earlier one brought.

    Raises `AlreadyReceived` for the same octets. Books nothing.
    """
    days = [entry.booked_on for entry in entries]
    sha256 = hashlib.sha256(data).hexdigest()
    row = database.insert(BankFile).values(
        reference=numbering.next_reference(SERIES, clock.today()),
        name=name[:120],
        sha256=sha256,
        received_by=by.name,
        first_on=min(days),
        last_on=max(days),
        line_count=len(entries),
    )
    is_new = row.on_conflict_do_nothing(index_elements=["sha256"]).returning(BankFile.id)
    file_id = db.session.scalar(is_new)
    if file_id is None:
        raise AlreadyReceived(db.session.scalars(sa.select(BankFile).filter_by(sha256=sha256)).one())
    found = db.session.get_one(BankFile, file_id)
    found.known_count = len(entries) - _keep_lines(found, entries)
    audit.record("banking.receive", found.reference, actor=by.name)
    return found


def _keep_lines(file: BankFile, entries: Sequence[Entry]) -> int:
    """How many of them are new."""
    rows = [
        {
            "file_id": file.id,
            "number": entry.number,
            "fingerprint": fingerprint,
            "booked_on": entry.booked_on,
            "label": entry.label,
            "reference": entry.reference,
            "amount_cents": entry.amount_cents,
            "state": LineState.WAITING if entry.amount_cents > 0 else LineState.DEBIT,
        }
        for entry, fingerprint in fingerprints(entries)
    ]
    new = database.insert(BankLine).on_conflict_do_nothing(index_elements=["fingerprint"])
    return len(db.session.scalars(new.returning(BankLine.id), rows).all())


def confirm(line: BankLine, by: User, seen: str) -> Payment:
    """Book a line exactly as it was proposed, and close the announced payment that it pays.

    Raises `ProposalChanged`, `UnknownAccount`, `AlreadyDecided`.
    """
    suggestion = suggesting.suggested([line])[line.id]
    if line.state is LineState.WAITING and suggestion.mark != seen:
        raise ProposalChanged("Relisez ce qui est proposé maintenant, puis décidez.")
    return _book(line, suggestion, by)


def confirm_sure(file: BankFile, by: User, seen: Mapping[int, str]) -> int:
    """Book the lines that are sure and still as they were seen (by key); how many that were."""
    waiting = sa.select(BankLine).where(BankLine.file_id == file.id, BankLine.state == LineState.WAITING)
    booked = 0
    for line in db.session.scalars(waiting.where(BankLine.id.in_(seen)).order_by(BankLine.id)).all():
        suggestion = suggesting.suggested([line])[line.id]
        if suggestion.verdict is Verdict.SURE and suggestion.mark == seen[line.id]:
            _book(line, suggestion, by)
            booked += 1
    return booked


def _book(line: BankLine, suggestion: Suggestion, by: User) -> Payment:
    account, order = suggestion.account, suggestion.order
    _decide(line, LineState.BOOKED, by)
    if account is None:
        raise UnknownAccount("Choisissez d’abord le compte de cette ligne.")
    if order:
        payment = payments.receive(order, line.amount_cents, by.name, received_on=line.booked_on)
    else:
        payment = allocation.record_payment(
            account,
            line.amount_cents,
            received_on=line.booked_on,
            means=Means.TRANSFER,
            actor=by.name,
            label=line.said[:140],
        )
        matching.apply(payment, suggestion.proposal.parts if suggestion.proposal else (), by.name)
    line.payment_id, line.account_id = payment.id, account.id
    audit.record("banking.book", payment.reference, actor=by.name, account_id=account.id)
    return payment


def choose(line: BankLine, account: Account, by: User) -> None:
    """Say whose money a line is; what it settles is proposed anew. Raises `AlreadyDecided`."""
    _change(line, LineState.WAITING, {"account_id": account.id}, by)


def set_aside(line: BankLine, reason: str, by: User) -> None:
    """A line that is no payment of a bookshop's. Raises `AlreadyDecided`."""
    _decide(line, LineState.SET_ASIDE, by, reason=reason)
    audit.record("banking.set_aside", line.file.reference, actor=by.name, line=str(line.number))


def take_back(line: BankLine, by: User) -> None:
    """A line that was set aside waits again. Raises `AlreadyDecided`."""
    _change(line, LineState.SET_ASIDE, {"state": LineState.WAITING, "reason": ""}, by)
    audit.record("banking.take_back", line.file.reference, actor=by.name, line=str(line.number))


def _decide(line: BankLine, state: LineState, by: User, reason: str = "") -> None:
    _change(line, LineState.WAITING, {"state": state, "reason": reason}, by)


def _change(line: BankLine, expected: LineState, values: Mapping[str, object], by: User) -> None:
    """Change a line that is in this state in the database now: of two at once one is refused."""
    done = {"decided_by": by.name, "decided_at": clock.now()}
    its = sa.update(BankLine).where(BankLine.id == line.id, BankLine.state == expected)
    changed = database.changed_rows(its.values(**values, **done))
    db.session.refresh(line)
    if not changed:
        raise AlreadyDecided(
            f"Ligne {line.number} : {line.state.label.lower()}, par {line.decided_by or 'le portail'}."
        )
