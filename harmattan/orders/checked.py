"""What the check page showed, so that nothing else is ordered: taken down, sent back, compared. Pure.

The browser sends it back with « Commander ». It decides no amount: where it differs from what stands in
the cart by then, nothing is ordered and the differences are shown.
"""

import json
import re
from collections.abc import Mapping

from harmattan.cart.overview import CartOverview
from harmattan.cart.rules import BackorderPolicy
from harmattan.core.typography import date_long, euros, plural

Checked = dict[str, str]
"""What was shown, by its name; lines by their ISBN, in a form that stays short in a form of 500 lines."""

_LINE = re.compile("([0-9]{1,9})_([0-9]{1,9})_(" + "|".join(BackorderPolicy) + ")")
"""Quantity, public price in cents, what becomes of missing copies: « 2_2500_note »."""


def taken_down(seen: CartOverview) -> Checked:
    """Everything on the check page that the bookseller agrees to."""
    cart = seen.cart
    lines = {
        line.isbn: f"{line.quantity}_{line.price_now or 0}_{line.backorder_policy}" for line in seen.lines
    }
    return lines | {
        "Livraison": cart.mode.label,
        "Adresse": ", ".join(seen.delivery_address.lines),
        "Date de livraison impérative": date_long(cart.deliver_by) if cart.deliver_by else "aucune",
        "Pas de livraison avant le": date_long(cart.not_before) if cart.not_before else "aucune date",
        "Votre référence": cart.own_reference or "aucune",
        "Commentaire": cart.comment[:80] or "aucun",
        "Port HT": "calculé à la validation" if seen.carriage_cents is None else euros(seen.carriage_cents),
        "Total TTC": euros(seen.totals.gross_cents),
    }


def written(checked: Checked) -> str:
    """As the form's hidden field carries it: the lines in one text, for HTML writes a quotation mark in five
    octets."""
    lines = {name: said for name, said in checked.items() if name.isdecimal() and _LINE.fullmatch(said)}
    others = {name: said for name, said in checked.items() if name not in lines}
    text = " ".join(f"{isbn}_{said}" for isbn, said in lines.items())
    return json.dumps([text, others], ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Checked:
    """What the form sent back; nothing where it cannot be read."""
    try:
        lines, others = json.loads(text)
        said = (line.partition("_") for line in lines.split())
        return {isbn: line for isbn, _, line in said} | {name: str(value) for name, value in others.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def differences(shown: Checked, seen: CartOverview) -> list[str]:
    """A sentence for each thing that is not as it was shown; none of nearly every cart."""
    now = taken_down(seen)
    return [] if shown == now else compared(shown, now, {line.isbn: line.full_title for line in seen.lines})


def compared(before: Checked, now: Checked, titles: Mapping[str, str]) -> list[str]:
    """What differs between the two; `titles` names the lines."""
    sentences = []
    for name in dict.fromkeys((*now, *before)):
        if before.get(name) == now.get(name):
            continue
        shown = f"« {titles[name]} »" if name in titles else name
        if name not in now:
            sentences.append(f"{shown} : n’est plus dans le panier")
        elif name not in before:
            sentences.append(f"{shown} : {_in_words(now[name])}, ajouté depuis")
        else:
            sentences.append(f"{shown} : {_in_words(now[name])} (avant : {_in_words(before[name])})")
    return sentences


def _in_words(said: str) -> str:
    """A line as it was shown: « 2 exemplaires à 25,00 €, noter ce qui manque »; anything else as it is."""
    if not (line := _LINE.fullmatch(said)):
        return said
    quantity, price_cents, policy = int(line[1]), int(line[2]), BackorderPolicy(line[3])
    return f"{plural(quantity, 'exemplaire')} à {euros(price_cents)}, {policy.label.lower()}"
