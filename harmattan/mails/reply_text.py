"""What is new in a reply: the text without what it quotes (mail-parser-reply, within bounds of our own)."""

import re

from mailparser_reply import EmailReplyParser

_LINES, _CHARACTERS = 200, 200
"""How much the library is shown: its patterns take time by the square of a line."""

_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n")
_WRAPPED_HEADER = re.compile(r"^Le (?!.*a écrit).*$\n^.*a écrit ?:$", re.MULTILINE)
"""« Le … a écrit : » on two lines, which the library does not know."""

_QUOTES = re.compile(r"|>.*|-+ ?Message (d.origine|original) ?-+|(Le|On) .*(a écrit|wrote) ?:", re.IGNORECASE)
"""A line that only leads to a quotation, or is one."""

_parser = EmailReplyParser(languages=["fr", "en"])


def new_part(text: str) -> str:
    """The reply above its quotation; the whole text where the answer stands below it or between its lines."""
    lines = _BLANK_LINES.sub("\n\n", text.strip()).split("\n")
    kept = lines[: _lines_kept(lines)]
    while kept and _QUOTES.fullmatch(_SPACES.sub(" ", kept[-1]).strip()[:_CHARACTERS]):
        kept.pop()
    return "\n".join(kept).strip() or text.strip()


def _lines_kept(lines: list[str]) -> int:
    """How many lines come before the first quotation."""
    seen = "\n".join(_SPACES.sub(" ", line).strip()[:_CHARACTERS] for line in lines[:_LINES])
    wrapped = _WRAPPED_HEADER.search(seen)
    if wrapped:
        seen = seen[: wrapped.start()]
    seen = seen.rstrip()
    reply = _parser.parse_reply(seen) or ""
    found_none = not wrapped and reply == seen
    if found_none or not seen.startswith(reply):  # the library rewrites some separators: nothing is cut then
        return len(lines)
    return reply.count("\n") + 1
