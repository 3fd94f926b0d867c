"""Who answers what: the subjects of the contact form and their services (R100, R58, R59, R65, R71, R80)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from harmattan.core.services import Service


class Subject(enum.StrEnum):
    """What one writes about; the value is its word in `?objet=`."""

    CHANGE = "modifier"
    QUOTE = "devis"
    ACCESS = "acces"
    OTHER = "autres"
    TRACKING = "suivi"
    COMPLAINT = "reclamation"
    RETURNS = "retours"
    ACCOUNTING = "comptabilite"
    LCR = "lcr"

    @property
    def label(self) -> str:
        return ROUTES[self].label

    @property
    def usual_service(self) -> Service:
        """Who answers it unless the settings say otherwise."""
        return ROUTES[self].service

    def service(self, set_otherwise: Mapping[str, str]) -> Service:
        """Who answers it; `set_otherwise` is `House.subject_services`."""
        return Service(set_otherwise.get(self.value, self.usual_service))

    @property
    def route(self) -> "Route":
        return ROUTES[self]


@dataclass(frozen=True)
class Route:
    """Where a subject leads, and what its form asks for."""

    label: str
    service: Service
    answers: str
    """What the service answers, shown beside the choice."""
    asks_for_order: bool
    file_hint: str = ""
    """Which file helps, where one does."""


ROUTES = {
    Subject.CHANGE: Route(
        "Modifier ou annuler une commande",
        Service.SALES,
        "Quantités, titres, dates : tant que la commande n’est pas validée",
        asks_for_order=True,
    ),
    Subject.QUOTE: Route(
        "Devis, surremise, délai de paiement",
        Service.SALES,
        "Conditions pour un salon, une signature ; échéance plus longue",
        asks_for_order=False,
    ),
    Subject.ACCESS: Route(
        "Accès, ouverture de compte",
        Service.SALES,
        "Identifiants, utilisateurs, nouvelle librairie",
        asks_for_order=False,
        file_hint="Pour une ouverture de compte : extrait Kbis et RIB",
    ),
    Subject.OTHER: Route(
        "Autres (coordonnées…)",
        Service.SALES,
        "Adresse, téléphone, raison sociale, et tout ce qui n’est pas dans cette liste",
        asks_for_order=False,
    ),
    Subject.TRACKING: Route(
        "Suivi d’une commande",
        Service.AFTER_SALES,
        "Où en est un colis, ce qui reste à recevoir",
        asks_for_order=True,
    ),
    Subject.COMPLAINT: Route(
        "Réclamation, colis abîmé ou incomplet",
        Service.AFTER_SALES,
        "Exemplaires manquants, abîmés ou reçus par erreur",
        asks_for_order=True,
        file_hint="Une photo du colis ou des exemplaires aide à répondre vite",
    ),
    Subject.RETURNS: Route(
        "Retours",
        Service.AFTER_SALES,
        "Conditions, bon de retour, retour en cours",
        asks_for_order=True,
    ),
    Subject.ACCOUNTING: Route(
        "Comptabilité (factures, avoirs, relevés)",
        Service.ACCOUNTING,
        "Duplicatas, soldes, règlements",
        asks_for_order=True,
    ),
    Subject.LCR: Route(
        "LCR, RIB",
        Service.ACCOUNTING,
        "Payer par lettre de change relevé, changer de coordonnées bancaires",
        asks_for_order=False,
        file_hint="Joignez votre RIB : seule la comptabilité l’ouvre",
    ),
}


def of_slug(slug: str) -> Subject | None:
    """The subject whose word stands in an address or a form, or None."""
    return next((subject for subject in Subject if subject == slug), None)


def subjects_of(service: Service, set_otherwise: Mapping[str, str]) -> tuple[Subject, ...]:
    """The subjects that a service answers, in the order of R100."""
    return tuple(subject for subject in Subject if subject.service(set_otherwise) is service)
