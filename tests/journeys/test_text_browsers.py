"""Journeys with real keystrokes in w3m and lynx: from the order to the return slip (R101)."""

from collections.abc import Callable

import pytest
from flask import Flask

from harmattan.core.extensions import db
from tests import cast
from tests.journeys.acts import KARIM, MARIE, T1, mails, orders, threads
from tests.real_parts import LiveServer, TextBrowser

pytestmark = pytest.mark.textbrowser
Open = Callable[[str], TextBrowser]


def logged_in(text_browser: Open, email: str) -> TextBrowser:
    someone = text_browser("/connexion")
    someone.fill("Adresse e-mail", email)
    someone.fill("Mot de passe", cast.PASSWORD)
    someone.press("Se connecter", after="Mot de passe")
    someone.see("Se déconnecter")
    return someone


def test_an_order_from_a_mistyped_isbn_to_its_number(text_browser: Open) -> None:
    karim = logged_in(text_browser, KARIM)
    karim.fill("ISBN ou code-barres", "9782343000016")
    karim.press("Ajouter", after="code-barres")
    karim.see("Vérifiez le dernier chiffre de l'ISBN")
    karim.fill("ISBN ou code-barres", T1)
    karim.press("Ajouter", after="code-barres")
    karim.see("Ajouté : Les passeurs du fleuve")
    karim.open("/panier", "Pas de livraison avant le")
    karim.fill("Pas de livraison avant le", "01/12/2026")
    karim.press("Vérifier et commander")
    karim.see("Une fois validée, elle n'est plus modifiable")
    karim.press("Commander,")
    karim.see("CMD-2026-000001")
    karim.see("À nous : vérification")
    (order,) = orders()
    assert str(order.not_before) == "2026-12-01"


def test_a_message_and_the_answer_of_sales(text_browser: Open) -> None:
    karim = logged_in(text_browser, KARIM)
    karim.open("/contact?objet=autres", "Part vers : service commercial")
    karim.write("Rédiger", "Ouvrez-vous le 24 ?")
    karim.press("Envoyer le message")
    karim.see("MSG-2026-000001")

    marie = logged_in(text_browser, MARIE)
    marie.open("/equipe/messages/MSG-2026-000001", "Ouvrez-vous le 24 ?")
    marie.write("Part par courriel", "Oui, jusqu'au soir.")
    marie.press("Envoyer la réponse")
    marie.see("Oui, jusqu'au soir.")
    karim.open("/messages/MSG-2026-000001", "Oui, jusqu'au soir.")
    assert [thread.reference for thread in threads()] == ["MSG-2026-000001"]
    assert len(mails("message_answered")) == 1


def test_a_past_order_is_ordered_again(text_browser: Open, live_server: LiveServer) -> None:
    cast.order(live_server.people.karim, (live_server.titles.t1, 4))
    db.session.commit()
    karim = logged_in(text_browser, KARIM)
    karim.open("/commandes/CMD-2026-000001/a-nouveau", "Commander à nouveau")
    karim.press("Vérifier ce titre")
    karim.see("4 exemplaires à ajouter, en stock")
    karim.press("Ajouter la ligne prête")
    karim.see("1 ligne ajoutée au panier")


def test_a_lost_password_is_asked_for(text_browser: Open) -> None:
    karim = text_browser("/connexion")
    karim.open("/mot-de-passe-oublie", "Recevoir le courriel")
    karim.fill("Adresse e-mail", KARIM)
    karim.press("Recevoir le courriel")
    karim.see("indésirables")


def test_an_order_is_found_from_the_search_and_followed(text_browser: Open, live_server: LiveServer) -> None:
    cast.order(live_server.people.karim, (live_server.titles.t1, 4))
    db.session.commit()
    karim = logged_in(text_browser, KARIM)
    karim.fill("numéro de commande ou de facture", "CMD-2026-000001")
    karim.press("Rechercher", after="numéro de commande ou de facture")
    karim.see("Où en est la commande")
    karim.see("À nous : vérification")


def test_a_colleague_asks_for_an_access(text_browser: Open) -> None:
    eva = text_browser("/connexion")
    eva.open("/acces", "Numéro de compte")
    for label, typed in (
        ("Numéro de compte", "104512"),
        ("Nom ", "Tanguy"),
        ("Prénom", "Eva"),
        ("Votre adresse e-mail", "eva@grandlarge.example"),
        ("Mot de passe", cast.PASSWORD),
    ):
        eva.fill(label, typed)
    eva.press("Envoyer la demande")
    eva.see("Votre demande est envoyée")


def test_documents_and_the_statement_are_read(text_browser: Open, live_server: LiveServer) -> None:
    number = cast.documents(live_server.people, live_server.titles).f4.number
    anne = logged_in(text_browser, "anne@grandlarge.example")
    anne.open("/documents", number)
    anne.press(number)
    anne.see("Télécharger le PDF")
    anne.press("Documents")
    anne.press("Relevé")
    anne.see("Relevé de compte")


def test_another_address_is_asked_for(text_browser: Open) -> None:
    anne = logged_in(text_browser, "anne@grandlarge.example")
    anne.open("/compte/modification", "Demander une modification")
    anne.fill("Ville", "Rezé")
    anne.press("Envoyer la demande")
    anne.see("Rezé")
    anne.see("MSG-2026-000001")


def test_the_files_that_come_with_mails_are_chosen(text_browser: Open) -> None:
    anne = logged_in(text_browser, "anne@grandlarge.example")
    anne.open("/compte/echanges", "Fichiers joints aux courriels")
    anne.press("Enregistrer ces choix")
    anne.see("Vos choix sont enregistrés")


def test_a_question_leads_to_its_service_and_a_visitor_writes(text_browser: Open) -> None:
    zoe = text_browser("/faq")
    zoe.press("Envoyer un RIB à la comptabilité")
    zoe.see("Part vers : comptabilité")
    zoe.fill("Nom et prénom", "Zoé Prat")
    zoe.fill("Adresse e-mail", "zoe@ailleurs.example")
    zoe.write("Votre message", "Je paie par LCR ?")
    zoe.press("Envoyer le message")
    zoe.see("Votre message est parti")
    assert [thread.subject for thread in threads()] == ["lcr"]


def test_an_answer_is_said_to_have_helped(text_browser: Open) -> None:
    zoe = text_browser("/faq?q=LCR")
    zoe.press("Oui, cette réponse m'a aidé")
    zoe.see("Merci : nous savons que cette réponse suffit")


def test_what_the_form_knows_of_an_order_is_answer_enough(
    text_browser: Open, live_server: LiveServer
) -> None:
    cast.order(live_server.people.karim, (live_server.titles.t1, 4))
    db.session.commit()
    karim = logged_in(text_browser, KARIM)
    karim.open("/contact?objet=suivi&commande=CMD-2026-000001", "Ce que nous savons déjà")
    karim.press("Cela répond à ma question")
    karim.see("n'a pas été envoyée")
    assert threads() == []


def test_a_pasted_list_fills_the_cart(text_browser: Open) -> None:
    karim = logged_in(text_browser, KARIM)
    karim.open("/panier/liste", "Coller une liste ou envoyer un fichier")
    karim.write("Tout séparateur convient", f"{T1} 3")
    karim.press("Vérifier avant d'ajouter")
    karim.see("Ce qui a été lu")
    karim.press("Ajouter la ligne prête")
    karim.see("1 ligne ajoutée au panier")


def test_books_go_back_with_a_slip(text_browser: Open, live_server: LiveServer) -> None:
    cast.documents(live_server.people, live_server.titles)
    karim = logged_in(text_browser, KARIM)
    karim.open("/retours/nouveau", "Ajouter des exemplaires")
    karim.fill("ISBN ou code-barres", T1)
    karim.press("Ajouter", after="Quantité")
    karim.see("Exemplaires à retourner")
    karim.tick("Flux Prisme")
    karim.tick("Les exemplaires sont dans l'état")
    karim.press("Émettre le bon de retour")
    karim.see("RET-2026-000001")
    karim.see("Bon de retour (PDF)")


def test_a_transfer_is_announced(text_browser: Open, live_server: LiveServer) -> None:
    number = cast.documents(live_server.people, live_server.titles).f4.number
    anne = logged_in(text_browser, "anne@grandlarge.example")
    anne.open("/paiement", "Calculer le règlement")
    anne.tick(f"Facture {number}")
    anne.press("Calculer le règlement")
    anne.see("À régler")
    anne.press("J'ai envoyé un virement")
    anne.see("la comptabilité le note reçu")


def test_an_invoice_is_paid_on_the_payment_page(
    text_browser: Open, app: Flask, live_server: LiveServer
) -> None:
    app.config.update(DEMO=True, PUBLIC_URL=live_server.url)
    number = cast.documents(live_server.people, live_server.titles).f4.number
    anne = logged_in(text_browser, "anne@grandlarge.example")
    anne.open("/paiement", "Calculer le règlement")
    anne.tick(f"Facture {number}")
    anne.press("Calculer le règlement")
    anne.see("À régler")
    anne.press("Payer 111,37")
    anne.press("Aller sur la page de paiement")
    anne.see("Page de paiement de la démonstration")
    anne.press("Abandonner")
    anne.see("ne payez pas une seconde fois")
    anne.press("Retourner sur la page de paiement")
    anne.see("Page de paiement de la démonstration")
    anne.press("Payer", after="111,37")
    anne.see("Documents réglés")
