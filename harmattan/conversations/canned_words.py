"""The words in braces of a canned answer, which each case fills in."""

import re
from collections.abc import Mapping

from harmattan.access.models import User
from harmattan.conversations.models import Thread
from harmattan.conversations.rules import answer_by
from harmattan.core import clock, registry
from harmattan.core.desk import hours_text
from harmattan.core.services import Service
from harmattan.core.settings import House, house
from harmattan.core.typography import moment

_VARIABLE = re.compile(r"\{(\w*)\}")

VARIABLES = {
    "client": "le nom de qui a écrit",
    "librairie": "son enseigne",
    "numero": "le numéro du message",
    "objet": "l’objet du message",
    "commande": "la commande ou le document en question",
    "etat": "l’état de cette commande",
    "reponse_avant": "jusqu’à quand la réponse est promise",
    "prenom": "votre prénom",
    "service": "votre service",
    "telephone": "le téléphone du service",
    "horaires": "les heures d’ouverture",
    "adresse_retours": "l’adresse des retours",
    "page_paiement": "l’adresse de paiement en ligne",
}
"""Each variable and what stands for it, in French: pages about canned answers list them."""


def unknown_variables(body: str) -> list[str]:
    """The words in braces that no case can fill in."""
    return [f"{{{name}}}" for name in _VARIABLE.findall(body) if name not in VARIABLES]


def unfilled_variables(body: str) -> list[str]:
    """The variables that still stand in an answer: it is not sent like that."""
    return [f"{{{name}}}" for name in _VARIABLE.findall(body) if name in VARIABLES]


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text with its variables; where a case has no value the word in braces stays, to be replaced."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], body)


def values(thread: Thread, by: User) -> dict[str, str]:
    """What the variables stand for in this case; numbers and addresses are the house's (R105)."""
    order = registry.ask("orders.summary", thread.about) if thread.about else None
    return {
        "client": thread.customer_name,
        "librairie": thread.account.trade_name if thread.account else thread.customer_shop,
        "numero": thread.reference,
        "objet": thread.title,
        "commande": thread.about,
        "etat": order.standing.state.lower() if order else "",
        "reponse_avant": moment(thread.answer_by),
        "prenom": by.first_name,
        "service": thread.service.label.lower(),
        **_of_the_house(thread.service, house()),
    }


def example(service: Service, by: User) -> dict[str, str]:
    """What the variables stand for in a case that is made up, for a look before the answer is kept."""
    return {
        "client": "Camille Martin",
        "librairie": "Librairie de l’Exemple",
        "numero": "MSG-0000-000000",
        "objet": "Suivi d’une commande",
        "commande": "CMD-0000-000000",
        "etat": "expédiée",
        "reponse_avant": moment(answer_by(clock.now(), service, house())),
        "prenom": by.first_name,
        "service": service.label.lower(),
        **_of_the_house(service, house()),
    }


def _of_the_house(service: Service, facts: House) -> dict[str, str]:
    sav = f"{facts.after_sales_phone} ({facts.after_sales_key})"
    return {
        "telephone": sav if service is Service.AFTER_SALES else facts.sales_phone,
        "horaires": hours_text(facts),
        "adresse_retours": str(facts.return_address),
        "page_paiement": facts.payment_page,
    }
