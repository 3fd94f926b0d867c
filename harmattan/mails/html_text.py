"""The text of an HTML mail: what a reader sees of it, quotations marked, nothing of it rendered."""

import lxml.html
from lxml import etree

LONGEST = 400_000
"""Characters of HTML that are read: a reply is short, and what follows is its quotation."""

_HIDDEN = {"script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg", "textarea"}
_BLOCKS = {"p", "div", "br", "li", "tr", "table", "ul", "ol", "pre", "hr", "blockquote"} | {
    f"h{level}" for level in range(1, 7)
}


def text_of_html(html: str) -> str:
    """Paragraphs and lines as plain text; a quotation's lines begin with « > »."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        tree = lxml.html.document_fromstring(html[:LONGEST].replace("\0", ""), parser=parser)
    except (etree.LxmlError, ValueError):  # nothing to parse, or an encoding declared in a text
        return ""
    lines = _Lines()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        lines.see(event, element)
    return lines.text()


class _Lines:
    """The lines met on the way through the tree."""

    def __init__(self) -> None:
        self._lines = [""]
        self._quoted = self._hidden = 0

    def see(self, event: str, element: etree._Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            self._break(blank=tag in ("p", "blockquote"))
        opens = event == "start"
        self._quoted += (1 if opens else -1) * (tag == "blockquote")
        self._hidden += (1 if opens else -1) * (tag in _HIDDEN)
        if not self._hidden:
            self._add((element.text if opens else element.tail) or "")

    def _add(self, text: str) -> None:
        folded = " ".join(text.split(" ")).replace("\n", " ").replace("\r", " ").replace("\t", " ")
        if not self._lines[-1] and folded.strip():
            self._lines[-1] = "> " * self._quoted
        self._lines[-1] += folded

    def _break(self, blank: bool) -> None:
        if self._lines[-1].strip():
            self._lines.append("")
        if blank and self._lines[-2:-1] and self._lines[-2].strip():
            self._lines.append("")

    def text(self) -> str:
        return "\n".join(" ".join(line.split()) for line in self._lines).strip()
