"""What an order list is made of, and what becomes of each of its lines."""

import enum


class ListKind(enum.StrEnum):
    """How a list came in."""

    PASTED = "pasted"
    TEXT = "text"
    WORKBOOK = "workbook"
    DILICOM = "dilicom"


class ListState(enum.StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
