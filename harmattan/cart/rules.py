"""The cart's own choices and limits (J5, R43)."""

import enum

MAXIMUM_QUANTITY = 9_999
MAXIMUM_LIST_LINES = 5_000
LINES_A_PAGE = 100


class BackorderPolicy(enum.StrEnum):
    """What to do with copies that cannot ship at once."""

    NOTE = "note"
    SKIP = "skip"
    TOGETHER = "together"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    BackorderPolicy.NOTE: "Noter ce qui manque",
    BackorderPolicy.SKIP: "Ne pas noter",
    BackorderPolicy.TOGETHER: "Tout ensemble",
}


class CartState(enum.StrEnum):
    OPEN = "open"
    ORDERED = "ordered"
