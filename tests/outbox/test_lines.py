"""The text of a mail keeps its lines: a tag that ends a line takes the end of the line with it."""

import re
from itertools import pairwise
from pathlib import Path

import harmattan

MAILS = Path(harmattan.__file__).parent / "templates" / "mail"
ONE_TAG = re.compile(r"\{%(?:(?!%\}).)*%\}")


def test_no_line_of_a_mail_is_glued_to_the_next() -> None:
    glued = [
        f"{mail.name}: {line}"
        for mail in sorted(MAILS.glob("*.txt"))
        for line, after in pairwise(mail.read_text("utf-8").splitlines())
        if line.endswith("%}") and not ONE_TAG.fullmatch(line.strip()) and after
    ]
    assert glued == []
