"""Publishers' texts without any markup: XHTML, or HTML hidden in the text itself (ux: plain text only)."""

import re
from typing import Any

from lxml import etree

LONGEST = 20_000
_BLOCKS = frozenset(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote dt dd hr section".split()  # noqa: SIM905
)
_NEVER_SHOWN = frozenset(("script", "style", "head", "iframe", "object"))
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")


def plain_text(element: Any) -> str:
    """What an ONIX text says, paragraphs on lines of their own."""
    text = element.text if not len(element) else None
    if text is None:
        return _tidy("".join(_said(element)))
    if _LOOKS_LIKE_HTML.search(text):
        return _tidy(_of_html(text))
    return _tidy(text)


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut with « … » where it is too long for its column."""
    line = " ".join(_INVISIBLE.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _of_html(text: str) -> str:
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        body = etree.fromstring(f"<body>{text}</body>", parser)
    except (etree.XMLSyntaxError, ValueError):
        body = None
    return "".join(_said(body)) if body is not None else _TAG.sub(" ", text)


def _said(element: Any) -> list[str]:
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag
        name = tag[tag.rfind("}") + 1 :].lower() if isinstance(tag, str) else ""
        if name in _BLOCKS:
            pieces.append("\n")
        if event == "start":
            if name and name not in _NEVER_SHOWN:
                pieces.append(_SPACES.sub(" ", node.text or ""))
        elif node is not element:
            pieces.append(_SPACES.sub(" ", node.tail or ""))
    return pieces


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in _INVISIBLE.sub("", text).splitlines())
    tidy = "\n".join(line for line in lines if line)
    return tidy if len(tidy) <= LONGEST else tidy[: LONGEST - 1].rstrip() + "…"
