"""The page of the seventeen questions (R104)."""

from types import SimpleNamespace

from flask import Flask

from harmattan.core import registry
from tests.browser import Browser


def test_a_visitor_reads_seventeen_questions_in_the_order_of_the_areas(browser: Browser) -> None:
    browser.open("/faq")
    assert browser.status == 200
    slugs = [heading["id"].removeprefix("question-") for heading in browser.page.select("summary h3")]
    assert slugs == [
        "premiere-connexion",
        "ajouter-un-utilisateur",
        "ouvrir-un-compte",
        "mot-de-passe-oublie",
        "confirmation-de-commande",
        "demander-un-devis",
        "modifier-ou-annuler",
        "livraison-imperative",
        "changer-de-coordonnees",
        "livraison-differee",
        "suivre-une-commande",
        "documents-comptables",
        "payer-une-facture",
        "avoirs",
        "frais-de-port",
        "changer-d-adresse-de-livraison",
        "retourner-des-livres",
    ]
    assert all(browser.page.find(id=slug) for slug in slugs)


SUBJECTS = ("modifier", "devis", "acces", "autres", "suivi", "reclamation", "retours", "comptabilite", "lcr")


def test_every_subject_of_the_contact_form_has_its_question(app: Flask, people: SimpleNamespace) -> None:
    with app.test_request_context():
        assert all(registry.ask("faq.for_subject", subject).answer for subject in SUBJECTS)
        assert registry.ask("faq.for_subject", "inconnu") is None
