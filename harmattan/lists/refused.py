"""Order files that were refused, kept as they came: a service can look at what a shop's software wrote.

The shop corrects its file and sends it as a new one. What is too heavy or no text is named and not kept.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from harmattan.access.models import User
from harmattan.conversations.attachments import clean_name
from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.lists.files import MAXIMUM_BYTES, TEXTS
from harmattan.lists.models import RefusedFile

KEPT_FOR = dt.timedelta(days=30)
MOST_OF_ACCOUNT = 20
"""An account's oldest make room for its latest."""
MOST_SHOWN = 100


class Upload(NamedTuple):
    """A file as it came in; `content` is all of it unless it is too heavy."""

    name: str
    octets: int
    content: bytes
    sent: FileStorage

    @classmethod
    def of(cls, sent: FileStorage) -> "Upload":
        content = sent.read(MAXIMUM_BYTES + 1)
        octets = sent.seek(0, 2) or sent.tell()
        return cls(clean_name(sent.filename or ""), octets, content, sent)

    @property
    def sha256(self) -> str:
        """Of all of it; reads it once more."""
        self.sent.seek(0)
        return hashlib.file_digest(self.sent.stream, "sha256").hexdigest()  # type: ignore[arg-type]

    @property
    def may_be_kept(self) -> bool:
        """Whether its bytes are not too many; workbooks are no trade format, and may hold anything."""
        return self.octets <= MAXIMUM_BYTES and PurePath(self.name).suffix.lower() in TEXTS


def keep(file: Upload, reason: str, by: User) -> None:
    """Keep a refused file of the shop's, once however often it is sent; its latest reason counts."""
    latest = {"reason": reason[:500], "sent_by_id": by.id, "refused_at": clock.now()}
    kept = database.insert(RefusedFile).values(
        account_id=by.account_id,
        name=file.name,
        octets=file.octets,
        sha256=file.sha256,
        is_kept=file.may_be_kept,
        content=file.content if file.may_be_kept else None,
        times=1,
        **latest,
    )
    again = latest | {"times": RefusedFile.times + 1}
    db.session.execute(kept.on_conflict_do_update(index_elements=["account_id", "sha256"], set_=again))
    _make_room(by.account_id)


def latest() -> Sequence[RefusedFile]:
    """What was refused last, of all shops."""
    rows = sa.select(RefusedFile).order_by(RefusedFile.refused_at.desc(), RefusedFile.id.desc())
    who = (joinedload(RefusedFile.account), joinedload(RefusedFile.sent_by))
    return db.session.scalars(rows.options(*who).limit(MOST_SHOWN)).all()


def _make_room(account_id: int | None) -> None:
    its = RefusedFile.account_id == account_id
    latest_first = (RefusedFile.refused_at.desc(), RefusedFile.id.desc())
    stay = sa.select(RefusedFile.id).where(its).order_by(*latest_first).limit(MOST_OF_ACCOUNT)
    database.changed_rows(sa.delete(RefusedFile).where(its, RefusedFile.id.not_in(stay)))


def forget_old() -> None:
    """Drop what was refused long ago."""
    old = RefusedFile.refused_at < clock.now() - KEPT_FOR
    db.session.execute(sa.delete(RefusedFile).where(old))
