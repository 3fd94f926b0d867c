"""QR codes as SVG: in a page without file or script, readable in the dark; and for papers."""

import io
from typing import Any

import segno
from markupsafe import Markup


def svg(text: str, title: str) -> Markup:
    """The code of this text; `title` says to whom it cannot be seen what it leads to."""
    return Markup(_drawn(text, svgns=False, svgclass="qr", title=title))  # noqa: S704 -- segno escapes the title


def for_paper(text: str) -> str:
    """The code as a picture of a document; the template says in words what it leads to."""
    return _drawn(text, svgns=True, border=2)


def _drawn(text: str, **look: Any) -> str:
    """Level M in UTF-8, as transfers ask for (EPC069-12)."""
    drawn = io.BytesIO()
    code = segno.make(text, micro=False, error="m", boost_error=False, encoding="utf-8")
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", **look)
    return drawn.getvalue().decode()
