"""Pages of docs/ that are made from the code."""

from harmattan.home import commands


def test_the_status_diagrams_are_those_of_the_tables() -> None:
    assert commands.PAGE.read_text() == commands.status_diagrams(), "run: flask docs status-diagrams"
