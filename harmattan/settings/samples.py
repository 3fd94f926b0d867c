"""What booksellers will read once a change holds: sentences, and an invoice that nobody owes (R105)."""

from collections.abc import Callable

from harmattan.billing import specimen
from harmattan.contact.rules import Subject
from harmattan.conversations.rules import answer_by
from harmattan.core import clock, dates
from harmattan.core.desk import hours_text, opening_text
from harmattan.core.services import ANSWERING
from harmattan.core.settings import House, trying
from harmattan.core.typography import date_weekday, euros, kilograms, moment, percent, plural
from harmattan.deliveries import rules as deliveries
from harmattan.deliveries.rules import DeliveryMode, Grid
from harmattan.deliveries.service import delays
from harmattan.returns.rules import last_day
from harmattan.settings import sections
from harmattan.settings.rules import Section

SAMPLE_WEIGHTS_G = (800, 4_000, 12_000)
"""A title or two, a usual parcel, a big one."""


def sentences(section: Section, facts: House) -> list[str]:
    """What pages and mails say with these facts, as if it were asked now."""
    with trying(facts):
        say = _BY_SECTION.get(section.slug)
        return say(facts) if say else []


def carriage(grid: Grid) -> list[str]:
    """What books of some usual weights would cost to send."""
    return [f"Colis de {kilograms(grams)} : {_fees(grid, grams)}." for grams in SAMPLE_WEIGHTS_G]


def _fees(grid: Grid, grams: int) -> str:
    fees = (
        (mode.short, min((up_to_g, cents) for up_to_g, cents in bands.items() if up_to_g >= grams))
        for mode, bands in grid.items()
        if any(up_to_g >= grams for up_to_g in bands)
    )
    told = [f"{name} {euros(cents)} HT" for name, (_, cents) in fees]
    return ", ".join(told) or "calculé à la validation"


def has_specimen(section: Section) -> bool:
    """Whether it shows on invoices."""
    return section in (sections.MENTIONS, sections.BANK)


def invoice(facts: House) -> bytes:
    """A specimen with these facts. Raises `DocumentNotMade`."""
    with trying(facts):
        return specimen.pdf()


def _phones(facts: House) -> list[str]:
    return [
        f"Service commercial {facts.sales_phone} · Service après-vente {facts.after_sales_phone}"
        f" ({facts.after_sales_key})"
    ]


def _hours(facts: House) -> list[str]:
    return [
        f"Nos bureaux répondent {hours_text(facts)}.",
        f"En ce moment : {opening_text(clock.now(), lambda _: facts)}.",
        *_answers(facts),
    ]


def _answers(facts: House) -> list[str]:
    now = clock.now()
    return [
        f"{service.label}, message envoyé maintenant : réponse au plus tard le"
        f" {moment(answer_by(now, service, facts))}."
        for service in ANSWERING
    ]


def _delays(facts: House) -> list[str]:
    wall = clock.in_paris(clock.now())
    deliveries_now = [
        f"{mode.label}, commande passée maintenant : au plus tôt le"
        f" {date_weekday(deliveries.earliest_delivery(wall, mode, delays()))}."
        for mode in DeliveryMode
    ]
    return [*deliveries_now, *_answers(facts)]


def _terms(facts: House) -> list[str]:
    today = clock.today()
    until = dates.add_working_days(today, facts.quote_valid_days, facts.closing_days)
    back_until = last_day(today, facts.return_months)
    return [
        f"Devis établi aujourd’hui : valable jusqu’au {date_weekday(until)}.",
        f"Titre facturé aujourd’hui : retour possible jusqu’au {date_weekday(back_until)}.",
        f"Nouveau compte : remise proposée {percent(facts.usual_discount_bp)}.",
    ]


def _addresses(facts: House) -> list[str]:
    return [
        f"Retrait au comptoir : {facts.counter_address}.",
        f"Chèque à l’ordre de « {facts.cheque_payee} », à envoyer à : {facts.cheque_address}.",
        f"Retours à envoyer à : {facts.return_address}.",
    ]


def _subjects(facts: House) -> list[str]:
    return [
        f"{service.label} : {plural(len(answered), 'objet')}, {', '.join(answered).lower()}."
        for service in ANSWERING
        if (answered := [each.label for each in Subject if each.service(facts.subject_services) is service])
    ]


_BY_SECTION: dict[str, Callable[[House], list[str]]] = {
    sections.PHONES.slug: _phones,
    sections.HOURS.slug: _hours,
    sections.CLOSING.slug: _delays,
    sections.DELAYS.slug: _delays,
    sections.TERMS.slug: _terms,
    sections.SUBJECTS.slug: _subjects,
    sections.ADDRESSES.slug: _addresses,
}
