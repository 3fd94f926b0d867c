"""The staff page of imports, plain and with HTMX."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import Tag
from flask import Flask

from harmattan.catalogue.models import Title
from harmattan.core import jobs
from harmattan.core.extensions import db
from harmattan.imports import rules, service
from harmattan.imports.models import CatalogueImport
from tests.browser import Browser, fold
from tests.imports.messages import isbn, message, product

INDEX = "/equipe/catalogue"
FIRST = f"{INDEX}/IMP-2026-000001"


@pytest.fixture
def desk(browser: Browser, people: SimpleNamespace) -> Browser:
    """The settings service at its page of imports."""
    return browser.log_in("root@equipe.example").open(INDEX)


def send(desk: Browser, content: bytes, name: str = "catalogue.xml", **fields: Any) -> Browser:
    return desk.submit(INDEX, files={"file": (io.BytesIO(content), name)}, **fields)


def kept_files(app: Flask) -> list[Path]:
    return list(Path(app.instance_path, "files", "imports").glob("*"))


def titles() -> list[str]:
    return list(db.session.scalars(sa.select(Title.title)))


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("root@equipe.example", 200),
        ("marie@equipe.example", 200),
        ("hugo@equipe.example", 403),
        ("ines@equipe.example", 403),
        ("anne@grandlarge.example", 403),
    ],
)
def test_sales_and_settings_alone_keep_the_catalogue(
    browser: Browser, people: SimpleNamespace, email: str, status: int
) -> None:
    service_run = CatalogueImport(
        reference="IMP-2026-000009", file_name="a", path="", size=1, sha256="", requested_by_name="x"
    )
    db.session.add(service_run)
    db.session.commit()
    browser.log_in(email)
    for address in (INDEX, f"{INDEX}/IMP-2026-000009", f"{INDEX}/IMP-2026-000009/remarques.csv"):
        assert browser.open(address).status == status
    browser.open("/equipe/catalogue" if status == 200 else "/")
    if status == 403:
        for address in (INDEX, f"{INDEX}/IMP-2026-000009/appliquer"):
            assert browser.post(address).status == 403


def test_before_the_first_import_the_page_says_so(desk: Browser) -> None:
    assert "Aucun fichier n'a encore été importé" in desk.text


def test_dry_run_first_then_the_same_file_is_applied(desk: Browser, app: Flask) -> None:
    send(desk, message(product(), product("fr.test.2", number=None)))
    assert (desk.status, desk.url) == (200, FIRST)
    assert "En attente" in desk.text
    assert jobs.run_due() == 1
    desk.open(FIRST)
    assert "L'essai est terminé ; le catalogue n'a pas changé." in desk.text
    assert "Titres créés 1" in desk.text
    assert "ni ISBN ni GTIN dans la notice" in desk.text
    assert titles() == []
    desk.submit(f"{FIRST}/appliquer")
    assert desk.url == f"{INDEX}/IMP-2026-000002"
    assert jobs.run_due() == 1
    assert "Terminé" in desk.open(desk.url).text
    assert titles() == ["Les passeurs du fleuve"]
    assert kept_files(app) == []
    assert "Appliqué par l'import IMP-2026-000002" in desk.open(FIRST).text


def test_applying_twice_is_one_import(desk: Browser) -> None:
    send(desk, message(product()))
    jobs.run_due()
    for _ in range(2):
        desk.open(INDEX).post(f"{FIRST}/appliquer")
        assert desk.url == f"{INDEX}/IMP-2026-000002"
    assert len(service.latest()) == 2


def test_only_a_finished_dry_run_is_applied(desk: Browser) -> None:
    send(desk, message(product()))
    desk.post(f"{FIRST}/appliquer")
    assert desk.status == 409
    assert "Seul un essai terminé s'applique" in desk.text


def test_a_second_sending_of_the_form_is_the_first_import(desk: Browser, app: Flask) -> None:
    once = desk.form(INDEX).find("input", attrs={"name": "once"})
    assert isinstance(once, Tag)
    for _ in range(2):
        send(desk.open(INDEX), message(product()), once=str(once["value"]))
        assert desk.url == FIRST
    assert len(service.latest()) == 1
    assert len(kept_files(app)) == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<!DOCTYPE x><ONIXMessage release='3.0'/>", "Le fichier contient une déclaration DOCTYPE"),
        (b"<!doctype html><html><p>Panne", "Ce fichier est une page HTML"),
        (b"\x1f\x8b\x08\x00", "Ce fichier est compressé (gzip)"),
        (b"", "Le fichier est vide"),
        (b"ISBN;titre", "Le fichier n'est pas un XML correct : erreur à la ligne 1"),
    ],
)
def test_a_hostile_file_is_refused_at_its_field_and_changes_nothing(
    desk: Browser, app: Flask, content: bytes, fault: str
) -> None:
    send(desk, content)
    assert desk.status == 422
    assert desk.faults()[0].startswith(fault)
    assert (service.latest(), kept_files(app)) == ([], [])


def test_no_file_is_a_fault_and_the_choices_stay(desk: Browser) -> None:
    desk.submit(INDEX, dry_run=None)
    assert desk.status == 422
    assert desk.faults() == ["Choisissez un fichier ONIX"]
    checkbox = desk.page.find(id="dry_run")
    assert isinstance(checkbox, Tag)
    assert not checkbox.has_attr("checked")


def test_an_older_message_is_a_fault_until_it_is_forced(desk: Browser) -> None:
    send(desk, message(product(), number=2), dry_run=None)
    jobs.run_due()
    send(desk.open(INDEX), message(product(), number=1))
    assert desk.status == 422
    assert "Un message plus récent de « Distributeur Exemple » a été importé" in desk.faults()[0]
    send(desk, message(product(), number=1), forced="y")
    assert desk.url == f"{INDEX}/IMP-2026-000002"


def test_a_file_that_turns_out_broken_says_where_on_its_page(desk: Browser, app: Flask) -> None:
    send(desk, message(*(product(f"fr.test.{n}", isbn(n)) for n in range(3)))[:-30], dry_run=None)
    jobs.run_due()
    desk.open(FIRST)
    assert "Le fichier est coupé : il s'arrête à la ligne 2" in desk.text
    assert "Rien n'a été changé." in desk.text
    assert (titles(), kept_files(app)) == ([], [])


def test_a_large_file_passes_for_keepers_and_the_limit_is_said(
    desk: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    send(desk, message(product(texts="<x>" + "a" * 50_000 + "</x>")))
    assert desk.url == FIRST
    monkeypatch.setattr(rules, "MAXIMUM_UPLOAD", 30_000)
    send(desk.open(INDEX), message(product(texts="<x>" + "a" * 50_000 + "</x>")))
    assert desk.status == 413
    assert "Le fichier est trop lourd" in desk.text


def test_a_large_file_of_anybody_else_is_refused_unread(
    browser: Browser, people: SimpleNamespace, app: Flask
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 20_000
    browser.log_in("hugo@equipe.example")
    browser.post(INDEX, {"file": (io.BytesIO(b"a" * 50_000), "a.xml")})
    assert browser.status == 413


def test_the_page_can_refresh_itself_until_it_is_told_to_stop(desk: Browser) -> None:
    send(desk, message(product()))
    assert desk.page.select("meta[http-equiv=refresh]") == []
    desk.open(f"{FIRST}?auto=1")
    assert [tag["content"] for tag in desk.page.select("meta[http-equiv=refresh]")] == ["5"]
    link = desk.page.find("a", string="Arrêter l’actualisation")
    assert isinstance(link, Tag)
    assert link["href"] == FIRST
    jobs.run_due()
    assert desk.open(f"{FIRST}?auto=1").page.select("meta[http-equiv=refresh]") == []


def test_polling_stops_at_the_end_and_shows_what_a_reload_shows(desk: Browser) -> None:
    send(desk, message(product()))
    element = desk.page.find(id="run")
    assert isinstance(element, Tag)
    poll = str(element["data-hx-get"])
    assert desk.client.get(poll, headers={"HX-Request": "true"}).status_code == 200
    jobs.run_due()
    assert desk.get_fragment(poll).status == 286
    assert "data-hx-get" not in desk.response.text
    desk.url = FIRST
    assert desk.reloaded()
    assert desk.open(FIRST).status == 200


def test_remarks_are_paged_and_kept_as_a_harmless_file(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "REMARKS_A_PAGE", 2)
    send(desk, message(*(product(f"=HYPERLINK({n})", number=None) for n in range(3))))
    jobs.run_due()
    desk.open(FIRST)
    assert "Notice 2" in desk.text
    assert "Notice 3" not in desk.text
    assert "Notice 3" in desk.open(f"{FIRST}?page=2").text
    answer = desk.client.get(f"{FIRST}/remarques.csv")
    assert answer.text.splitlines()[1] == "1;'=HYPERLINK(0);;rejet;ni ISBN ni GTIN dans la notice"
    assert "IMP-2026-000001-rejets.csv" in answer.headers["Content-Disposition"]


def test_titles_and_names_of_files_are_only_text(desk: Browser) -> None:
    send(desk, message(product(reference="&lt;script&gt;x()&lt;/script&gt;", number=None)), name="<b>.xml")
    jobs.run_due()
    assert desk.open(FIRST).page.select("main script, main b") == []
    assert "<b>.xml" in desk.open(INDEX).text


def test_the_list_shows_each_run_and_leads_to_it(desk: Browser) -> None:
    send(desk, message(product()), dry_run=None)
    jobs.run_due()
    desk.open(INDEX)
    row = desk.page.select("tbody tr")[0]
    text = fold(row.get_text(" "))
    assert "IMP-2026-000001" in text
    assert "Root Admin" in text
    assert "1 créé" in text
    assert desk.open(str(row.select("a")[0]["href"])).url == FIRST


def test_an_unknown_run_is_a_404_and_a_typed_address_leads_to_its_run(desk: Browser) -> None:
    assert desk.open(f"{INDEX}/IMP-2026-999999").status == 404
    send(desk.open(INDEX), message(product()))
    assert desk.open(f"{FIRST}/appliquer").url == FIRST
