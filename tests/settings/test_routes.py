"""`/equipe/reglages`: shown before kept, dated, signed, taken back; bank details by two people (R105)."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.models import User
from harmattan.core import audit, clock, settings
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.core.services import Service
from harmattan.deliveries import service as deliveries
from harmattan.deliveries.rules import DeliveryMode
from harmattan.settings.models import SettingsVersion
from harmattan.settings.rules import VersionState
from tests import cast
from tests.browser import Browser, form_data
from tests.cast import MONDAY
from tests.journeys.acts import INES, KARIM, MARIE, mails

ROOT = "root@equipe.example"
HOME = "/equipe/reglages"
PHONES, HOURS, BANK, SUBJECTS = (f"{HOME}/{slug}" for slug in ("telephones", "horaires", "banque", "sujets"))
CLOSING = f"{HOME}/fermetures"
MENTIONS, CARRIAGE, DELAYS = (f"{HOME}/{slug}" for slug in ("mentions", "port-metropole", "delais"))
PREVIEW, KEEP, PROPOSE = "Voir l'aperçu", "Enregistrer ces changements", "Proposer ces changements"
NEW_PHONE = "01 99 00 00 99"
NEW_BANK = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "bic": "PSSTFRPPPAR", "banque": "La Banque Postale"}
TODAY = dt.date(2026, 11, 23)
FIRST = dt.date(2026, 12, 1)


@pytest.fixture
def root(browser: Browser, people: SimpleNamespace) -> Browser:
    return browser.log_in(ROOT)


@pytest.fixture
def second(people: SimpleNamespace, new_browser: Callable[..., Browser]) -> Browser:
    """Another person of settings."""
    db.session.add(cast.staff("alix@equipe.example", "Alix Second", Service.SETTINGS))
    db.session.commit()
    return new_browser().log_in("alix@equipe.example")


def change(browser: Browser, url: str, keep: str = KEEP, **typed: str) -> Browser:
    """Type, look at the preview, keep what it shows."""
    browser.open(url).submit(url, PREVIEW, **typed)
    assert browser.status == 200, browser.faults()
    return browser.submit(url, keep)


def standing(browser: Browser, url: str, name: str) -> str:
    """What stands in a field."""
    return form_data(browser.form(url, PREVIEW))[name][0]


def versions() -> list[SettingsVersion]:
    return list(db.session.scalars(sa.select(SettingsVersion).order_by(SettingsVersion.id)))


def test_a_preview_shows_old_and_new_and_keeps_nothing(root: Browser) -> None:
    root.open(PHONES).submit(PHONES, PREVIEW, commercial="01.99.00.00.99")
    assert "rien n'est encore enregistré" in root.text
    assert "01 40 46 79 13" in root.text
    assert NEW_PHONE in root.text
    assert versions() == []
    assert settings.house().sales_phone == "01 40 46 79 13"


def test_what_is_kept_is_read_everywhere_at_once_and_signed(
    root: Browser, new_browser: Callable[..., Browser]
) -> None:
    change(root, PHONES, commercial=NEW_PHONE)
    assert "Téléphones : enregistré." in root.text
    (version,) = versions()
    assert (version.made_by, version.valid_from, version.facts) == (
        "Root Admin",
        TODAY,
        {"sales_phone": NEW_PHONE},
    )
    assert version.before == {"sales_phone": "01 40 46 79 13"}
    shop = new_browser()
    for page in ("/connexion", "/aide"):
        assert NEW_PHONE in shop.open(page).text
    entry = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="settings.change")).one()
    assert entry.details["changes"] == [f"Service commercial : 01 40 46 79 13 → {NEW_PHONE}"]


def test_a_change_begins_on_its_day(root: Browser) -> None:
    change(root, HOURS, ouverture="10 h", jour="2026-12-01")
    assert settings.house().desk_opens == dt.time(9)
    assert "prévu" in root.text
    clock.start_at(clock.at_paris(FIRST, dt.time(0, 1)))
    assert settings.house().desk_opens == dt.time(10)


def test_what_was_announced_comes_over_what_is_changed_before(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE, jour="2026-12-01")
    change(root, PHONES, commercial="01 22 22 22 22")
    assert settings.house().sales_phone == "01 22 22 22 22"
    clock.start_at(clock.at_paris(FIRST, dt.time(9)))
    assert settings.house().sales_phone == NEW_PHONE


def test_another_value_than_the_one_shown_is_shown_again_before_it_is_kept(root: Browser) -> None:
    root.open(PHONES).submit(PHONES, PREVIEW, commercial=NEW_PHONE)
    root.submit(PHONES, KEEP, commercial="01 22 22 22 22")
    assert "rien n'est encore enregistré" in root.text
    assert versions() == []


def test_what_somebody_else_has_changed_meanwhile_is_shown_again(root: Browser, second: Browser) -> None:
    root.open(PHONES).submit(PHONES, PREVIEW, commercial=NEW_PHONE)
    change(second, PHONES, sav="01 22 22 22 22")
    root.submit(PHONES, KEEP)
    assert "rien n'est encore enregistré" in root.text
    assert len(versions()) == 1
    root.submit(PHONES, KEEP)
    house = settings.house()
    assert (house.sales_phone, house.after_sales_phone) == (NEW_PHONE, "01 22 22 22 22")


def test_pressed_twice_it_is_kept_once(root: Browser) -> None:
    root.open(PHONES).submit(PHONES, PREVIEW, commercial=NEW_PHONE)
    form = root.form(PHONES, KEEP)
    typed = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    root.post(PHONES, typed)
    root.post(PHONES, typed)
    assert "Rien ne change" in root.text
    assert len(versions()) == 1


def test_nothing_new_is_said_so(root: Browser) -> None:
    root.open(PHONES).submit(PHONES, PREVIEW)
    assert "Rien ne change" in root.text


@pytest.mark.parametrize(
    ("url", "typed", "word"),
    [
        (PHONES, {"commercial": "12"}, "10 chiffres"),
        (HOURS, {"fermeture": "8 h"}, "après l'ouverture"),
        (CLOSING, {"jours": "Noël"}, "un jour par ligne"),
        (HOURS, {"jour": "2026-11-22"}, "ce qui est passé ne change plus"),
        (HOURS, {"jour": "2036-11-22"}, "deux ans"),
        (HOURS, {"jour": ""}, "Saisissez le jour"),
        (HOURS, {"jour": "bientôt"}, "jj/mm/aaaa"),
        (MENTIONS, {"siren": "732829320"}, "finit par le SIREN"),
        (BANK, {"iban": "FR76"}, "IBAN"),
        (SUBJECTS, {"objet-suivi": "settings"}, "Choisissez le service"),
        (CARRIAGE, {"tarif": "1 ; 2"}, "Ligne 1"),
        (CARRIAGE, {"jour": "2026-11-23"}, "à partir du 24 novembre 2026"),
    ],
)
def test_what_is_refused_says_what_to_type_and_keeps_it(
    root: Browser, url: str, typed: dict[str, str], word: str
) -> None:
    root.open(url).submit(url, PREVIEW, **typed)
    assert root.status == 422
    assert word in root.text
    (name, value), *_ = typed.items()
    if name != "objet-suivi":
        assert standing(root, url, name) == value
    assert versions() == []


def test_a_change_is_taken_back_by_another_one(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE)
    root.open(str(root.main().find("a", href=lambda link: link and "reprendre=1" in link)["href"]))
    assert standing(root, PHONES, "commercial") == "01 40 46 79 13"
    root.submit(PHONES, PREVIEW).submit(PHONES, KEEP)
    assert settings.house().sales_phone == "01 40 46 79 13"
    assert [each.undoes for each in versions()] == [None, 1]
    assert "reprend le changement 1" in root.text


def test_a_change_is_withdrawn_before_its_day(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE, jour="2026-12-01")
    root.submit(f"{PHONES}/1/retirer")
    clock.start_at(clock.at_paris(FIRST, dt.time(9)))
    assert settings.house().sales_phone == "01 40 46 79 13"
    assert "Retiré par Root Admin" in root.text


def test_from_its_day_on_a_change_is_not_withdrawn(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE)
    root.post(f"{PHONES}/1/retirer")
    assert root.status == 409
    assert "revenez aux valeurs d'avant" in root.text
    assert settings.house().sales_phone == NEW_PHONE


def test_bank_details_hold_once_a_second_person_has_confirmed_them(root: Browser, second: Browser) -> None:
    change(root, BANK, PROPOSE, **NEW_BANK)
    assert settings.house().bank_name == "Banque de la démonstration"
    assert "une autre personne de l'administration le confirme" in root.text
    assert [mail.recipient for mail in mails("settings_proposed")] == ["espace-libraires@harmattan.example"]
    assert "1 réglage à confirmer" in second.open("/equipe").text
    second.open(BANK).submit(f"{BANK}/1/confirmer")
    assert (settings.house().iban, settings.house().bic) == ("FR1420041010050500013M02606", "PSSTFRPPPAR")
    (mail,) = mails("bank_details_changed")
    assert mail.recipient == "comptabilite@harmattan.example"
    assert "FR76 •••• 0189 → FR14 •••• 2606" in mail.body
    assert "FR1420041010050500013M02606" not in mail.body


def test_nobody_confirms_what_they_have_proposed_themselves(root: Browser) -> None:
    change(root, BANK, PROPOSE, **NEW_BANK)
    root.post(f"{BANK}/1/confirmer")
    assert root.status == 409
    assert "une autre personne" in root.text
    assert settings.house().bank_name == "Banque de la démonstration"


def test_a_second_proposal_waits_for_the_first_and_the_page_says_so_at_once(
    root: Browser, second: Browser
) -> None:
    second.open(BANK).submit(BANK, PREVIEW, banque="Autre banque")
    change(root, BANK, PROPOSE, **NEW_BANK)
    assert "Un changement attend d'être confirmé" in root.text
    assert not root.page.find_all("input", attrs={"name": "iban"})
    second.submit(BANK, PROPOSE)
    assert len(versions()) == 1


def test_a_bic_of_another_bank_than_the_iban_is_refused(root: Browser) -> None:
    root.open(BANK).submit(BANK, PREVIEW, iban=NEW_BANK["iban"])
    assert root.status == 422
    assert "ce n'est pas celui de la banque de cet IBAN" in root.text


def test_days_off_hold_at_once_for_the_days_to_come(root: Browser) -> None:
    off = dt.date(2026, 12, 2)
    change(root, CLOSING, jours="02/12/2026")
    assert off in settings.house().closing_days


def test_a_proposal_confirmed_twice_or_withdrawn_meanwhile_is_decided_once(
    root: Browser, second: Browser
) -> None:
    change(root, BANK, PROPOSE, **NEW_BANK)
    second.open(BANK)
    root.submit(f"{BANK}/1/retirer")
    second.submit(f"{BANK}/1/confirmer")
    assert second.status == 409
    assert versions()[0].state is VersionState.WITHDRAWN
    assert mails("bank_details_changed") == []


def test_a_proposal_confirmed_after_its_day_holds_from_then_on(root: Browser, second: Browser) -> None:
    change(root, BANK, PROPOSE, **NEW_BANK)
    clock.start_at(MONDAY + dt.timedelta(days=2))
    second.log_in("alix@equipe.example").open(BANK).submit(f"{BANK}/1/confirmer")
    assert versions()[0].valid_from == TODAY + dt.timedelta(days=2)


def test_a_specimen_shows_the_mentions_to_come(root: Browser) -> None:
    root.open(MENTIONS).submit(MENTIONS, PREVIEW, capital="250 000 €")
    root.submit(MENTIONS, "specimen")
    assert root.response.mimetype == "application/pdf"
    assert root.response.data.startswith(b"%PDF")
    assert versions() == []


def test_a_subject_goes_to_the_service_that_is_set(
    root: Browser, new_browser: Callable[..., Browser]
) -> None:
    change(root, SUBJECTS, **{"objet-suivi": "sales"})
    shop = new_browser(htmx=root.htmx).log_in(KARIM).open("/contact?objet=suivi")
    assert "Part vers : service commercial." in shop.text
    assert "Par téléphone : 01 40 46 79 13 , ouvert jusqu'à 17 h." in shop.text
    shop.submit("/contact", objet="suivi", message="Où est mon colis ?")
    assert new_browser().log_in(MARIE).open("/equipe/messages/commercial").text.count("Suivi d'une commande")


def test_accounts_and_bank_details_stay_with_accounting(root: Browser) -> None:
    text = root.open(SUBJECTS).text
    assert "LCR, RIB" not in text
    root.submit(SUBJECTS, PREVIEW, **{"objet-suivi": "sales", "objet-lcr": "sales"})
    root.submit(SUBJECTS, KEEP)
    assert settings.house().subject_services == {"suivi": "sales"}


def test_delays_move_the_promise(root: Browser) -> None:
    root.open(DELAYS).submit(DELAYS, PREVIEW, **{"transport-standard": "5"})
    assert "au plus tôt le mardi 1er décembre" in root.text


def test_a_tariff_begins_on_its_day_and_is_withdrawn_before(root: Browser) -> None:
    cast.tariffs()
    change(root, CARRIAGE, tarif="2 ; 7,00 ; 15,00 ; 0", jour="2026-12-01")

    def fee(day: dt.date) -> int | None:
        return deliveries.fee(DeliveryMode.STANDARD, Territory.MAINLAND, 900, day).fee_cents

    assert (fee(FIRST - dt.timedelta(days=1)), fee(FIRST)) == (590, 700)
    root.open(CARRIAGE).submit(f"{CARRIAGE}/1/retirer")
    assert fee(FIRST) == 590


def test_a_second_tariff_on_one_day_is_refused(root: Browser) -> None:
    change(root, CARRIAGE, tarif="2 ; 7,00 ; 15,00 ; 0", jour="2026-12-01")
    change(root, CARRIAGE, tarif="2 ; 8,00 ; 15,00 ; 0", jour="2026-12-01")
    assert root.status == 409
    assert len(versions()) == 1


@pytest.mark.parametrize("email", [MARIE, INES, KARIM])
def test_settings_are_for_the_administration_alone(
    browser: Browser, people: SimpleNamespace, email: str
) -> None:
    browser.log_in(email)
    for url in (HOME, PHONES, BANK):
        assert browser.open(url).status == 403


def test_unknown_sections_and_versions_do_not_exist(root: Browser) -> None:
    for url in (f"{HOME}/rien", f"{PHONES}/7/confirmer", f"{PHONES}?reprendre=7"):
        assert root.open(url).status == 404


def test_a_typed_address_of_an_act_leads_to_the_section(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE)
    assert root.open(f"{PHONES}/1/retirer").url == PHONES


def test_the_index_says_what_waits(root: Browser) -> None:
    change(root, BANK, PROPOSE, **NEW_BANK)
    change(root, PHONES, commercial=NEW_PHONE, jour="2026-12-01")
    change(root, PHONES, touche="touche 5")
    text = root.open(HOME).text
    assert "À confirmer par une autre personne" in text
    assert "Prévu le" in text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User))


def headings(browser: Browser) -> list[str]:
    return [each.get_text().replace("\u00a0", " ") for each in browser.main().select("h3")]


def test_a_change_that_another_has_replaced_is_no_longer_said_to_be_in_force(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE)
    clock.start_at(MONDAY + dt.timedelta(days=2))
    change(root.log_in(ROOT), PHONES, commercial="01 22 22 22 22")
    change(root, PHONES, commercial="01 33 33 33 33")
    assert headings(root) == [
        "Changement 3, en vigueur depuis le 25 novembre 2026",
        "Changement 2, remplacé le jour même, le 25 novembre 2026",
        "Changement 1, en vigueur du 23 novembre 2026 au 24 novembre 2026",
    ]
    assert root.text.count("Remplacé") == 2


def test_a_change_of_which_a_part_still_holds_says_which_part_does_not(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE, touche="touche 5")
    change(root, PHONES, commercial="01 22 22 22 22", jour="2026-12-01")
    assert headings(root)[1] == "Changement 1, en vigueur depuis le 23 novembre 2026"
    assert root.text.count("autre valeur à partir du") == 1


def test_what_is_to_come_says_what_it_will_then_replace(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE, jour="2026-12-10")
    change(root, PHONES, commercial="01 22 22 22 22", jour="2026-12-01")
    assert [each.before["sales_phone"] for each in versions()] == ["01 22 22 22 22", "01 40 46 79 13"]
    root.submit(f"{PHONES}/2/retirer")
    db.session.expire_all()
    assert [each.before["sales_phone"] for each in versions()] == ["01 40 46 79 13", "01 40 46 79 13"]


def test_a_tariff_to_come_says_which_one_it_will_then_replace(root: Browser) -> None:
    cast.tariffs()
    change(root, CARRIAGE, tarif="2 ; 7,00 ; 15,00 ; 0", jour="2026-12-10")
    change(root, CARRIAGE, tarif="2 ; 6,00 ; 15,00 ; 0", jour="2026-12-01")
    later, sooner = versions()
    assert later.before["grid"] == sooner.facts["grid"]
    assert later.before["grid"]["standard"] == {"2000": 600}


def test_a_setting_that_is_no_more_leaves_its_changes_readable(root: Browser) -> None:
    change(root, PHONES, commercial=NEW_PHONE)
    (version,) = versions()
    version.facts = {**version.facts, "fax": "01 00 00 00 00"}
    version.before = {**version.before, "fax": ""}
    db.session.commit()
    settings.read_again()
    assert settings.house().sales_phone == NEW_PHONE
    assert NEW_PHONE in root.open(PHONES).text
    assert root.open(f"{PHONES}?reprendre=1").status == 200
    change(root, PHONES, commercial="01 22 22 22 22")
    assert settings.house().sales_phone == "01 22 22 22 22"


def test_with_htmx_the_preview_takes_the_keyboard(root: Browser) -> None:
    root.open(PHONES).submit(PHONES, PREVIEW, commercial=NEW_PHONE)
    (focused,) = root.main().select("[autofocus]")
    assert focused.get("aria-labelledby") == "apercu"
