"""States as pages show them: each with its words where it is named."""

import enum
from typing import Self


class State(enum.StrEnum):
    """`ISSUED = "issued", "Annoncé", "att", "À vous : …"`: as it is kept, its label, its tone, whose turn."""

    label: str
    tone: str
    """The stylesheet's state: fait, att, err, cours, devis; empty for what is of no more concern."""
    turn: str
    """Whose turn it is, and to do what, where the state says it."""

    def __new__(cls, value: str, label: str = "", tone: str = "", turn: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.tone, member.turn = label, tone, turn
        return member
