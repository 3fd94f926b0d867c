"""The page of the seventeen questions (R104)."""

import re
import unicodedata
from types import SimpleNamespace

import pytest
from flask import Flask

from harmattan.faq import finding, rules
from tests.browser import Browser
from tests.configuration import say_otherwise

SLUGS = [
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
SUBJECTS = ("modifier", "devis", "acces", "autres", "suivi", "reclamation", "retours", "comptabilite", "lcr")

FACTS = {
    "premiere-connexion": (
        "courriel d'invitation",
        "« Demande d'accès à l'espace client »",
        "numéro de compte, votre nom, votre prénom, votre adresse e-mail et le mot de passe",
        "lien d'activation",
        "adresse enregistrée sur le compte client",
        "48 h",
        "« Je ne suis pas client »",
    ),
    "ajouter-un-utilisateur": (
        "un ou plusieurs utilisateurs",
        "« Demande d'accès à l'espace client »",
        "L'utilisateur principal du compte reçoit alors un courriel et valide",
        "confirmation par courriel",
        "mot de passe qu'elle avait choisi",
    ),
    "ouvrir-un-compte": (
        "demande d'ouverture de compte",
        "« Soumettre ma demande »",
        "service commercial étudie",
        "7 jours ouvrés",
        "complément d'information si nécessaire",
    ),
    "mot-de-passe-oublie": ("« Mot de passe oublié »", "adresse e-mail", "créez ensuite le nouveau", "spam"),
    "confirmation-de-commande": (
        "courriel confirme son enregistrement",
        "service commercial la vérifie",
        "facture en pièce jointe",
        "complément",
    ),
    "demander-un-devis": (
        "commentaire, au bas du panier",
        "« Demander un devis »",
        "surremise",
        "salon, signature",
        "prolongation du délai de paiement",
        "dans les meilleurs délais",
        "prise en compte de la commande",
    ),
    "modifier-ou-annuler": (
        "01 40 46 79 13",
        "formulaire de contact",
        "ne peut plus être modifiée, ni annulée",
    ),
    "livraison-imperative": ("« Date de livraison impérative »", "avant de passer la commande", "confirmer"),
    "changer-de-coordonnees": ("objet « Autres (coordonnées…) »", "service commercial"),
    "livraison-differee": (
        "« Pas de livraison avant le »",
        "avant de valider",
        "pas livrée avant cette date",
    ),
    "suivre-une-commande": ("service après-vente", "01 40 46 79 20 (touche 4)"),
    "documents-comptables": (
        "page d'accueil",
        "duplicatas de tous les documents comptables",
        "commandes récentes, factures et avoirs",
        "relevés de factures",
        "objet « Comptabilité",
    ),
    "payer-une-facture": (
        "PayPal ou par carte bancaire",
        "https://paiement.harmattan.fr/paiement",
        "RIB figure sur la facture",
        "numéro de facture dans le libellé",
        "chèque signé, à l'ordre de « Editions l'Harmattan »",
        "Editions l'Harmattan, Service des commandes, 7 Rue de l'Ecole Polytechnique, 75005 Paris",
        "au dos du chèque",
        "carte, en espèces ou par chèque, uniquement pour une commande retirée au comptoir",
        "LCR : demandez-le à la comptabilité",
        "joignez votre RIB",
    ),
    "avoirs": ("tient compte des avoirs présents sur votre compte",),
    "frais-de-port": ("mode de livraison choisi", "tarifs en vigueur des transporteurs"),
    "changer-d-adresse-de-livraison": ("uniquement par téléphone", "01 40 46 79 20 (touche 4)"),
    "retourner-des-livres": (
        "retours sont libres",
        "facturé dans les 24 derniers mois",
        "rejoindre le stock",
        "dans l'état où vous l'avez reçu",
        "ni abîmé, ni étiqueté, ni annoté",
        "flux Prisme",
        "port payé, à : Harmattan, Rue des Vikings, Z.A Charles TELLIER, 14110 Condé en Normandie",
        "7 Rue de l'Ecole Polytechnique, 75005 Paris, si la commande y avait été retirée",
        "à votre charge",
        "bon de retour avec les ISBN, les titres et les quantités",
    ),
}


def normal(text: str) -> str:
    """Without accents, and apostrophes and spaces as they are typed."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"\s+([,.])", r"\1", " ".join(plain.split())).replace("( ", "(").replace(" )", ")")


def shown(browser: Browser) -> list[str]:
    return [details["id"].removeprefix("question-") for details in browser.page.select("details")]


def opened(browser: Browser) -> list[str]:
    return [details["id"].removeprefix("question-") for details in browser.page.select("details[open]")]


def test_a_visitor_reads_seventeen_closed_questions_in_the_order_of_the_areas(browser: Browser) -> None:
    browser.open("/faq")
    assert browser.status == 200
    assert shown(browser) == SLUGS
    assert len(browser.page.select("summary h3")) == 17
    assert opened(browser) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_fact_is_kept(browser: Browser, slug: str) -> None:
    answer = normal(browser.open("/faq").page.find(id=slug).get_text(" "))
    for fact in FACTS[slug]:
        assert normal(fact) in answer


def test_every_answer_ends_in_a_link_to_a_page_that_is_there(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("anne@grandlarge.example").open("/faq")
    links = {slug: browser.page.find(id=slug).select("ul.liens a") for slug in SLUGS}
    assert all(links.values())
    for address in {link["href"] for of_question in links.values() for link in of_question}:
        assert browser.open(address).status == 200, address


def test_a_book_fair_leads_straight_to_asking_for_a_quote(browser: Browser, people: SimpleNamespace) -> None:
    answer = browser.log_in("karim@grandlarge.example").open("/faq?q=salon").page.find(id="demander-un-devis")
    assert next(link["href"] for link in answer.select("ul.liens a")) == "/devis/demander"


def test_a_link_to_what_a_bookseller_may_not_do_is_not_offered(
    browser: Browser, people: SimpleNamespace
) -> None:
    browser.log_in("lucie@grandlarge.example").open("/faq")
    assert "Ce droit vous manque" in browser.page.find(id="frais-de-port").get_text()
    for link in browser.page.select("#questions ul.liens a"):
        assert Browser(browser.client).open(link["href"]).status == 200, link["href"]


def test_staff_read_the_questions_in_their_own_layout(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in("hugo@equipe.example").open("/faq")
    assert shown(browser) == SLUGS
    assert "Service après-vente" in browser.text


def test_a_phone_changed_in_the_settings_changes_in_every_answer(app: Flask, browser: Browser) -> None:
    say_otherwise(app, after_sales_phone="01 99 99 99 99")
    browser.open("/faq")
    assert "01 40 46 79 20" not in browser.text
    assert "01 99 99 99 99" in normal(browser.page.find(id="suivre-une-commande").get_text(" "))


def test_all_answers_open_at_once_to_be_printed(browser: Browser) -> None:
    browser.open("/faq").open("/faq?tout=1")
    assert opened(browser) == SLUGS


def test_an_address_opens_its_question(browser: Browser) -> None:
    browser.open("/faq?question=livraison-imperative")
    assert opened(browser) == ["livraison-imperative"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("chèque", "payer-une-facture"),
        ("CHEQUE dos", "payer-une-facture"),
        ("spam", "mot-de-passe-oublie"),
        ("vikings", "retourner-des-livres"),
        ("imperat", "livraison-imperative"),
        ("sur quelle facture est ce livre ?", "documents-comptables"),
        ("virements", "payer-une-facture"),
        ("annulation", "modifier-ou-annuler"),
        ("quand ma commande sera-t-elle livrée ?", "suivre-une-commande"),
        ("je n’ai pas reçu ma commande", "suivre-une-commande"),
        ("comment renvoyer mes invendus", "retourner-des-livres"),
    ],
)
def test_the_search_opens_the_questions_it_finds(browser: Browser, words: str, found: str) -> None:
    browser.open("/faq").submit("/faq", q=words)
    assert found in shown(browser)
    assert shown(browser) == opened(browser)
    assert len(shown(browser)) < 17


def test_a_search_without_result_says_so_and_keeps_the_questions(browser: Browser) -> None:
    browser.open("/faq").submit("/faq", q="<b>licorne</b>")
    assert "Aucune réponse pour « <b>licorne</b> »" in browser.text
    assert shown(browser) == SLUGS


def test_the_search_answers_htmx_with_the_questions_alone(app: Flask) -> None:
    fragment = app.test_client().get("/faq?q=avoir", headers={"HX-Request": "true"}).text
    assert fragment.startswith('<div id="questions"')
    assert "<html" not in fragment


def test_every_subject_of_the_contact_form_has_its_question(app: Flask, people: SimpleNamespace) -> None:
    with app.test_request_context():
        for subject in SUBJECTS:
            fitting = finding.for_subject(subject)
            assert fitting.heading == rules.fitting(subject).heading
            assert "<p>" in fitting.answer
            assert fitting.url.startswith("/faq?question=")
        assert finding.for_subject("inconnu") is None
