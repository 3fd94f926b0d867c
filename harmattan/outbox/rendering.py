"""How a message reads: one text template a kind, and its HTML twin made from the same text."""

import re
from typing import Any

from flask import render_template
from markupsafe import Markup, escape

_URL = re.compile(r"https?://[^\s<>»]+[^\s<>».,;:)]")


def text_of(kind: str, **context: Any) -> tuple[str, str]:
    """(subject, body): `templates/mail/<kind>.txt` has the subject on its first line."""
    rendered = render_template(f"mail/{kind}.txt", **context).strip()
    subject, _, body = rendered.partition("\n")
    return subject, body.strip() + "\n"


def as_html(subject: str, body: str) -> str:
    """The same text as one simple HTML column: paragraphs, and links in clear."""
    return render_template("mail/_html.html", subject=subject, paragraphs=paragraphs(body))


def paragraphs(body: str) -> list[Markup]:
    """The text's paragraphs as HTML, links in clear."""
    return [_linked(block) for block in body.strip().split("\n\n")]


def _linked(block: str) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for match in _URL.finditer(block):
        pieces += [escape(block[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
        end = match.end()
    pieces.append(escape(block[end:]))
    return Markup("").join(pieces).replace("\n", Markup("<br>\n"))
