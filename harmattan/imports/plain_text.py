"""Publishers' texts without any markup: XHTML, or HTML hidden in the text itself (ux: plain text only)."""

import re
from typing import Any

LONGEST = 20_000
DEEPEST = 60
_BLOCKS = frozenset(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote dt dd hr section".split()  # noqa: SIM905
)
_NEVER_SHOWN = frozenset(("script", "style", "head", "iframe", "object"))
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")
_TAG = re.compile(r"<[^>]*>")
_BREAK = "\x00"
"""Between blocks; no XML text can hold it."""


def plain_text(element: Any) -> str:
    """What an ONIX text says, paragraphs on lines of their own."""
    text = element.text or ""
    if len(element):
        lines = _said(element).split(_BREAK)
    elif _LOOKS_LIKE_HTML.search(text):
        lines = _of_html(text).split(_BREAK)
    else:
        lines = text.splitlines()
    said = "\n".join(filter(None, map(_tidy, lines)))
    return said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut with « … » where it is too long for its column."""
    line = _tidy(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _tidy(line: str) -> str:
    line = " ".join(line.split())
    return line if line.isprintable() else _INVISIBLE.sub("", line).strip()


def _of_html(text: str) -> str:
    from lxml import etree  # noqa: PLC0415 -- 4 MB, for who reads a message

    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        body = etree.fromstring(f"<body>{text}</body>", parser)
    except (etree.XMLSyntaxError, ValueError):
        body = None
    return _said(body) if body is not None else _TAG.sub(" ", text)


def _said(element: Any) -> str:
    pieces: list[str] = []
    _say(element, pieces)
    return "".join(pieces)


def _say(element: Any, pieces: list[str], depth: int = DEEPEST) -> None:
    """Add what an element says, and what those in it say; nobody writes deeper than this."""
    tag = element.tag
    name = tag[tag.rfind("}") + 1 :].lower() if isinstance(tag, str) else ""
    around = _BREAK if name in _BLOCKS else ""
    pieces.append(around)
    if name and name not in _NEVER_SHOWN:
        pieces.append(element.text or "")
        for child in element if depth else ():
            _say(child, pieces, depth - 1)
            pieces.append(child.tail or "")
    pieces.append(around)
