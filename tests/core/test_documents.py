"""Papers as PDF: archivable, accessible, the same every time, and harmless whatever is written in them."""

import datetime as dt
import io
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from flask import Flask

from harmattan.core import documents

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
TEMPLATE = """
#import "layout.typ": *
#show: sheet
#letterhead(data.heading, "")
#for each in data.paragraphs { par(each) }
"""


@pytest.fixture(autouse=True)
def template(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document of the tests' own, on the house's paper."""
    folder = tmp_path / "documents"
    folder.mkdir()
    shutil.copy(documents.TEMPLATES / "layout.typ", folder)
    (folder / "trial.typ").write_text(TEMPLATE)
    monkeypatch.setattr(documents, "TEMPLATES", folder)
    return folder / "trial.typ"


def trial(*paragraphs: str, **kwargs: Any) -> bytes:
    data = {"heading": "Essai", "paragraphs": list(paragraphs)}
    return documents.pdf("trial", data, title="Essai", made_at=NOON, **kwargs)


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_document_is_archivable_and_accessible_and_says_whose_it_is() -> None:
    with pikepdf.open(io.BytesIO(trial("Bonjour"))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Essai"
        assert str(pdf.Root.Lang) == "fr-FR"
        assert pdf.Root.MarkInfo.Marked
        assert "/OutputIntents" in pdf.Root
    assert "RCS Paris 999 123 458" in text_of(trial("Bonjour"))


def test_the_same_facts_give_the_same_bytes() -> None:
    assert trial("Bonjour") == trial("Bonjour")


def test_nothing_that_is_written_is_read_as_markup() -> None:
    typed = '#read("/etc/passwd") $x$ *gras* = Titre <img src=file:///etc/passwd> (\\) endstream'
    assert typed.replace(" ", "") in text_of(trial(typed)).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("你好", "��"),
        ("a\x00b\u202ec", "abc"),
        ("a\nb", "a b"),
        ("Œuvre, Ελλάδα, Ŋ", "Œuvre, Ελλάδα, Ŋ"),
        ("−48", "−48"),
    ],
)
def test_a_character_that_no_font_of_ours_holds_is_marked_and_refuses_nothing(typed: str, shown: str) -> None:
    assert documents.settable({"title": [typed]}) == {"title": [shown]}
    trial(typed)


def test_every_character_taken_for_settable_can_be_set() -> None:
    trial(" ".join(sorted(documents._SETTABLE)))


def test_a_template_that_fails_is_a_refusal_and_no_document(template: Path) -> None:
    template.write_text('#import "layout.typ": *\n#show: sheet\n#data.unknown')
    with pytest.raises(documents.DocumentNotMade, match="rien n’a changé"):
        trial("Bonjour")


def test_a_flood_of_facts_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(documents.DocumentNotMade, match="trop long"):
        trial("x" * documents.LARGEST_OCTETS)


def test_a_document_that_never_ends_is_stopped_by_its_limits(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template.write_text("#let grow(n) = { let all = range(n); all.map(i => range(n)).len() }\n#grow(200000)")
    with pytest.raises(documents.DocumentNotMade):
        trial("Bonjour")


def test_without_its_engine_the_portal_refuses_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "TYPESETTER", Path("/nowhere"))
    with pytest.raises(documents.DocumentNotMade):
        trial("Bonjour")
