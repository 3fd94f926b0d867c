"""J3: open an account, from the form of a stranger to the first log-in (R22–R29)."""

import datetime as dt
import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harmattan.access.models import Account, User
from harmattan.applications.models import Application, Piece
from harmattan.applications.rules import ApplicationState
from harmattan.core import clock, jobs, links
from harmattan.core.extensions import db
from harmattan.core.terms import EndOfMonth, PaymentTerm
from harmattan.deliveries.models import DeliveryAddress
from tests import cast
from tests.browser import Browser, fold
from tests.journeys.acts import HUGO, INES, MARIE, block, mails, send_again

FORM = "/ouvrir-un-compte"
LEA = {
    "siret": "812 345 676 00017",
    "trade_name": "Librairie des Marges",
    "legal_name": "SARL Les Marges",
    "gln": "3025000001014",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
    "street": "4 rue du Chapitre",
    "postal_code": "35000",
    "city": "Rennes",
    "last_name": "Martin",
    "first_name": "Léa",
    "email": "lea@marges.example",
    "phone": "02 99 00 00 01",
}
RIB = b"%PDF-1.7 RIB"
CHOSEN = "quatre phares sous la marée"

pytestmark = pytest.mark.usefixtures("people")


def apply(browser: Browser, **changes: str) -> str:
    """« Soumettre ma demande »; the address of the private page."""
    browser.open(FORM).submit(FORM, **(LEA | changes))
    assert re.fullmatch(FORM + r"/[\w-]{43}", browser.url), browser.faults() or browser.text
    return browser.url


def applications() -> list[Application]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Application).order_by(Application.id)))


def file(name: str, content: bytes) -> dict[str, tuple[io.BytesIO, str]]:
    return {"pieces": (io.BytesIO(content), name)}


def link_of(kind: str) -> str:
    """The private link of the latest mail of a kind."""
    found = re.search(r"http://[^/]+(/\S+)", mails(kind)[-1].body)
    assert found
    return found[1]


@pytest.fixture
def at_desk(browser: Browser, new_browser: Callable[..., Browser]) -> Callable[[str], Browser]:
    """Somebody of the staff, logged in, with HTMX where the applicant has it."""
    return lambda email: new_browser(htmx=browser.htmx).log_in(email)


@pytest.fixture
def marie(at_desk: Callable[[str], Browser]) -> Browser:
    return at_desk(MARIE)


def study(staff: Browser, number: int = 1) -> Browser:
    return staff.open(f"/equipe/acces/OUV-2026-{number:06}")


# 1. the form


def test_step_1_i_am_not_a_customer_leads_to_the_form(browser: Browser) -> None:
    for page in ("/acces", "/connexion"):
        link = browser.open(page).page.find("a", string="Je ne suis pas client")
        assert browser.open(link["href"]).url == FORM
    assert browser.page.find("button", string="Soumettre ma demande")
    assert "au plus tard le mercredi 2 décembre 2026" in browser.text


def test_step_1_a_wrong_siret_is_told_and_the_rest_is_kept(browser: Browser) -> None:
    browser.open(FORM).submit(FORM, **(LEA | {"siret": "81234567600018"}))
    assert browser.status == 422
    assert browser.faults() == ["Pour le SIRET, vérifiez les 14 chiffres : la clé ne correspond pas"]
    assert browser.page.find(id="city")["value"] == "Rennes"
    assert applications() == []


@pytest.mark.parametrize(
    "missing",
    [
        "siret",
        "trade_name",
        "legal_name",
        "street",
        "postal_code",
        "city",
        "last_name",
        "first_name",
        "email",
        "phone",
    ],
)
def test_each_missing_field_has_its_own_message(browser: Browser, missing: str) -> None:
    browser.open(FORM).submit(FORM, **(LEA | {missing: ""}))
    assert (browser.status, len(browser.faults())) == (422, 1)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("vat_number", "FR45732829320", "la clé ne correspond pas"),
        ("vat_number", "FR44732829320", "ses 9 derniers chiffres sont les 9 premiers du SIRET"),
        ("iban", "FR76 3000 6000 0112 3456 7890 188", "la clé ne correspond pas"),
        ("iban", "FR0630006000011234567890188", "vérifiez la fin du RIB"),
        ("postal_code", "3500", "cinq chiffres"),
        ("email", "lea chez marges", "nom@librairie.fr"),
    ],
)
def test_what_is_miscopied_is_told_with_its_remedy(
    browser: Browser, field: str, typed: str, words: str
) -> None:
    browser.open(FORM).submit(FORM, **(LEA | {field: typed}))
    assert browser.status == 422
    (fault,) = browser.faults()
    assert words in fault


def test_a_doubtful_gln_is_taken_and_pointed_out_to_both(browser: Browser, marie: Browser) -> None:
    apply(browser, gln="3025000001015")
    assert "Le GLN 3025000001015 semble mal recopié" in browser.text
    assert "À vérifier" in study(marie).text


# 2. the number, the link, the promise


def test_step_2_the_answer_is_a_number_a_private_link_and_a_day(browser: Browser) -> None:
    url = apply(browser)
    assert "OUV-2026-000001" in browser.text
    assert "réponse au plus tard le mercredi 2 décembre 2026" in browser.text
    assert f"{links.public_url()}{url}" in browser.text
    (mail,) = mails("application_received")
    assert (mail.recipient, mail.is_secret) == ("lea@marges.example", True)
    assert "au plus tard le mercredi 2 décembre 2026" in fold(mail.body)
    assert browser.response.headers["Referrer-Policy"] == "strict-origin"
    (application,) = applications()
    assert application.answer_by == dt.date(2026, 12, 2)
    assert application.siret == "81234567600017"


@pytest.mark.parametrize(
    ("day", "promised"),
    [
        (dt.date(2026, 11, 22), "mardi 1er décembre 2026"),
        (dt.date(2026, 11, 6), "mercredi 18 novembre 2026"),
        (dt.date(2026, 12, 21), "jeudi 31 décembre 2026"),
        (dt.date(2026, 4, 30), "mercredi 13 mai 2026"),
    ],
)
def test_the_promise_counts_working_days(
    browser: Browser, at_desk: Callable[[str], Browser], day: dt.date, promised: str
) -> None:
    clock.start_at(clock.at_paris(day, dt.time(10)))
    apply(browser)
    assert f"au plus tard le {promised}" in browser.text.replace("1 er", "1er")
    marie = at_desk(MARIE)
    assert promised in marie.open("/equipe/acces").text.replace("1 er", "1er")


def test_the_iban_is_sealed_in_the_database_and_masked_on_pages(browser: Browser, marie: Browser) -> None:
    apply(browser)
    stored = db.session.scalar(sa.text("SELECT iban FROM applications"))
    assert "3000" not in stored
    assert applications()[0].iban == "FR7630006000011234567890189"
    assert "FR76 •••• 0189" in study(marie).text
    assert "30006000" not in marie.response.text + browser.response.text


def test_the_application_is_in_the_queue_of_sales_and_no_other(
    browser: Browser, marie: Browser, at_desk: Callable[[str], Browser]
) -> None:
    apply(browser)
    assert "Librairie des Marges" in marie.open("/equipe/acces").text
    assert "Jour 0 sur 7" in marie.text
    for email in (HUGO, INES):
        other = at_desk(email)
        assert other.open("/equipe/acces").status == 403
        assert study(other).status == 403
    root = study(at_desk("root@equipe.example"))
    assert root.status == 200
    assert root.page.find(id="decisions") is None


def test_sales_find_an_application_from_their_start_page_and_by_search(
    browser: Browser, marie: Browser, at_desk: Callable[[str], Browser]
) -> None:
    apply(browser)
    marie.open("/equipe")
    assert "1 demande d'ouverture de compte à étudier" in marie.text
    assert marie.page.find("a", href="/equipe/acces")
    assert marie.open("/recherche?q=ouv-2026-1").url == "/equipe/acces/OUV-2026-000001"
    found = marie.open("/recherche?q=marges rennes").page.find("a", string="Librairie des Marges")
    assert found["href"] == "/equipe/acces/OUV-2026-000001"
    hugo = at_desk(HUGO)
    assert "Librairie des Marges" not in hugo.open("/recherche?q=marges").text
    assert hugo.open("/recherche?q=ouv-2026-1").url.startswith("/recherche")


@pytest.mark.parametrize(
    ("days", "clock_says"), [(7, "Jour 5 sur 7"), (9, "Jour 7 sur 7"), (10, "En retard : jour 8 sur 7")]
)
def test_the_clock_of_the_queue(
    browser: Browser, at_desk: Callable[[str], Browser], days: int, clock_says: str
) -> None:
    apply(browser)
    clock.start_at(cast.MONDAY + dt.timedelta(days=days))
    assert clock_says in at_desk(MARIE).open("/equipe/acces").text


# 3. a complement


def test_step_3_marie_asks_for_a_rib_and_it_comes_by_the_link(browser: Browser, marie: Browser) -> None:
    first_link = apply(browser)
    url = "/equipe/acces/OUV-2026-000001"
    study(marie).submit(f"{url}/complement", question="Il nous manque votre RIB.")
    assert "Complément demandé" in block(marie, "study")
    (mail,) = mails("application_details_asked")
    assert "Il nous manque votre RIB." in mail.body
    clock.start_at(cast.MONDAY + dt.timedelta(days=3))
    link = link_of("application_details_asked")
    assert link != first_link
    browser.open(link)
    assert "À vous : répondez" in block(browser, "standing")
    browser.submit(link, message="Le voici.", files=file("rib.pdf", RIB))
    assert browser.reloaded()
    said = block(browser, "standing")
    assert "au plus tard le lundi 7 décembre 2026" in said
    assert "promise pour le mercredi 2 décembre 2026 , donnée le 23 novembre 2026, 10 h" in said
    study(marie.log_out().log_in(MARIE))
    assert "mercredi 2 décembre 2026 , donnée le 23 novembre 2026" in marie.text
    assert "lundi 7 décembre 2026" in marie.text
    piece = marie.page.find("a", string="rib.pdf")
    assert marie.client.get(piece["href"]).data == RIB
    assert browser.open(first_link).status == 200


def test_pieces_may_come_with_the_form_or_later_before_anybody_asks(browser: Browser) -> None:
    browser.open(FORM).submit(
        FORM, files={"pieces": [(io.BytesIO(RIB), "kbis.pdf"), (io.BytesIO(RIB), "rib.pdf")]}, **LEA
    )
    browser.submit(browser.url, files=file("statuts.pdf", RIB))
    assert sorted(db.session.scalars(sa.select(Piece.name))) == ["kbis.pdf", "rib.pdf", "statuts.pdf"]
    (application,) = applications()
    assert application.state is ApplicationState.SUBMITTED
    assert application.answer_by == dt.date(2026, 12, 2)
    content = browser.client.get(browser.page.find("a", string="kbis.pdf")["href"])
    assert (content.data, content.headers["X-Content-Type-Options"]) == (RIB, "nosniff")


def test_an_empty_answer_is_told_what_to_do(browser: Browser) -> None:
    browser.open(apply(browser)).submit(browser.url, message="  ")
    assert browser.status == 422
    assert browser.faults() == ["Écrivez un message ou choisissez une pièce à envoyer"]


# 4. the account


def open_account(marie: Browser, number: int = 1, **fields: str) -> Browser:
    url = f"/equipe/acces/OUV-2026-{number:06}"
    return study(marie, number).submit(f"{url}/ouvrir", **fields)


def test_step_4_marie_opens_the_account_and_the_principal_user_comes_in(
    browser: Browser, marie: Browser
) -> None:
    follow = apply(browser)
    open_account(marie, discount="34,5", payment_term="60 days after")
    assert "Compte ouvert" in block(marie, "study")
    account = db.session.scalars(sa.select(Account).where(Account.siret == "81234567600017")).one()
    assert account.number == "104801"
    assert (account.discount_bp, account.payment_term) == (
        3450,
        PaymentTerm(60, end_of_month=EndOfMonth.AFTER),
    )
    address = db.session.scalars(
        sa.select(DeliveryAddress).where(DeliveryAddress.account_id == account.id)
    ).one()
    assert address.lines == ("Librairie des Marges", "4 rue du Chapitre", "35000 Rennes")
    assert "104801" in browser.open(follow).text
    (mail,) = mails("account_opened")
    assert (mail.recipient, mail.is_secret) == ("lea@marges.example", True)
    link = link_of("account_opened")
    for _ in range(3):
        assert browser.open(link).status == 200
    browser.submit(f"{link}/activer", password=CHOSEN)
    assert browser.url == "/connexion"
    browser.submit("/connexion", email="lea@marges.example", password=CHOSEN)
    assert browser.url == "/"
    lea = db.session.scalars(sa.select(User).where(User.email == "lea@marges.example")).one()
    assert (lea.is_principal, lea.account) == (True, account)
    assert account.activated_at is not None
    assert browser.log_out().open(link).status == 410


def test_a_weak_password_is_refused_at_the_invitation(browser: Browser, marie: Browser) -> None:
    apply(browser)
    open_account(marie)
    link = link_of("account_opened")
    browser.open(link).submit(f"{link}/activer", password="azerty123456")
    assert (browser.status, len(browser.faults())) == (422, 1)
    assert db.session.scalar(sa.select(User).where(User.email == "lea@marges.example")) is None


def test_an_invitation_after_48_hours_is_sent_again(browser: Browser, marie: Browser) -> None:
    apply(browser)
    open_account(marie)
    link = link_of("account_opened")
    clock.start_at(cast.MONDAY + dt.timedelta(hours=49))
    browser.open(link).submit(f"{link}/renvoyer")
    fresh = link_of("access_first_access")
    browser.open(fresh).submit(f"{fresh}/activer", password=CHOSEN)
    assert browser.url == "/connexion"


def test_a_forgotten_password_before_the_first_one_sends_a_new_link(browser: Browser, marie: Browser) -> None:
    apply(browser)
    open_account(marie)
    browser.open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email="lea@marges.example")
    jobs.run_due()
    fresh = link_of("access_first_access")
    browser.open(fresh).submit(f"{fresh}/activer", password=CHOSEN)
    assert browser.url == "/connexion"


def test_the_terms_are_checked(browser: Browser, marie: Browser) -> None:
    apply(browser)
    open_account(marie, discount="trente", recipient="")
    assert marie.status == 422
    assert len(marie.faults()) == 2
    assert len(mails("account_opened")) == 0


def test_an_address_that_logs_somebody_in_already_opens_no_second_account(
    browser: Browser, marie: Browser
) -> None:
    apply(browser, email="karim@grandlarge.example")
    open_account(marie)
    assert marie.status == 409
    assert "karim@grandlarge.example sert déjà à se connecter" in marie.text
    assert applications()[0].state is ApplicationState.SUBMITTED
    assert db.session.scalar(sa.select(Account).where(Account.siret == "81234567600017")) is None


# refusals


def test_before_opening_there_are_neither_prices_nor_cart(browser: Browser) -> None:
    apply(browser)
    for page in ("/", "/catalogue", "/panier", "/commandes", "/compte"):
        assert browser.open(page).url.startswith("/connexion")
    browser.open("/connexion").submit("/connexion", email="lea@marges.example", password=CHOSEN)
    assert browser.faults() == ["Vérifiez l'adresse e-mail et le mot de passe"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("kbis.pdf", b"%PDF-" + b"x" * 20 * 1024 * 1024, "dépasse 10 Mo"),
        ("outil.exe", b"MZ", "n'est pas accepté"),
        ("rib.pdf", b"MZ", "n'est pas celui d'un fichier PDF"),
    ],
)
def test_other_files_are_refused_before_saving_with_the_list(
    browser: Browser, name: str, content: bytes, words: str
) -> None:
    browser.open(FORM).submit(FORM, files=file(name, content), **LEA)
    assert browser.status == 422
    (fault,) = browser.faults()
    assert words in fault
    assert "PDF, JPG, PNG, TXT, CSV, XLSX ou ODS" in fault
    assert browser.page.find(id="trade_name")["value"] == "Librairie des Marges"
    assert applications() == []
    link = apply(browser)
    browser.open(link).submit(link, files=file(name, content))
    assert browser.status == 422
    assert db.session.scalar(sa.select(sa.func.count(Piece.id))) == 0


def test_the_same_siret_again_is_taken_neutrally_and_sales_see_a_double(
    browser: Browser, marie: Browser
) -> None:
    apply(browser)
    apply(browser, email="autre@marges.example", trade_name="Les Marges")
    apply(browser, siret="732 829 320 00074", email="ailleurs@marges.example")
    assert "oublon" not in browser.text
    assert marie.open("/equipe/acces").text.count("Doublon probable") == 3
    assert "OUV-2026-000002" in block(study(marie), "doubles")
    assert "même SIRET" in block(marie, "doubles")
    assert "même nom et même code postal" in block(study(marie, 3), "doubles")


def test_an_account_with_the_same_siret_is_a_probable_double(
    browser: Browser, marie: Browser, people: SimpleNamespace
) -> None:
    people.quais.siret = "81234567600017"
    apply(browser)
    assert "Compte 104733 , Librairie des Quais : même SIRET" in block(study(marie), "doubles")


def test_the_link_or_a_piece_of_another_application_is_a_404(browser: Browser) -> None:
    browser.open(FORM).submit(FORM, files=file("kbis.pdf", RIB), **LEA)
    mine = browser.url
    piece = browser.page.find("a", string="kbis.pdf")["href"]
    other = apply(browser, email="autre@marges.example")
    assert browser.open(f"{FORM}/{'x' * 43}").status == 404
    assert browser.client.get(piece).status_code == 200
    assert browser.client.get(piece.replace(mine, other)).status_code == 404


def test_a_refusal_keeps_its_reason_among_staff_and_lets_one_apply_again(
    browser: Browser, marie: Browser
) -> None:
    follow = apply(browser)
    url = "/equipe/acces/OUV-2026-000001"
    study(marie).submit(f"{url}/refuser", reason="")
    assert (marie.status, len(marie.faults())) == (422, 1)
    marie.submit(f"{url}/refuser", reason="Impayés chez un confrère")
    assert "Impayés chez un confrère" in block(marie, "study")
    (mail,) = mails("application_refused")
    browser.open(follow)
    for text in (fold(mail.body), browser.text):
        assert "Nous ne pouvons pas donner suite à votre demande pour le moment" in text
        assert "Impayés" not in text
    browser.open(browser.page.find("a", string="Faire une nouvelle demande")["href"])
    assert browser.page.find(id="trade_name")["value"] == "Librairie des Marges"
    assert browser.page.find(id="iban")["value"] == ""
    browser.submit(FORM)
    assert "OUV-2026-000002" in browser.text


def test_the_applicant_withdraws(browser: Browser, marie: Browser) -> None:
    follow = apply(browser)
    browser.submit(f"{follow}/retirer")
    assert browser.reloaded()
    assert "Vous avez retiré cette demande" in block(browser, "standing")
    assert "Librairie des Marges" not in block(marie.open("/equipe/acces"), "contenu")
    assert "Librairie des Marges" in marie.open("/equipe/acces?etat=closes").text
    for act in ("", "/retirer"):
        browser.open(FORM).post(f"{follow}{act}", message="Encore un mot")
        assert browser.status == 409


def test_what_sales_do_over_the_head_of_an_answer_changes_nothing(browser: Browser, marie: Browser) -> None:
    follow = apply(browser)
    study(marie)
    browser.submit(follow, message="Notre adresse change en janvier.")
    url = "/equipe/acces/OUV-2026-000001"
    marie.submit(f"{url}/ouvrir")
    assert marie.status == 409
    assert "Dernier mouvement : complément envoyé par Léa Martin" in marie.text
    study(marie).submit(f"{url}/ouvrir")
    assert applications()[0].state is ApplicationState.OPENED


def test_an_opened_account_is_not_refused_or_opened_again(browser: Browser, marie: Browser) -> None:
    apply(browser)
    url = "/equipe/acces/OUV-2026-000001"
    forms = {act: send_again(study(marie), f"{url}/{act}") for act in ("complement", "ouvrir", "refuser")}
    marie.submit(f"{url}/ouvrir")
    for act, form in forms.items():
        marie.post(f"{url}/{act}", form, question="Et le RIB ?", reason="Trop tard")
        assert marie.status == 409
    assert len(mails("account_opened")) == 1


def test_a_form_sent_twice_is_one_application(browser: Browser) -> None:
    browser.open(FORM)
    old_page = send_again(browser, FORM) | LEA
    for _ in range(2):
        browser.post(FORM, old_page)
        assert "OUV-2026-000001" in browser.text
    assert len(applications()) == len(mails("application_received")) == 1


def test_the_sixth_application_of_a_network_in_ten_minutes_is_refused(browser: Browser) -> None:
    for _ in range(5):
        apply(browser)
    browser.open(FORM).submit(FORM, **LEA)
    assert browser.status == 429
    assert len(applications()) == 5


def test_bank_details_do_not_wait_in_a_draft(browser: Browser) -> None:
    browser.open(FORM)
    browser.client.delete_cookie("session")
    browser.htmx = False
    browser.submit(FORM, **LEA)
    drafts = db.session.scalars(sa.text("SELECT fields FROM drafts")).all()
    assert drafts
    assert not any("3000" in draft for draft in drafts)


def test_only_sales_decide(browser: Browser, at_desk: Callable[[str], Browser]) -> None:
    apply(browser)
    url = "/equipe/acces/OUV-2026-000001"
    for email in (HUGO, INES, "root@equipe.example"):
        other = at_desk(email).open("/equipe")
        for act in ("complement", "ouvrir", "refuser"):
            assert other.post(f"{url}/{act}", question="x", reason="x", version="1").status == 403
    assert applications()[0].state is ApplicationState.SUBMITTED
