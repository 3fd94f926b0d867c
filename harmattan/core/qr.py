"""QR codes as SVG that stands in a page: no file, no script, readable in the dark."""

import io

import segno
from markupsafe import Markup


def svg(text: str, title: str) -> Markup:
    """The code of this text; `title` says to whom it cannot be seen what it leads to."""
    drawn = io.BytesIO()
    code = segno.make(text, micro=False, error="m")
    code.save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, light="#fff", svgclass="qr", title=title
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 -- drawn here; segno escapes the title
