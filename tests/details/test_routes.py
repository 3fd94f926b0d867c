"""Details are read-only; a change is asked for, old and new, and applied by sales in one click (R58–R60)."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from harmattan.access.models import Account
from harmattan.conversations.rules import ThreadState
from harmattan.core.extensions import db
from harmattan.core.services import Service
from tests.browser import Browser, fold
from tests.journeys.acts import HUGO, INES, KARIM, LUCIE, MARIE, block, mails, send_again, threads

FORM = "/compte/modification"
NEW_PHONE = "02 40 00 00 21"


@pytest.fixture
def karim(browser: Browser, people: SimpleNamespace) -> Browser:
    people.grand_large.phone = "02 40 00 00 12"
    return browser.log_in(KARIM)


@pytest.fixture
def at_desk(browser: Browser, new_browser: Callable[..., Browser]) -> Callable[[str], Browser]:
    return lambda email: new_browser(htmx=browser.htmx).log_in(email)


@pytest.fixture
def marie(at_desk: Callable[[str], Browser]) -> Browser:
    return at_desk(MARIE)


def ask(browser: Browser, **changes: str) -> str:
    """Send a request; the address at which sales decide it."""
    browser.open(FORM).submit(FORM, **changes)
    assert browser.url.startswith("/compte"), browser.faults()
    return f"/equipe/coordonnees/{threads()[-1].reference}"


def account(people: SimpleNamespace) -> Account:
    db.session.refresh(people.grand_large)
    return people.grand_large


def test_a_request_goes_to_sales_as_a_message_with_old_and_new(
    karim: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    url = ask(karim, phone=NEW_PHONE, street="14 quai de la Fosse", words="À partir de lundi.")
    (thread,) = threads()
    assert (thread.service, thread.subject) == (Service.SALES, "autres")
    assert account(people).phone == "02 40 00 00 12"
    assert f"La demande {thread.reference} est partie" in karim.text
    assert "Étude par le service commercial" in block(karim, "changes")
    body = marie.open(f"/equipe/messages/{thread.reference}").text
    assert "Téléphone : 02 40 00 00 12 → 02 40 00 00 21" in body
    assert "À partir de lundi." in body
    assert "Numéro et rue" in marie.open("/equipe/acces").text
    assert NEW_PHONE in marie.open(url).text
    assert [mail.recipient for mail in mails("message_received")] == [KARIM]


def test_sales_apply_it_in_one_click_from_the_message(
    karim: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    url = ask(karim, phone=NEW_PHONE, city="Rezé")
    (thread,) = threads()
    marie.open(f"/equipe/messages/{thread.reference}").submit(f"{url}/appliquer")
    assert marie.url == url
    assert (account(people).phone, account(people).city) == (NEW_PHONE, "Rezé")
    db.session.refresh(thread)
    assert thread.state is ThreadState.CLOSED
    assert [mail.recipient for mail in mails("message_answered")] == [KARIM]
    (told,) = mails("details_changed")
    assert told.recipient == "contact@grandlarge.example"
    assert "Téléphone : 02 40 00 00 12 → 02 40 00 00 21" in fold(told.body)
    said = block(karim.open("/compte"), "changes")
    assert "Appliquée par Marie Duval, service commercial" in said
    anne = karim.log_out().log_in("anne@grandlarge.example")
    assert "Coordonnées modifiées" in anne.open("/compte/journal").text
    assert NEW_PHONE in anne.text


def test_the_page_of_the_request_is_answered_in_place(karim: Browser, marie: Browser) -> None:
    url = ask(karim, phone=NEW_PHONE)
    marie.open(url).submit(f"{url}/appliquer")
    assert "Appliquée par Marie Duval" in block(marie, "decision")
    assert marie.reloaded()


def test_a_changed_address_on_file_is_told_to_the_old_one_too(
    karim: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    url = ask(karim, email="bonjour@grandlarge.example")
    assert "vérifiez par téléphone" in marie.open(url).text
    marie.submit(f"{url}/appliquer")
    assert {mail.recipient for mail in mails("details_changed")} == {
        "contact@grandlarge.example",
        "bonjour@grandlarge.example",
    }


def test_what_has_changed_since_is_not_written_over(
    karim: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    url = ask(karim, phone=NEW_PHONE, city="Rezé")
    form = send_again(marie.open(url), f"{url}/appliquer")
    people.grand_large.phone = "02 40 99 99 99"
    db.session.commit()
    marie.post(f"{url}/appliquer", form)
    assert marie.status == 409
    assert "Téléphone : « 02 40 99 99 99 » aujourd'hui" in marie.text
    assert (account(people).phone, account(people).city) == ("02 40 99 99 99", "Nantes")
    assert mails("details_changed") == []
    assert "le compte dit maintenant « 02 40 99 99 99 »" in marie.open(url).text
    marie.submit(f"{url}/refuser", words="Ce numéro vient de changer : lequel est le bon ?")
    assert "Refusée par Marie Duval" in marie.text


def test_a_refusal_has_words_and_changes_nothing(
    karim: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    url = ask(karim, legal_name="SAS Le Grand Large")
    marie.open(url).submit(f"{url}/refuser", words="")
    assert marie.faults() == ["Écrivez au libraire pourquoi rien ne change"]
    marie.submit(f"{url}/refuser", words="Envoyez-nous d’abord le nouveau Kbis.")
    assert account(people).legal_name == "SARL Le Grand Large"
    (mail,) = mails("message_answered")
    assert "Envoyez-nous d'abord le nouveau Kbis." in fold(mail.body)
    assert "Envoyez-nous d'abord le nouveau Kbis." in block(karim.open("/compte"), "changes")


def test_a_second_decision_is_told_who_decided(karim: Browser, marie: Browser) -> None:
    url = ask(karim, phone=NEW_PHONE)
    forms = {act: send_again(marie.open(url), f"{url}/{act}") for act in ("appliquer", "refuser")}
    marie.submit(f"{url}/appliquer")
    marie.open("/equipe")
    for act, form in forms.items():
        marie.post(f"{url}/{act}", form, words="Trop tard")
        assert marie.status == 409
        assert "Appliquée par Marie Duval le 23 novembre 2026" in marie.text


def test_what_the_shop_wrote_meanwhile_is_read_first(karim: Browser, marie: Browser) -> None:
    url = ask(karim, phone=NEW_PHONE)
    form = send_again(marie.open(url), f"{url}/appliquer")
    page = f"/messages/{threads()[0].reference}"
    karim.open(page).submit(page, message="Attendez, je me suis trompé de numéro.")
    marie.post(f"{url}/appliquer", form)
    assert marie.status == 409
    assert "À l'étude" in marie.open(url).text


@pytest.mark.parametrize("email", [KARIM, LUCIE, "anne@grandlarge.example"])
def test_nobody_of_the_shop_writes_the_details(browser: Browser, people: SimpleNamespace, email: str) -> None:
    browser.log_in(email).open("/compte").post("/compte", phone=NEW_PHONE, discount_bp="9000")
    assert browser.status == 403
    assert "Le service commercial les change à votre demande" in browser.text
    assert account(people).phone != NEW_PHONE


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Changez au moins une valeur"),
        ({"siret": "81234567600018"}, "la clé ne correspond pas"),
        ({"email": ""}, "Saisissez l'adresse e-mail"),
        ({"postal_code": "4400"}, "cinq chiffres"),
    ],
)
def test_what_cannot_be_asked_is_told(karim: Browser, changes: dict[str, str], words: str) -> None:
    karim.open(FORM).submit(FORM, **changes)
    assert karim.status == 422
    (fault,) = karim.faults()
    assert words in fault
    assert threads() == []


def test_a_value_on_file_that_no_form_would_take_hinders_no_other_change(
    karim: Browser, people: SimpleNamespace
) -> None:
    people.grand_large.siret = "123"
    ask(karim, phone=NEW_PHONE)
    assert "Téléphone" in block(karim, "changes")
    assert "SIRET" not in block(karim, "changes")


def test_no_column_that_the_form_does_not_show_can_be_asked_for(
    karim: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    karim.open(FORM)
    karim.post(FORM, send_again(karim, FORM), phone=NEW_PHONE, discount_bp="9000", number="1")
    url = f"/equipe/coordonnees/{threads()[0].reference}"
    marie.open(url).submit(f"{url}/appliquer")
    assert (account(people).discount_bp, account(people).number) == (3600, "104512")


def test_a_form_sent_twice_is_one_request(karim: Browser) -> None:
    karim.open(FORM)
    form = send_again(karim, FORM)
    for _ in range(2):
        karim.post(FORM, form, phone=NEW_PHONE)
    assert len(threads()) == 1


def test_only_sales_decide_and_only_settings_read_along(
    karim: Browser, at_desk: Callable[[str], Browser], people: SimpleNamespace
) -> None:
    url = ask(karim, phone=NEW_PHONE)
    for email, reads in ((HUGO, 403), (INES, 403), ("root@equipe.example", 200), (KARIM, 403)):
        other = at_desk(email)
        assert other.open(url).status == reads
        other.open("/faq")
        for act in ("appliquer", "refuser"):
            assert other.post(f"{url}/{act}", version="1", words="x").status == 403
    assert account(people).phone == "02 40 00 00 12"


def test_another_shop_sees_nothing_of_it(karim: Browser, at_desk: Callable[[str], Browser]) -> None:
    ask(karim, phone=NEW_PHONE)
    paul = at_desk("paul@quais.example").open("/compte")
    assert paul.page.find(id="changes") is None
