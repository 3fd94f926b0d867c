"""What every page must be, found in its HTML: each check yields faults in words (ux.md §2, §3)."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

_BAD_SPACES = (
    (re.compile(r"[^\S\u00a0\u202f]+[:;!?»]"), "plain space before : ; ! ? or »"),
    (re.compile(r"«(?!\u00a0)"), "« without its no-break space"),
    (re.compile(r"\w[!?;»](?:\s|$)"), "no space before ; ! ? or »"),
    (re.compile(r"\d[^\S\u00a0\u202f]+(?:€|%)"), "plain space before a unit"),
    (re.compile(r"\w'\w"), "straight apostrophe"),
    (re.compile(r"\bn° "), "plain space after n°"),
    (re.compile(r"\.\.\."), "three dots for an ellipsis"),
    (re.compile(r"\b[Vv]euillez\b"), "« Veuillez »"),
    (re.compile(r"\bOups\b"), "« Oups »"),
)
_LAZY_MESSAGE = re.compile(r"\b(invalide|incorrecte?|obligatoire|requise?)s?\b", re.I)
_VAGUE_LINKS = {"ici", "cliquez ici", "lire la suite", "en savoir plus", "lien", "plus"}
_HTMX = re.compile(r"^hx-")


def faults(html: str) -> list[str]:
    """Everything that is wrong with a whole page."""
    page = BeautifulSoup(html, "html.parser")
    return [fault for check in (*_WHOLE, *_ANYWHERE) for fault in check(page)]


def fragment_faults(html: str) -> list[str]:
    """Everything that is wrong with a fragment."""
    part = BeautifulSoup(html, "html.parser")
    return [fault for check in _ANYWHERE for fault in check(part)]


def _frame(page: BeautifulSoup) -> Iterator[str]:
    if page.html is None or page.html.get("lang") != "fr":
        yield "the page does not say lang=fr"
    if len(page.find_all("h1")) != 1:
        yield f"{len(page.find_all('h1'))} h1"
    if page.title is None or len(page.title.get_text(strip=True)) < 10:
        yield "no title"
    for name in ("header", "main", "footer", "nav"):
        if not page.find(name):
            yield f"no {name}"
    if not page.select_one('a.saut[href="#contenu"]'):
        yield "no skip link"


def _headings(page: BeautifulSoup) -> Iterator[str]:
    level = 0
    for heading in page.find_all(re.compile("^h[1-6]$")):
        new = int(heading.name[1])
        if new > level + 1 and level:
            yield f"h{level} is followed by h{new} « {_text(heading)} »"
        level = new
        if not _text(heading):
            yield f"an empty h{new}"


def _ids(page: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in page.find_all(id=True))
    for name, count in ids.items():
        if count > 1:
            yield f"{count} elements with id {name}"
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "headers"):
        for tag in page.find_all(attrs={name: True}):
            for wanted in str(tag[name]).split():
                if wanted not in ids:
                    yield f"{name}={wanted} names no element"
    for link in page.find_all("a", href=re.compile("^#.")):
        if link["href"][1:] not in ids:
            yield f"the link {link['href']} leads nowhere on the page"


def _labels(page: BeautifulSoup) -> Iterator[str]:
    named = {str(label["for"]) for label in page.find_all("label", attrs={"for": True}) if _text(label)}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        if field.get("id") not in named and not field.find_parent("label") and not field.get("aria-label"):
            yield f"the field {field.get('name')} has no label"
    for group in page.find_all("fieldset"):
        if not group.find("legend"):
            yield "a fieldset without legend"
    for button in page.find_all("button"):
        if button.get("type") not in ("submit", "button", "reset"):
            yield f"the button « {_text(button)} » has no type"
        if not _text(button) and not button.get("aria-label"):
            yield "a button without text"


def _forms(page: BeautifulSoup) -> Iterator[str]:
    for form in page.find_all("form"):
        action, method = form.get("action"), str(form.get("method", "")).lower()
        if not action or method not in ("get", "post"):
            yield f"a form without method or action: {action}"
        if method == "post" and not form.find(attrs={"name": "csrf_token"}):
            yield f"the form of {action} has no token"
        if method == "get" and form.find(attrs={"name": "csrf_token"}):
            yield f"the form of {action} shows its token in the address"
        if not form.find("button", type="submit") and not _outside_button(page, form):
            yield f"the form of {action} has no button"
        if form.find("form"):
            yield f"a form within the form of {action}"


def _outside_button(page: BeautifulSoup, form: Tag) -> Tag | None:
    return page.find("button", form=form.get("id")) if form.get("id") else None


def _htmx(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        if any(_HTMX.match(name) for name in tag.attrs):
            yield f"hx-… instead of data-hx-… on {tag.name}"
        for verb in ("post", "get", "put", "patch", "delete"):
            address = tag.get(f"data-hx-{verb}")
            if address is not None:
                yield from _htmx_twin(tag, verb, str(address))


def _htmx_twin(tag: Tag, verb: str, address: str) -> Iterator[str]:
    if verb in ("put", "patch", "delete"):
        yield f"data-hx-{verb}: a form without JavaScript cannot do that"
    for needed in ("data-hx-target", "data-hx-swap"):
        if not tag.has_attr(needed):
            yield f"data-hx-{verb}={address} without {needed}"
    if tag.has_attr("data-hx-boost"):
        yield "a boosted element"
    if verb == "post":
        form = tag if tag.name == "form" else tag.find_parent("form", method="post")
        if form and tag.name in ("input", "select", "textarea"):
            return  # its form's own button sends it too
        known = {str(form.get("action"))} | _formactions(form) if form else set()
        if address not in known:
            yield f"data-hx-post={address} has no plain twin"
    elif tag.name == "a" and tag.get("href") != address:
        yield f"data-hx-get={address} on a link to {tag.get('href')}"


def _formactions(form: Tag) -> set[str]:
    return {str(button["formaction"]) for button in form.find_all(attrs={"formaction": True})}


def _nothing_inline(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        for name in tag.attrs:
            if name == "style" or name.startswith("on"):
                yield f"inline {name} on {tag.name}"
    for script in page.find_all("script"):
        if not script.get("src") or script.get_text(strip=True):
            yield "an inline script"
    if page.find("style"):
        yield "an inline stylesheet"
    for tag in page.find_all(["script", "link", "img", "iframe"]):
        address = str(tag.get("src") or tag.get("href") or "")
        if urlsplit(address).netloc:
            yield f"something from elsewhere: {address}"


def _tables(page: BeautifulSoup) -> Iterator[str]:
    for table in page.find_all("table"):
        if not table.caption or not _text(table.caption):
            yield "a table without caption"
        for cell in table.find_all("th"):
            if cell.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"the heading « {_text(cell)} » has no scope"


def _links(page: BeautifulSoup) -> Iterator[str]:
    for link in page.find_all("a"):
        text = _text(link)
        if not text and not link.get("aria-label"):
            yield f"the link to {link.get('href')} has no text"
        if text.lower() in _VAGUE_LINKS:
            yield f"a vague link « {text} »"
        if not link.get("href"):
            yield f"« {text} » leads nowhere"
        if link.get("target"):
            yield f"« {text} » opens another window"


def _french(page: BeautifulSoup) -> Iterator[str]:
    for text in page.find_all(string=True):
        if isinstance(text, Comment) or type(text) is not NavigableString or not text.strip():
            continue
        if text.find_parent(["script", "style", "textarea", "pre", "code"]):
            continue
        for pattern, fault in _BAD_SPACES:
            if found := pattern.search(text):
                yield f"{fault}: « {text[max(0, found.start() - 30) : found.end() + 15].strip()!r} »"
    for message in page.select(".msg, [role=alert] li"):
        if len(_text(message).split()) < 4 and _LAZY_MESSAGE.search(_text(message)):
            yield f"a message that does not say what to do: « {_text(message)} »"
        elif _LAZY_MESSAGE.search(_text(message)):
            yield f"a blaming word in « {_text(message)} »"


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


_WHOLE = (_frame, _ids)
_ANYWHERE = (_headings, _labels, _forms, _htmx, _nothing_inline, _tables, _links, _french)
