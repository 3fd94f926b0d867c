"""How text is folded for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.catalogue.rules import fold, search_texts


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Les passeurs du fleuve", "les passeurs du fleuve"),
        ("L’Œuvre d’Ève", "l oeuvre d eve"),
        ("ÉCRIRE SOUS LES HALLES", "ecrire sous les halles"),
        ("Nord-Sud : l'après", "nord sud l apres"),
        ("Ɔbɛŋ, contes éwé", "oben contes ewe"),
        ("«   »", ""),
    ],
)
def test_text_is_searched_without_case_accents_or_punctuation(written: str, searched: str) -> None:
    assert fold(written) == searched


@given(st.text())
def test_folded_text_is_words_apart_by_one_space(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() for word in folded.split())


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdeéèêëàâäîïôöùûüçœæ'’- "))
def test_case_does_not_count(text: str) -> None:
    assert fold(text.upper()) == fold(text)


@given(st.text(max_size=400), st.text(max_size=400))
def test_every_index_bears_the_searched_text(title: str, name: str) -> None:
    texts = search_texts(title=title, contributors=[{"name": name}])
    assert all(len(text.encode()) <= 2_000 for column, text in texts.items() if column != "folded_other")
    assert all(len(word.encode()) <= 240 for text in texts.values() for word in text.split())
