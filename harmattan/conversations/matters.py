"""What a thread is about: an order, an invoice… An area that has such things provides
`conversations.matter`: from a reference, the matter, or None where the reference is none of its own.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Matter:
    """The thing, as the pages of its threads recall it."""

    label: str
    """« Commande », « Facture »"""
    reference: str
    url: str
    """Its page; empty where whoever looks may not open it."""
    state: str
    tone: str
    total_cents: int
    """TTC"""
