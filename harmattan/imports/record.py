"""What one ONIX record says about one title, block by block, or why it cannot be taken (domain.md §2).

A block that the record does not carry is absent: a block update (notification 04) leaves it as it is.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from harmattan.imports import description, rules, supply, values
from harmattan.imports.onix import Header, Node
from harmattan.imports.plain_text import one_line
from harmattan.imports.supply import ComingPrice

Columns = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A record that can be taken."""

    position: int
    reference: str
    notification: str
    isbn: str
    """« » where a deletion or a block update gives none."""
    columns: Columns = field(default_factory=dict)
    """Columns of `titles`, of the blocks present."""
    relations: tuple[tuple[str, str], ...] | None = None
    """(relation, ISBN) of related products; None where the block is absent."""
    coming: tuple[ComingPrice, ...] | None = None
    """Prices announced for later; None where block 6 is absent."""
    warnings: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether it says enough to make a title."""
        return bool(self.isbn and "title" in self.columns and "availability" in self.columns)


@dataclass(frozen=True)
class Rejection:
    """A record that cannot be taken, and why."""

    position: int
    reference: str
    isbn: str
    reason: str


class Unusable(ValueError):
    """The record lacks what a title must have; the message says what."""


def read(node: Node, position: int, header: Header, today: dt.date) -> Record | Rejection:
    """The record as columns, or its rejection; never raises."""
    reference = one_line(node.value("RecordReference"), 100)
    found = ""
    try:
        if not reference:
            raise Unusable("référence de notice absente (RecordReference)")
        notification = node.value("NotificationType")
        found = _isbn(node, needed=notification in rules.FULL_RECORD)
        return _record(node, Record(position, reference, notification, found), header, today)
    except ValueError as fault:
        return Rejection(position, reference, found, one_line(str(fault), 300))


def _record(node: Node, start: Record, header: Header, today: dt.date) -> Record:
    if start.notification == rules.DELETION or start.notification in rules.TEST_RECORD:
        return start
    if start.notification not in rules.FULL_RECORD | {rules.BLOCK_UPDATE}:
        raise Unusable(f"type de notification inconnu : « {start.notification[:10]} »")
    warnings: list[str] = []
    full = start.notification in rules.FULL_RECORD
    columns: Columns = {}
    if full or node.first("DescriptiveDetail"):
        columns |= description.described(node.first("DescriptiveDetail") or Node(), header, warnings)
    if full or node.first("CollateralDetail"):
        columns |= description.told(node.first("CollateralDetail") or Node())
    if full or node.first("PublishingDetail"):
        columns |= description.published(node.first("PublishingDetail") or Node(), warnings)
    coming = None
    if full or node.first("ProductSupply"):
        supplied = supply.supplied(node.all("ProductSupply"), header, today, warnings)
        columns |= supplied.columns
        coming = supplied.coming
    return Record(
        start.position,
        start.reference,
        start.notification,
        start.isbn,
        columns,
        _relations(node) if full or node.first("RelatedMaterial") else None,
        coming,
        tuple(warnings),
    )


def _isbn(node: Node, needed: bool) -> str:
    """ISBN-13 first, then GTIN-13, then ISBN-10."""
    numbers = {each.value("ProductIDType"): each.value("IDValue") for each in node.all("ProductIdentifier")}
    fault = Unusable("ni ISBN ni GTIN dans la notice") if needed else None
    for kind in ("15", "03", "02"):
        if kind in numbers:
            try:
                return values.product_number(kind, numbers[kind])
            except ValueError:
                fault = Unusable(f"ISBN ou GTIN faux : « {numbers[kind][:20]} »")
    if fault is not None:
        raise fault
    return ""


def _relations(node: Node) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for material in node.all("RelatedMaterial"):
        for product in material.all("RelatedProduct"):
            try:
                isbn = _isbn(product, needed=True)
            except Unusable:
                continue  # an own number of the sender leads nowhere here
            codes = product.values("ProductRelationCode")
            found.update({(code[:2], isbn): None for code in codes if code})
    return tuple(found)
