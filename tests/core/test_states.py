"""States carry their words and their tone."""

import pytest

from harmattan import wiring
from harmattan.core.states import State

TONES = {"fait", "att", "err", "cours", "devis", ""}


class Door(State):
    OPEN = "open", "Ouverte", "fait"
    SHUT = "shut", "Fermée", ""


def test_a_state_is_found_by_what_is_kept_and_told_by_its_words() -> None:
    found = Door("open")
    assert found is Door.OPEN
    assert (found, found.label, found.tone) == ("open", "Ouverte", "fait")
    with pytest.raises(ValueError, match="ajar"):
        Door("ajar")


def test_every_state_of_the_house_has_words_and_a_tone_of_the_stylesheet() -> None:
    assert wiring.BLUEPRINTS  # every area is imported, and with it its states
    for state in (each for kind in State.__subclasses__() for each in kind):
        assert state.label, repr(state)
        assert state.tone in TONES, repr(state)
