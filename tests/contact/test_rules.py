"""Each subject reaches one service (R100)."""

import pytest

from harmattan.contact import rules
from harmattan.contact.rules import Subject
from harmattan.core.services import ANSWERING, Service

R100 = {
    Service.SALES: {
        "modifier": "Modifier ou annuler une commande",
        "devis": "Devis, surremise, délai de paiement",
        "acces": "Accès, ouverture de compte",
        "autres": "Autres (coordonnées…)",
    },
    Service.AFTER_SALES: {
        "suivi": "Suivi d’une commande",
        "reclamation": "Réclamation, colis abîmé ou incomplet",
        "retours": "Retours",
    },
    Service.ACCOUNTING: {
        "comptabilite": "Comptabilité (factures, avoirs, relevés)",
        "lcr": "LCR, RIB",
    },
}


@pytest.mark.parametrize("service", ANSWERING)
def test_a_service_answers_the_subjects_of_r100(service: Service) -> None:
    assert {subject.value: subject.label for subject in rules.subjects_of(service, {})} == R100[service]


def test_every_subject_reaches_exactly_one_service() -> None:
    reached = [subject for service in Service for subject in rules.subjects_of(service, {})]
    assert sorted(reached) == sorted(Subject)


def test_no_subject_changes_a_delivery_address() -> None:
    assert not any("livraison" in route.label.lower() for route in rules.ROUTES.values())


def test_an_unknown_word_is_no_subject() -> None:
    assert rules.of_slug("modifier") is Subject.CHANGE
    assert rules.of_slug("adresse") is None
    assert rules.of_slug("") is None
