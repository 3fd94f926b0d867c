"""What becomes of each row: ready, to be chosen, to be corrected, not orderable, not recognised (J5)."""

import datetime as dt
import enum
from dataclasses import dataclass, replace
from typing import NamedTuple

from harmattan.cart.rules import MAXIMUM_QUANTITY, BackorderPolicy, copies_at_once
from harmattan.catalogue.rules import Availability
from harmattan.core.typography import date_long, euros, number, percent, plural
from harmattan.lists.rules import NO_ISBN, Row, Terms


class Group(enum.StrEnum):
    """The groups of the review, in the order of the page: problems first."""

    TO_CORRECT = "a-corriger"
    UNKNOWN = "non-reconnus"
    TO_CHOOSE = "a-choisir"
    NOT_ORDERABLE = "non-commandables"
    READY = "prets"
    ADDED = "ajoutes"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def explanation(self) -> str:
        return _LABELS[self][1]

    @property
    def tone(self) -> str:
        """The stylesheet's state."""
        return _LABELS[self][2]

    @property
    def is_editable(self) -> bool:
        """Whether ISBN and quantity can be corrected."""
        return self in (Group.TO_CORRECT, Group.UNKNOWN)

    @property
    def is_reject(self) -> bool:
        """Whether its rows do not enter the cart as they stand."""
        return self in (Group.TO_CORRECT, Group.UNKNOWN, Group.NOT_ORDERABLE)


_LABELS = {
    Group.TO_CORRECT: ("À corriger", "Ces lignes n’entrent au panier qu’une fois corrigées.", "err"),
    Group.UNKNOWN: ("Non reconnus", "Rien n’a été trouvé pour ces lignes, citées telles quelles.", "err"),
    Group.TO_CHOOSE: ("À choisir", "Sans autre choix, ce qui manque est noté.", "att"),
    Group.NOT_ORDERABLE: ("Non commandables", "Ces titres ne seront pas ajoutés.", "err"),
    Group.READY: ("Prêts", "Ces lignes peuvent entrer au panier.", "fait"),
    Group.ADDED: ("Ajoutés au panier", "", "fait"),
}


class Facts(NamedTuple):
    """What the catalogue knows of an ISBN, as far as a list needs it."""

    isbn: str
    title: str
    subtitle: str
    authors: str
    availability: Availability
    expected_on: dt.date | None
    stock: int
    price_cents: int | None


@dataclass(frozen=True)
class Verdict:
    """A row and what will be done with it."""

    row: Row
    group: Group
    message: str
    facts: Facts | None = None
    suggested: Facts | None = None
    """The title of the ISBN that was probably meant."""
    held: int = 0
    """Copies of the title that are in the cart already."""
    choices: tuple[tuple[BackorderPolicy, str], ...] = ()
    to_add: int = 0
    """Copies that enter the cart."""
    successor: Facts | None = None
    """The title that replaces one that can no longer be ordered."""
    differences: tuple[str, ...] = ()
    """What is not as it was in the order that is ordered again."""

    @property
    def policy(self) -> BackorderPolicy:
        """The choice made, or the house's own: what is short is noted."""
        chosen = BackorderPolicy(self.row.policy or BackorderPolicy.NOTE)
        return chosen if chosen in dict(self.choices) or not self.choices else BackorderPolicy.NOTE

    @property
    def sort_key(self) -> tuple[int, int]:
        return list(Group).index(self.group), self.row.number


def judge(row: Row, facts: Facts | None, suggested: Facts | None = None, held: int = 0) -> Verdict:
    """What will be done with the row, given what the catalogue knows and what the cart holds."""
    if row.added:
        return Verdict(row, Group.ADDED, "Dans le panier", facts, held=held)
    if not row.isbn:
        group = Group.UNKNOWN if row.isbn_problem == NO_ISBN else Group.TO_CORRECT
        return Verdict(row, group, row.isbn_problem, suggested=suggested)
    if facts is None:
        return Verdict(row, Group.UNKNOWN, "Cet ISBN n’est pas à notre catalogue")
    return _of_title(row, facts, held)


def differences(terms: Terms | None, facts: Facts | None, discount_bp: int) -> tuple[str, ...]:
    """What price and discount have become since the order that is ordered again."""
    if terms is None or facts is None or facts.price_cents is None:
        return ()
    price = f"Prix public {euros(facts.price_cents)}, au lieu de {euros(terms.price_cents)}"
    discount = f"Remise {percent(discount_bp)}, au lieu de {percent(terms.discount_bp)}"
    found = ((facts.price_cents != terms.price_cents, price), (discount_bp != terms.discount_bp, discount))
    return tuple(sentence for differs, sentence in found if differs)


def _of_title(row: Row, facts: Facts, held: int) -> Verdict:
    if refusal := _refusal(facts):
        return Verdict(row, Group.NOT_ORDERABLE, refusal, facts, held=held)
    if row.quantity is None:
        return Verdict(row, Group.TO_CORRECT, row.quantity_problem, facts, held=held)
    if row.quantity + held > MAXIMUM_QUANTITY:
        most = number(MAXIMUM_QUANTITY)
        message = f"Le panier en contient déjà {number(held)} : réduisez la quantité, {most} au plus en tout"
        return Verdict(row, Group.TO_CORRECT, message, facts, held=held)
    return _shipping(row, row.quantity, facts, held)


def _refusal(facts: Facts) -> str:
    if not facts.availability.is_orderable:
        return f"{facts.availability.label} : ne sera pas ajouté"
    if facts.price_cents is None:
        return "Prix pas encore fixé : ne sera pas ajouté"
    return ""


def _shipping(row: Row, quantity: int, facts: Facts, held: int) -> Verdict:
    """What ships now, after the copies that the cart holds already; the rest is a choice."""
    on_hand = copies_at_once(facts.availability, facts.stock, quantity + held) - held
    if quantity <= on_hand:
        how = "imprimés à la demande" if facts.availability is Availability.ON_DEMAND else "en stock"
        message = f"{plural(quantity, 'exemplaire')} à ajouter, {how}"
        return Verdict(row, Group.READY, message, facts, held=held, to_add=quantity)
    on_hand = max(on_hand, 0)
    short = Verdict(
        row,
        Group.TO_CHOOSE,
        _shortage(quantity, on_hand, facts, held),
        facts,
        held=held,
        choices=_choices(quantity, on_hand),
    )
    return replace(short, to_add=on_hand if short.policy is BackorderPolicy.SKIP else quantity)


def _shortage(quantity: int, on_hand: int, facts: Facts, held: int) -> str:
    if on_hand:
        return f"{plural(quantity, 'demandé')}, {plural(on_hand, 'disponible')}"
    when = f" le {date_long(facts.expected_on)}" if facts.expected_on else ""
    if facts.availability is Availability.FORTHCOMING:
        return f"À paraître{when} : {plural(quantity, 'exemplaire')} à noter"
    if facts.availability.ships_from_stock and held and facts.stock > 0:
        return f"Tout le stock est déjà dans votre panier : {plural(quantity, 'exemplaire')} à noter"
    label = "Rien en stock" if facts.availability.ships_from_stock else facts.availability.label
    return f"{label}{', attendu' + when if when else ''} : {plural(quantity, 'exemplaire')} à noter"


def _choices(quantity: int, on_hand: int) -> tuple[tuple[BackorderPolicy, str], ...]:
    if not on_hand:
        return (
            (BackorderPolicy.NOTE, plural(quantity, "noté")),
            (BackorderPolicy.SKIP, "ne pas commander"),
        )
    return (
        (BackorderPolicy.NOTE, f"{number(on_hand)} + {plural(quantity - on_hand, 'noté')}"),
        (BackorderPolicy.SKIP, f"{number(on_hand)} seulement"),
        (BackorderPolicy.TOGETHER, "tout ensemble"),
    )
