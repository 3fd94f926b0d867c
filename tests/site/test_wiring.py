"""What areas ask of each other by name is provided, and nothing is provided that nobody asks for."""

import re
from pathlib import Path

from harmattan.wiring import PROVIDERS

SOURCES = Path(__file__).parents[2] / "harmattan"
ASKED = re.compile(r"""\bask(?:_all)?\(\s*["']([\w.]+)["']""")


def test_every_name_asked_for_is_provided_and_no_other() -> None:
    files = [path for path in SOURCES.rglob("*") if path.suffix in (".py", ".html", ".txt")]
    asked = {name for path in files for name in ASKED.findall(path.read_text())}
    assert asked == {name for name, _ in PROVIDERS}
