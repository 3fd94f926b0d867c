"""What areas find for the search at the top of every page.

An area provides `find.exact` (the address that a text names without doubt: an order, an ISBN…) and
`find.group` (what of its own fits the words). Both see only what the person logged in may open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HITS = 5
"""How many of each kind are shown beside the link to all of them."""


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, where it is, what tells it from the others."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Group:
    """What one area found; `url` leads to all of it, where it can be listed."""

    heading: str
    hits: Sequence[Hit]
    count: str = ""
    """« 12 titres », « plus de 1 000 titres »; empty where it was not counted."""
    url: str = ""
