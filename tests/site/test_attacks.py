"""What an attacker tries first, and what comes of it: nothing (reliability.md §4, ASVS)."""

import csv
import email
import email.policy
import io
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from harmattan import create_app
from harmattan.access.models import LoginSession
from harmattan.cart.models import Cart, CartLine
from harmattan.conversations.models import Attachment
from harmattan.core.drafts import Draft
from harmattan.core.extensions import Base, db
from harmattan.lists.models import OrderList
from harmattan.outbox import delivery, rendering
from harmattan.outbox.commands import work
from harmattan.outbox.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.configuration import SETTINGS

ANNE, KARIM, PAUL, MARIE = (
    *("anne@grandlarge.example", "karim@grandlarge.example"),
    *("paul@quais.example", "marie@equipe.example"),
)
T1 = "9782343000015"
XSS = "\"'></textarea></title><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*191 }}"
VISITOR = {"objet": "autres", "nom": "Zoé Prat", "email": "zoe@ailleurs.example", "message": "Bonjour"}


@pytest.fixture
def shop(app: Flask, people: SimpleNamespace) -> SimpleNamespace:
    app.config["THROTTLE"] = 1000.0
    books = cast.titles()
    cast.tariffs()
    db.session.commit()
    return SimpleNamespace(**vars(people), **vars(books))


def ordering(browser: Browser, **cart: str) -> Browser:
    """Karim orders one T1 by the pages; the browser stands on the order."""
    browser.log_in(KARIM).open("/").submit("/panier/lignes", isbn=T1, quantity="2")
    browser.open("/panier").submit("/panier", button="Vérifier et commander", **cart)
    return browser.open("/commandes/verifier").submit("/commandes")


def mailed(app: Flask) -> str:
    """What stands in all mails once the worker has done all there is to do."""
    while work():
        pass
    texts = []
    for path in Path(app.instance_path, "mail").glob("*.eml"):
        written = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        texts += [part.get_content() for part in written.walk() if part.get_content_type() == "text/plain"]
    return "\n".join(texts)


def token_of(html: str) -> str:
    found = BeautifulSoup(html, "html.parser").find(attrs={"name": "csrf_token"})
    assert found is not None
    return str(found["value"])


# forms of another site


def addresses(app: Flask, method: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            sample = re.sub(r"<any\((\w+).*?>", r"\1", rule.rule)
            yield re.sub(r"<[^>]+>", "x", re.sub(r"<int:\w+>", "1", sample))


@pytest.mark.parametrize("email", [None, ANNE, MARIE])
def test_no_form_is_taken_without_its_token(app: Flask, people: SimpleNamespace, email: str | None) -> None:
    client = app.test_client()
    if email:
        Browser(client).log_in(email)
    forged: list[dict[str, Any]] = [
        {"headers": {"HX-Request": "true"}},
        {"data": {"csrf_token": "ImZvcmdlZCI.aaaa.bbbb", "comment": "x"}},
        {"headers": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}},
    ]
    for url in addresses(app, "POST"):
        for sent in forged:
            answer = client.post(url, **sent)
            where = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
            refused = answer.status_code in (400, 403) or where.startswith("/connexion?next=")
            assert refused, (url, sent, answer.status_code)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == bool(email)


# addresses


def test_forged_forms_and_failed_log_ins_leave_a_line(
    app: Flask,
    people: SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ASVS 16.3.1 and 16.3.3; neither line says what was typed."""
    monkeypatch.setattr(logging.getLogger("harmattan"), "propagate", True)
    caplog.set_level("INFO")
    browser = Browser(app.test_client()).open("/connexion")
    browser.submit("/connexion", email=ANNE, password="faux-secret")
    browser.submit("/connexion", email=ANNE, password="faux-secret", csrf_token="x")
    records = [record for record in caplog.records if record.name.startswith("harmattan.")]
    said = list(dict.fromkeys(record.getMessage() for record in records))  # captured on two levels
    assert said == ["a log-in from 127.0.0.1 failed", "a form without its token came to /connexion"]


ELSEWHERE = (
    *("//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/%0d%0aX-Evil:1"),
    *("javascript:alert(1)", "/\r\nX-Evil: 1", "///evil.example", "/ /evil.example", "evil.example"),
)


@pytest.mark.parametrize("wished", ELSEWHERE)
def test_log_in_leads_nowhere_but_into_the_portal(
    browser: Browser, people: SimpleNamespace, wished: str
) -> None:
    browser.client.get("/connexion", query_string={"next": wished})
    browser.log_in(ANNE)
    headers = {"HX-Request": "true"} if browser.htmx else {}
    answer = browser.client.get("/connexion", query_string={"next": wished}, headers=headers)
    target = answer.headers.get("HX-Redirect") or answer.headers["Location"]
    assert re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", target)
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    "said", ["http://localhost//evil.example/x", "http://evil.example/", "javascript:alert(1)", "//evil.test"]
)
def test_the_way_back_of_an_expired_form_is_a_page_of_ours(
    app: Flask, people: SimpleNamespace, said: str
) -> None:
    client = app.test_client()
    Browser(client).log_in(ANNE)
    for headers in ({"Referer": said}, {"HX-Request": "true", "HX-Current-URL": said}):
        answer = client.post("/panier", data={"comment": "x"}, headers=headers)
        links = [str(a["href"]) for a in BeautifulSoup(answer.text, "html.parser").find_all("a", href=True)]
        assert answer.status_code == 400
        assert not [link for link in links if not re.match(r"tel:|[/#](?![/\\])", link)]


def test_mails_name_our_own_address_whatever_host_was_asked(app: Flask, people: SimpleNamespace) -> None:
    client, evil = app.test_client(), {"base_url": "http://evil.test"}
    token = token_of(client.get("/mot-de-passe-oublie", **evil).text)
    forged = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    client.post("/mot-de-passe-oublie", data={"csrf_token": token, "email": ANNE}, headers=forged, **evil)
    written = mailed(app)
    assert f"{app.config['PUBLIC_URL']}/mot-de-passe-oublie/" in written
    assert "evil" not in written


def test_production_answers_to_its_own_name_alone(tmp_path: Path, migrated: Path) -> None:
    settings = {"ENV_NAME": "production", "PUBLIC_URL": "https://libraires.example"}
    client = create_app(SETTINGS | settings, str(tmp_path)).test_client()
    assert client.get("/mentions-legales", base_url="https://evil.example").status_code == 400
    assert client.get("/mentions-legales", base_url="https://libraires.example").status_code == 200


# over https, where the token is checked together with the page that the form stood on


def test_a_mailed_link_works_over_https(app: Flask, people: SimpleNamespace) -> None:
    client, secure = app.test_client(), {"base_url": "https://localhost"}
    Browser(client).open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email=ANNE)
    link = re.findall(r"/mot-de-passe-oublie/[\w-]+", mailed(app))[0]
    page = client.get(link, **secure)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    sent_by_browsers = {"Referer": "https://localhost/", "Origin": "https://localhost"}
    answer = client.post(link, data={"csrf_token": token_of(page.text)}, headers=sent_by_browsers, **secure)
    assert answer.headers["Location"] == "/mot-de-passe"


# text that wants to be more than text


def test_what_people_write_is_shown_as_text_everywhere(
    app: Flask, shop: SimpleNamespace, new_browser: Callable[..., Browser]
) -> None:
    shop.t1.title = shop.t1.description = shop.t1.authors = shop.t1.collection = XSS
    shop.t1.imprint = shop.grand_large.trade_name = shop.karim.first_name = XSS
    db.session.commit()
    karim = ordering(new_browser(), comment=XSS, own_reference=XSS[:40])
    order = karim.url
    karim.open(f"/contact?objet=suivi&commande={order.rpartition('/')[2]}").submit(
        "/contact", message=XSS, files=_file(f"{XSS[:60]}.txt", b"Bonjour")
    )
    thread = karim.url
    karim.open("/panier/liste").submit("/panier/liste", liste=f"{T1} 2\n{XSS}")
    review = karim.url
    karim.open("/").submit("/panier/lignes", isbn=T1, quantity="1")
    pages = {
        KARIM: [
            *("/", "/panier", "/commandes", "/commandes/verifier", order, thread, "/messages"),
            *("/messages/courriels", review, "/panier/liste", f"/catalogue/{T1}", "/catalogue?q=script"),
            *(f"/catalogue?q={XSS}", f"/commandes?q={XSS}", f"/contact?objet={XSS}", f"/faq?q={XSS}"),
            *("/compte", f"/{XSS}"),
        ],
        MARIE: ["/equipe", "/equipe/messages", f"/equipe{thread}", "/equipe/commandes", order],
        ANNE: ["/compte/utilisateurs", "/compte/journal", "/messages/courriels", thread],
    }
    for who, urls in pages.items():
        browser = new_browser().log_in(who)
        for url in urls:
            for headers in ({}, {"HX-Request": "true"}):
                answer = browser.client.get(url, headers=headers, follow_redirects=True)
                assert live(answer.text) == [], (who, url)
    for mail in db.session.scalars(sa.select(OutboxMessage)):
        assert live(rendering.as_html(mail.subject, mail.body)) == [], mail.kind


def live(html: str) -> list[str]:
    """Whatever a browser would run, and templates within the text that were rendered."""
    page = BeautifulSoup(html, "html.parser")
    found = [str(tag) for tag in page.find_all("img", src="x")]
    found += [str(tag) for tag in page.find_all("script") if not tag.get("src") or tag.string]
    found += [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    found += [str(tag) for tag in page.find_all(href=re.compile("^(javascript|data):", re.IGNORECASE))]
    return found + re.findall("1337", html)


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {"piece": (io.BytesIO(content), name)}


FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(1)", "\t=1", "＝1+1", " =1")
CSV_FILES = {
    "/equipe/comptabilite/exports/ventes.csv",
    "/equipe/pilotage/chiffres.csv",
    "/commandes/export.csv",
    "/equipe/releves/<number>.csv",
    "/releves/releve.csv",
    "/equipe/catalogue/<reference>/remarques.csv",
    "/panier/liste/<key>/rejets.csv",
    "/panier/liste/modele.csv",
    "/echanges/bons/<note>.csv",
    "/echanges/commandes/<reference>.csv",
    "/echanges/documents/<number>.csv",
}


def test_no_spreadsheet_calculates_what_people_wrote(app: Flask, shop: SimpleNamespace) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith(".csv")} == CSV_FILES
    for n, formula in enumerate(FORMULAS, 1):
        cast.order(shop.karim, (shop.t1, 1), number=n, own_reference=formula)
    db.session.commit()
    karim = Browser(app.test_client()).log_in(KARIM)
    lines = "\n".join(f"{formula} bonjour" for formula in FORMULAS)
    karim.open("/panier/liste").submit("/panier/liste", liste=lines)
    for url in ("/commandes/export.csv", f"{karim.url}/rejets.csv"):
        rows = list(csv.reader(io.StringIO(karim.client.get(url).text.lstrip("\ufeff")), delimiter=";"))
        assert len(rows) == 1 + len(FORMULAS)
        assert [cell for row in rows for cell in row if cell.strip()[:1] in tuple("=+-@＝＋－＠")] == []


@pytest.mark.parametrize("broken", ["\r\nBcc: evil@x.example", "\u2028Bcc: evil@x.example", "%0d%0aBcc: x"])
@pytest.mark.parametrize("field", ["nom", "email", "librairie", "telephone"])
def test_nothing_typed_adds_a_header_or_a_recipient_to_a_mail(
    app: Flask, people: SimpleNamespace, field: str, broken: str
) -> None:
    browser = Browser(app.test_client()).open("/contact?objet=autres")
    browser.submit("/contact", **(VISITOR | {field: VISITOR.get(field, "x") + broken}))
    for mail in db.session.scalars(sa.select(OutboxMessage)):
        written = delivery.as_email(mail, "<p></p>")
        assert written["Bcc"] is None
        assert len(written["To"].addresses) == 1
        assert "evil" not in str(written["To"]) + str(written["Reply-To"])


# rows of others


@pytest.fixture
def paul(browser: Browser, shop: SimpleNamespace) -> Browser:
    """Another shop's principal user with a title in the cart; Le Grand Large has a cart, a list, a thread."""
    karim = Browser(browser.client)
    karim.log_in(KARIM).open("/").submit("/panier/lignes", isbn=T1, quantity="2")
    karim.open("/panier/liste").submit("/panier/liste", liste=f"{T1} 3")
    karim.open("/contact?objet=autres").submit("/contact", message="À nous", files=_file("a.txt", b"secret"))
    karim.log_out()
    return browser.log_in(PAUL).open("/").submit("/panier/lignes", isbn=T1, quantity="1").open("/panier")


def test_hidden_ids_of_another_shop_open_and_change_nothing(paul: Browser, shop: SimpleNamespace) -> None:
    theirs = db.session.scalars(sa.select(Cart).filter_by(account_id=shop.grand_large.id)).one()
    order_list = db.session.scalars(sa.select(OrderList)).one()
    piece = db.session.scalars(sa.select(Attachment)).one()
    before = state_of(theirs), state_of(order_list)
    sent = {"cart": theirs.id, "panier": theirs.id, "version": theirs.version, f"q-{T1}": "9", f"w-{T1}": "2"}
    sent |= {
        "mode": "standard",
        "isbn": T1,
        "quantity": "5",
        "ajouter": "1",
        "rights": "orders",
        "message": "x",
    }
    key = shop.karim.key
    for url in (
        *("/panier", "/panier/lignes", f"/panier/lignes/{T1}", f"/panier/lignes/{T1}/retirer", "/commandes"),
        *("/panier/livraison", "/panier/dates", "/panier/verifier", f"/panier/liste/{order_list.key}"),
        *(f"/compte/utilisateurs/{key}", f"/compte/utilisateurs/{key}/fermer", "/messages/MSG-2026-000001"),
    ):
        paul.post(url, sent)
        assert paul.status == 404, url
        paul.open("/panier")
    for url in (f"/panier/liste/{order_list.key}/rejets.csv", f"/messages/pieces/{piece.key}"):
        assert paul.client.get(url).status_code == 404
    db.session.expire_all()
    assert (state_of(theirs), state_of(order_list)) == before
    paul.open("/panier").submit("/panier", address=str(theirs.address_id))
    mine = db.session.scalars(sa.select(Cart).filter_by(account_id=shop.quais.id)).one()
    assert mine.address.account_id == shop.quais.id


def state_of(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs}


COLUMNS = {column.name for table in Base.metadata.tables.values() for column in table.columns}
FORMS = (
    *(("/panier", "/panier"), ("/panier", "/panier/livraison"), ("/", "/panier/lignes")),
    *(("/contact?objet=autres", "/contact"), ("/compte/securite", "/compte/securite")),
    *(("/panier/liste", "/panier/liste"), ("/commandes/verifier", "/commandes")),
)


def test_no_form_takes_a_column_that_it_does_not_show(browser: Browser, shop: SimpleNamespace) -> None:
    browser.log_in(KARIM).open("/").submit("/panier/lignes", isbn=T1, quantity="2")
    guarded = ("accounts", "users", "titles", "tariffs", "delivery_addresses")
    before = {name: _rows(name) for name in guarded}
    for page, action in FORMS:
        browser.open(page)
        form = next(f for f in browser.page.find_all("form") if action in str(f))
        shown = {str(field["name"]) for field in form.find_all(attrs={"name": True})}
        data = {str(field["name"]): field.get("value", "") for field in form.find_all(attrs={"name": True})}
        browser.post(action, data | dict.fromkeys(COLUMNS - shown, "1"))
        assert browser.status < 500, action
    assert {name: _rows(name) for name in guarded} == before
    cart = db.session.scalars(sa.select(Cart).order_by(Cart.id)).first()
    assert cart is not None
    assert (cart.account_id, cart.updated_by) == (shop.grand_large.id, "Karim Benali")


def _rows(table: str) -> list[Any]:
    return [tuple(row) for row in db.session.execute(sa.select(Base.metadata.tables[table]))]


# files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("page.html.pdf", b"<html><script>alert(1)</script>"),
        ("image.svg", b"<svg onload=alert(1)>"),
        ("image.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("note.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>alert(1)</script>"),
        ("programme.exe", b"MZ\x90\x00"),
        ("liste.xlsx", b"PK\x03\x04 not a workbook"),
        ("trop.txt", b"x" * (10 * 1024 * 1024 + 1)),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    browser: Browser, people: SimpleNamespace, name: str, content: bytes
) -> None:
    browser.log_in(KARIM).open("/contact?objet=autres")
    browser.submit("/contact", message="Voici", files=_file(name, content))
    assert browser.status in (413, 422)
    assert db.session.scalars(sa.select(Attachment)).all() == []


@pytest.mark.parametrize(
    ("email", "page", "field"),
    [
        (KARIM, "/panier/liste", "fichier"),
        (KARIM, "/contact?objet=autres", "piece"),
        (MARIE, "/equipe/acces/invitations", "fichier"),
        ("ines@equipe.example", "/equipe/comptabilite/banque", "fichier"),
        ("ines@equipe.example", "/equipe/comptabilite/lcr/avis", "fichier"),
    ],
)
def test_text_in_the_place_of_a_file_is_no_file(
    app: Flask, people: SimpleNamespace, email: str, page: str, field: str
) -> None:
    browser = Browser(app.test_client()).log_in(email).open(page)
    browser.submit(page.partition("?")[0], **{field: "x"})
    assert browser.status == 422


@pytest.mark.parametrize("name", ["..\\..\\évil\u202etxt.pdf", "/etc/passwd/a.pdf", "a;x=.pdf"])
def test_a_file_is_handed_over_as_a_file_and_never_shown(
    app: Flask, people: SimpleNamespace, name: str
) -> None:
    karim = Browser(app.test_client()).log_in(KARIM).open("/contact?objet=autres")
    karim.submit("/contact", message="Voici", files=_file(name, b"%PDF-1.4 <script>alert(1)</script>"))
    key = db.session.scalars(sa.select(Attachment.key)).one()
    answer = karim.client.get(f"/messages/pieces/{key}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "X-Evil" not in answer.headers
    assert not re.search(r"[/\\\u202e]", answer.headers["Content-Disposition"].replace("UTF-8''", ""))


# sessions and drafts


def test_a_session_planted_before_log_in_stays_outside(app: Flask, people: SimpleNamespace) -> None:
    attacker, victim = app.test_client(), app.test_client()
    Browser(attacker).open("/connexion")
    planted = attacker.get_cookie("session")
    assert planted is not None
    victim.set_cookie("session", planted.value)
    Browser(victim).log_in(ANNE)
    assert victim.get_cookie("session").value != planted.value  # type: ignore[union-attr]
    assert attacker.get("/").status_code == 303


def test_logging_in_again_ends_the_session_before(app: Flask, people: SimpleNamespace) -> None:
    browser = Browser(app.test_client()).log_in(ANNE)
    old = browser.client.get_cookie("session")
    browser.post("/connexion", email=ANNE, password=cast.PASSWORD)
    browser.client.set_cookie("session", old.value)  # type: ignore[union-attr]
    assert browser.open("/").url.startswith("/connexion")


def test_a_new_key_with_the_former_one_beside_it_ends_no_session(app: Flask, shop: SimpleNamespace) -> None:
    """F23: whoever is at work goes on; a form of before comes back with what was typed."""
    browser = Browser(app.test_client()).log_in(KARIM).open("/contact?objet=autres")
    app.config.update(SECRET_KEY="another " * 5, SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])
    browser.submit("/contact", message="Mon brouillon")
    assert browser.status == 400
    assert "Mon brouillon" in str(browser.open("/contact").page)
    browser.submit("/contact", message="Mon brouillon")
    assert browser.url == "/messages/MSG-2026-000001"
    app.config.update(SECRET_KEY_FALLBACKS=[])
    assert browser.open("/").url == "/"


def test_a_new_key_alone_asks_everybody_to_log_in(app: Flask, people: SimpleNamespace) -> None:
    browser = Browser(app.test_client()).log_in(KARIM)
    app.config["SECRET_KEY"] = "another " * 5
    assert browser.open("/").url.startswith("/connexion")


def test_of_a_value_sent_twice_the_first_counts(app: Flask, shop: SimpleNamespace) -> None:
    """No proxy, form or rule ever sees another one than the act does (ASVS 15.3.7)."""
    browser = Browser(app.test_client()).log_in(KARIM).open("/")
    browser.submit("/panier/lignes", isbn=[T1, "9782296000018"], quantity=["2", "9999"])
    cart = db.session.scalars(sa.select(Cart).where(Cart.line_count > 0)).one()
    assert [(line.title_id, line.quantity) for line in db.session.scalars(sa.select(CartLine))] == [
        (shop.t1.id, 2)
    ]
    browser.open("/panier").submit("/panier", cart=[str(cart.id), "999"], own_reference=["A", "B"])
    db.session.refresh(cart)
    assert cart.own_reference == "A"


def test_a_draft_comes_back_to_the_browser_that_typed_it_alone(app: Flask, shop: SimpleNamespace) -> None:
    typing, other = Browser(app.test_client()).open("/connexion"), Browser(app.test_client())
    typing.url = "/contact"
    typing.post("/contact", message="Mon brouillon", objet="autres", once="x")
    other.log_in(KARIM).open("/contact")
    assert "Mon brouillon" not in str(other.page)
    typing.log_in(KARIM).open("/contact")
    assert "Mon brouillon" in str(typing.page)


def test_drafts_of_strangers_do_not_fill_the_database(app: Flask, people: SimpleNamespace) -> None:
    client = app.test_client()
    client.post("/panier", data={"comment": "x" * 1_500_000})
    for _ in range(70):
        client.post("/panier", data={"comment": "x"})
    assert 0 < db.session.scalar(sa.select(sa.func.count()).select_from(Draft)) <= 60  # type: ignore[operator]


# limits


def test_a_made_up_forwarding_header_is_no_new_network(app: Flask, people: SimpleNamespace) -> None:
    browser = Browser(app.test_client()).open("/mot-de-passe-oublie")
    data = {"csrf_token": browser.token(), "email": "nobody@nowhere.example"}
    statuses = [
        browser.client.post(
            "/mot-de-passe-oublie",
            data=data,
            headers={"X-Forwarded-For": f"10.0.0.{n}", "X-Real-Ip": f"10.1.{n}.1"},
        ).status_code
        for n in range(22)
    ]
    assert statuses[-1] == 429


def test_guessing_the_present_password_is_limited(browser: Browser, people: SimpleNamespace) -> None:
    browser.log_in(ANNE).open("/compte/securite")
    for _ in range(6):
        browser.post("/compte/securite", present_password="faux", new_password="x", repeated_password="x")
    assert browser.status == 429


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"comment": "x" * (12 * 1024 * 1024)}, 413),
        ({"comment": "x" * (3 * 1024 * 1024)}, 413),
        ({f"q-{n}": "1" for n in range(20_000)}, 413),
        ({"mode": "standard", "comment": "x" * 1_000_000}, 422),
        ({"mode": "standard", "address": "9" * 5_000, "version": "9" * 5_000, "cart": ""}, 200),
        ({"mode": "standard", "cart": "9" * 5_000}, 404),
    ],
)
def test_a_monstrous_form_is_refused_politely(
    app: Flask, shop: SimpleNamespace, sent: dict[str, str], status: int
) -> None:
    client = app.test_client()
    browser = Browser(client).log_in(KARIM).open("/").submit("/panier/lignes", isbn=T1, quantity="1")
    answer = client.post("/panier", data={"csrf_token": browser.token()} | sent, follow_redirects=True)
    assert answer.status_code == status


def test_deep_nesting_in_what_was_checked_is_only_unreadable(app: Flask, shop: SimpleNamespace) -> None:
    browser = Browser(app.test_client()).log_in(KARIM).open("/")
    browser.submit("/panier/lignes", isbn=T1, quantity="1")
    browser.open("/commandes/verifier").submit("/commandes", vu="[" * 200_000)
    assert browser.status == 422


ODD = ("%00", "%ff%fe", "-1", "9" * 5_000, "1e9", "%F0%9F%92%A9", "' OR 1=1 --", "٣", "²", "../../etc", "[]")
LISTS = ("/", "/panier", "/catalogue", "/commandes", "/messages", "/contact", "/faq", "/panier/liste")
STAFF_LISTS = ("/equipe", "/equipe/messages", "/equipe/catalogue", "/equipe/commandes")
PARAMETERS = ("page", "avant", "apres", "q", "etat", "periode", "objet", "commande", "depuis", "rayon", "tri")
ROOMS = ("catalogue", "commandes", "messages", "panier/liste", "equipe/messages", "mot-de-passe-oublie")


@pytest.mark.parametrize("email", [KARIM, MARIE])
def test_odd_values_in_addresses_are_never_a_failure(app: Flask, shop: SimpleNamespace, email: str) -> None:
    client = app.test_client()
    Browser(client).log_in(email)
    for odd in ODD:
        query = "&".join(f"{name}={odd}" for name in PARAMETERS)
        urls = [f"{url}?{query}" for url in (STAFF_LISTS if email == MARIE else LISTS)]
        for url in urls + [f"/{room}/{odd}" for room in ROOMS]:
            assert client.get(url).status_code < 500, url


# what is kept, and what browsers may keep


def test_every_answer_forbids_to_be_kept_and_carries_the_headers(app: Flask, people: SimpleNamespace) -> None:
    client = app.test_client()
    for log_in in (False, True):
        if log_in:
            Browser(client).log_in(ANNE)
        for url in [*addresses(app, "GET"), "/nulle-part", "/x.css", "/commandes/x.css"]:
            answer = client.get(url)
            assert answer.headers["Cache-Control"] == "no-store", url
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"], url
            assert "HX-Request" in answer.headers["Vary"], url


def test_no_password_is_ever_written_down(
    app: Flask, people: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Browser(app.test_client())
    wrong, asked, new = "faux-secret-47115", "quatre-secret-47116-mots-rares", "autre-secret-47117-mots"
    browser.open("/connexion").submit("/connexion", email=ANNE, password=wrong)
    request = {"number": "104512", "last_name": "Neuf", "first_name": "Zoé", "email": "zoe@x.example"}
    browser.open("/acces").submit("/acces", **request, password=asked)
    browser.open("/mot-de-passe-oublie").submit("/mot-de-passe-oublie", email=ANNE)
    browser.log_in(ANNE).open("/compte/securite")
    typed = {"present_password": cast.PASSWORD, "new_password": new, "repeated_password": new}
    browser.submit("/compte/securite", **typed)
    mails = mailed(app)
    temporary = re.search(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", mails)[0]  # type: ignore[index]
    links = re.findall(r"/(?:mot-de-passe-oublie|acces)/([\w-]{20,})", mails)
    db.session.commit()
    with sqlite3.connect(Path(app.instance_path, "harmattan.db")) as kept:
        dump = "\n".join(kept.iterdump())
    written = dump + "".join(capsys.readouterr())
    assert links
    for secret in (wrong, asked, new, cast.PASSWORD, temporary, temporary.replace("-", ""), *links):
        assert secret not in written


def test_a_number_too_long_for_the_database_is_nobodys(app: Flask, people: SimpleNamespace) -> None:
    order = cast.order(people.anne, (cast.titles().t1, 1))
    db.session.commit()
    browser = Browser(app.test_client()).log_in(ANNE)
    assert browser.open(f"/commandes/{order.reference}/colis/{'9' * 25}").status == 404
