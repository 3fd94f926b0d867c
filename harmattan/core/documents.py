"""Papers of the house as PDF: archivable (PDF/A-3a) and accessible (PDF/UA-1), set by typst.

A template `templates/documents/<name>.typ` starts with `#import "layout.typ": *` and takes its facts from
`data`: JSON, so that nothing typed by anybody is ever read as markup. Amounts and dates arrive as text.
"""

import datetime as dt
import json
import logging
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harmattan.core import typography
from harmattan.core.errors import Refusal
from harmattan.core.settings import House, house

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parents[1] / "templates" / "documents"
LARGEST_OCTETS = 8 << 20
"""Of the facts of one document: some twenty thousand lines."""
LONGEST_SECONDS = 60

_BARS = {"module_height": 12.0, "module_width": 0.3, "quiet_zone": 2.0, "write_text": False}

TYPESETTER = Path(__file__).with_name("typesetter.py")

_COVERED = (
    *((0x20, 0x7E), (0xA0, 0x4FF), (0x590, 0x5FF), (0x1E00, 0x1FFF)),
    *((0x2000, 0x2040), (0x2070, 0x20BF), (0x2212, 0x2212)),
)
"""What typst's fonts hold: Latin, Greek, Cyrillic, Hebrew, phonetic signs, punctuation, currencies, minus."""
_SETTABLE = frozenset(
    character
    for first, last in _COVERED
    for character in map(chr, range(first, last + 1))
    if unicodedata.category(character)[0] in "LMNPS" or unicodedata.category(character) == "Zs"
)
_UNKNOWN = "\ufffd"


class DocumentNotMade(Refusal):
    """A paper cannot be made as it must be: what depends on it does not happen either (R39)."""

    title = "Le document n’a pas pu être établi"


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    made_at: dt.datetime,
    attachment: bytes | None = None,
) -> bytes:
    """The document of this template: the same bytes whenever it is set with the same facts.

    `made_at` is aware; `attachment` reaches the template as `attachment`, to be joined by `pdf.attach`.
    Raises `DocumentNotMade`. Slow work: never inside a writing transaction.
    """
    facts = {"title": title, "house": _letterhead(house()), "data": data}
    inputs = {"document": json.dumps(settable(facts))}
    if attachment is not None:
        inputs["attachment"] = attachment.decode()
    order = {
        "template": str(TEMPLATES / f"{template}.typ"),
        "root": str(TEMPLATES),
        "inputs": inputs,
        "made_at": made_at.isoformat(timespec="seconds"),
    }
    return _typeset(json.dumps(order).encode(), title)


def _typeset(order: bytes, title: str) -> bytes:
    if len(order) > LARGEST_OCTETS:
        raise DocumentNotMade(f"« {title} » est trop long pour tenir en un seul document.")
    command = [sys.executable, "-I", str(TYPESETTER)]
    try:
        made = subprocess.run(command, input=order, capture_output=True, timeout=LONGEST_SECONDS, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as fault:
        log.error("document %r not set: %s", title, getattr(fault, "stderr", None) or fault)
        raise DocumentNotMade(
            f"« {title} » n’a pas pu être mis en page : rien n’a changé. Recommencez dans un instant."
        ) from None
    return made.stdout


def code_128(text: str) -> str:
    """Our own number as a bar code, for a scanner: an SVG, to be drawn beside the same thing in words."""
    import barcode  # noqa: PLC0415 -- brings PIL: for who draws one, not for every page
    from barcode.writer import SVGWriter  # noqa: PLC0415

    drawing: bytes = barcode.get("code128", text, writer=SVGWriter()).render(_BARS)
    return drawing.decode()


def settable(facts: Any) -> Any:
    """The same facts with a mark for each character that the fonts lack: archivable papers allow none."""
    if isinstance(facts, str):
        return facts if _SETTABLE.issuperset(facts) else "".join(map(_set, facts))
    if isinstance(facts, Mapping):
        return {name: settable(value) for name, value in facts.items()}
    return [settable(value) for value in facts] if isinstance(facts, list | tuple) else facts


def _set(character: str) -> str:
    if character in _SETTABLE:
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf") else _UNKNOWN


def _letterhead(facts: House) -> dict[str, Any]:
    """What every paper says of the house; the legal line only where all of it is known (R105)."""
    legal = ""
    if not facts.missing_legal_facts:
        legal = (
            f"{facts.name}, {facts.legal_form} au capital de {facts.capital}, {facts.rcs},"
            f" TVA intracommunautaire {facts.vat_number}"
        )
    return {
        "name": facts.name,
        "address": [typography.typo(facts.street), f"{facts.postal_code} {facts.city}"],
        "phones": [
            f"Service commercial {facts.sales_phone}",
            f"Service après-vente {facts.after_sales_phone} ({facts.after_sales_key})",
        ],
        "legal": typography.typo(legal),
    }
