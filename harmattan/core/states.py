"""States as pages show them: each with its words and its tone, where it is named."""

import enum
from typing import Self


class State(enum.StrEnum):
    """`DELIVERED = "delivered", "Livrée", "fait"`: as it is kept, its label, its tone."""

    label: str
    tone: str
    """The stylesheet's state: fait, att, err or cours; empty for what is of no more concern."""

    def __new__(cls, value: str, label: str = "", tone: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.tone = label, tone
        return member
