"""What came of the answers that the portal gave in the last weeks: some help, some questions still arrive."""

import datetime as dt

from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.faq.models import AnswerCount
from harmattan.faq.rules import ORDER_STATE, Said

_COUNTS = (
    ("suivre-une-commande", "", 64, 41, 6, 0),
    (ORDER_STATE, "suivi", 58, 37, 0, 12),
    (ORDER_STATE, "reclamation", 17, 3, 0, 11),
    ("retourner-des-livres", "", 33, 24, 2, 0),
    ("retourner-des-livres", "retours", 19, 9, 0, 7),
    ("payer-une-facture", "lcr", 12, 2, 0, 9),
    ("documents-comptables", "comptabilite", 26, 14, 0, 8),
    ("frais-de-port", "", 21, 9, 7, 0),
)


def add() -> None:
    """A few days' counts."""
    for question, subject, *counts in _COUNTS:
        for said, count in zip(Said, counts, strict=True):
            if count:
                day = clock.today() - dt.timedelta(days=3)
                row = AnswerCount(day=day, question=question, subject=subject, said=said, count=count)
                db.session.add(row)
