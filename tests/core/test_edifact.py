"""Interchanges: what we write is read back the same; what does not agree is refused with its reason."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydifact.segments import Segment

from harmattan.core import edifact
from harmattan.core.edifact import Party, UnreadableInterchange, part, plain

TEXTS = st.text(st.characters(codec="latin-1"), max_size=80) | st.text("'+:? àé\n’€œA", max_size=80)
AT = dt.datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 -- the envelope states local time


def written(*segments: Segment) -> str:
    data = edifact.write(
        "ORDERS",
        "CMD-2026-000123",
        segments,
        sender=Party("3025000002004", ""),
        recipient=Party("", "H"),
        at=AT,
    )
    text = edifact.decoded(data)
    assert text is not None
    return text


BGM = Segment("BGM", "220", "R-1", "9")
GOOD = written(BGM)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_text_comes_back_as_it_was_written(texts: list[str]) -> None:
    texts = [plain(text) for text in texts]
    segments = [Segment("IMD", "F", "050", ["", "", "", text, "end"]) for text in texts]
    (message,) = edifact.read(written(BGM, *segments)).messages
    assert [part(each, 2, 3) for each in message.segments[1:]] == texts
    assert {part(each, 2, 4) for each in message.segments[1:]} == {"end"}


@given(st.text(max_size=200))
def test_what_is_written_stands_in_one_line_of_latin_letters(text: str) -> None:
    said = plain(text)
    assert len(said) <= 70
    said.encode("latin-1")
    assert not any(ord(each) < 32 for each in said)


def test_typographic_letters_are_spelt_in_plain_ones() -> None:
    assert plain("L’œuvre – « tome 1 »… à 3 €") == "L'oeuvre - « tome 1 »... à 3 EUR"


def test_the_envelope_names_both_sides_and_the_document() -> None:
    assert GOOD.startswith("UNA:+.? 'UNB+UNOC:3+3025000002004:14+H:ZZ+261123:1000+CMD2026000123++ORDERS'")
    read = edifact.read(GOOD)
    assert (read.sender, read.reference) == ("3025000002004", "CMD2026000123")
    assert read.messages[0].kind == "ORDERS"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("UNT+3", "UNT+4", "UNT du message 1 annonce 4, lu 3 segment(s)"),
        ("UNT+3+1", "UNT+3+2", "UNT cite le message 2, attendu 1"),
        ("UNZ+1", "UNZ+2", "UNZ annonce 2, lu 1 message(s)"),
        ("UNZ+1+CMD2026000123", "UNZ+1+AUTRE", "Les deux références de l’échange diffèrent"),
        ("UNZ+1+CMD2026000123'", "", "commence par UNB et finit par UNZ"),
        ("UNT+3+1'", "", "Le dernier message est incomplet"),
        ("UNH+1+ORDERS:D:96A:UN:EAN008'", "", "Segment BGM mal placé"),
        ("UNOC", "KECA", "Jeu de caractères « KECA » inconnu"),
        ("UNZ+1+CMD2026000123'", "UNZ+1+CMD2026000123", "n’est pas un échange EDIFACT complet"),
        ("BGM+", "B+", "n’est pas un échange EDIFACT complet"),
    ],
)
def test_an_envelope_that_does_not_agree_is_refused(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(UnreadableInterchange) as refused:
        edifact.read(GOOD.replace(old, new))
    assert reason in refused.value.message


def test_two_interchanges_in_one_file_are_refused() -> None:
    with pytest.raises(UnreadableInterchange):
        edifact.read(GOOD + GOOD[9:])


@given(st.text("UNABZHT+:'?. 0123\n", max_size=120))
def test_whatever_follows_the_first_letters_nothing_but_a_refusal_comes(rest: str) -> None:
    try:
        edifact.read(f"UNB+UNOC:3{rest}")
    except UnreadableInterchange as refused:
        assert refused.message  # noqa: PT017 -- any other exception fails


def test_other_files_are_none_of_ours() -> None:
    assert edifact.decoded(b"ISBN;quantite") is None
    assert not edifact.is_interchange("9782343000015 3")
