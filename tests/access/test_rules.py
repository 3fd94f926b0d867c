"""Passwords that may be taken, codes of a moment, names of browsers."""

import pytest

from harmattan.access.rules import browser_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko Firefox/140.0", "Firefox, Mac"),
        ("w3m/0.5.3+git2023", "w3m"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_session_is_named_as_its_owner_knows_it(said: str, name: str) -> None:
    assert browser_name(said) == name
