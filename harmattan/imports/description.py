"""Blocks 1, 2 and 4 of an ONIX record: what a title is, what is told of it, who publishes it when."""

from typing import Any

from harmattan.imports import values
from harmattan.imports.onix import DATE_FORMAT, Header, Node
from harmattan.imports.plain_text import one_line

Columns = dict[str, Any]

AUTHORS = frozenset(("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A38"))
"""Roles that sign a book (list 17)."""
EDITORS = frozenset(("B01", "B09", "B11", "B13", "B15", "C01"))
"""Roles that direct one: « Cléo Almeida (dir.) »."""
COLLECTIVE = "Collectif"
_NOT_A_NAME, _VARIOUS = "", "04"
_PAGE_EXTENTS = ("11", "00", "05")
_CLIL, _ORDER_LAST = "29", 9_999


def described(block: Node, header: Header, warnings: list[str]) -> Columns:
    """Block 1: title, contributors, collection, form, pages, language, CLIL subject, weight."""
    title, subtitle = _title(block)
    if not title:
        raise ValueError("titre absent")
    people = _contributors(block)
    return {
        "title": one_line(title, 300),
        "subtitle": one_line(subtitle, 300),
        "authors": one_line(_signature(people), 300),
        "contributors": people,
        "collection": one_line(_collection(block), 200),
        "form": block.value("ProductForm")[:4],
        "pages": _pages(block),
        "language": _language(block) or header.language,
        "clil": _clil(block),
        "weight_g": _weight(block, warnings),
    }


def told(block: Node) -> Columns:
    """Block 2: the description, else the back cover, else the short text."""
    texts = {each.value("TextType"): each.value("Text") for each in reversed(block.all("TextContent"))}
    return {"description": next((texts[kind] for kind in ("03", "05", "02") if texts.get(kind)), "")}


def published(block: Node, warnings: list[str]) -> Columns:
    """Block 4: imprint (else the publisher) and publication date."""
    imprint = next((each.value("ImprintName") for each in block.all("Imprint")), "")
    publishers = [each for each in block.all("Publisher") if each.value("PublishingRole") in ("01", "")]
    publisher = next((each.value("PublisherName") for each in publishers), "")
    return {
        "imprint": one_line(imprint or publisher, 120),
        "published_on": dated(block.all("PublishingDate"), "PublishingDateRole", "01", warnings),
    }


def dated(dates: list[Node], role_name: str, role: str, warnings: list[str]) -> Any:
    """The date of this role, or None; one that cannot be read is a warning."""
    for each in dates:
        if each.value(role_name) == role and (text := each.value("Date")):
            found = values.date(text, each.value(DATE_FORMAT))
            if found is None:
                warnings.append(f"date illisible : « {text[:20]} »")
            return found
    return None


def _title(block: Node) -> tuple[str, str]:
    """(title, subtitle) of the product; a volume without a title of its own bears its series' one."""
    details = block.all("TitleDetail")
    chosen = [each for each in details if each.value("TitleType") == "01"] or details[:1]
    elements = [element for detail in chosen for element in detail.all("TitleElement")]
    own = next((each for each in elements if each.value("TitleElementLevel") == "01"), None)
    if own is not None and _title_text(own):
        return _title_text(own), own.value("Subtitle")
    above = next((each for each in elements if _title_text(each)), None)
    if above is None:
        return "", ""
    part = own.value("PartNumber") if own is not None else ""
    return ", ".join(filter(None, (_title_text(above), part))), above.value("Subtitle")


def _title_text(element: Node) -> str:
    if text := element.value("TitleText"):
        return text
    prefix, rest = element.value("TitlePrefix"), element.value("TitleWithoutPrefix")
    return prefix + rest if prefix.endswith(("'", "’")) else f"{prefix} {rest}".strip()


def _collection(block: Node) -> str:
    for collection in block.all("Collection"):
        for detail in collection.all("TitleDetail"):
            for element in detail.all("TitleElement"):
                if element.value("TitleElementLevel") in ("02", "") and _title_text(element):
                    return _title_text(element)
    return ""


def _contributors(block: Node) -> list[dict[str, str]]:
    ordered = sorted(block.all("Contributor"), key=_order)
    named = ((each, one_line(_name(each), 200)) for each in ordered)
    return [
        {"role": role[:3], "name": name}
        for each, name in named
        if name
        for role in each.values("ContributorRole")[:3]
    ]


def _order(contributor: Node) -> int:
    number = contributor.value("SequenceNumber")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 5 else _ORDER_LAST


def _name(contributor: Node) -> str:
    """First name first, whichever way the record gives it."""
    if name := contributor.value("PersonName"):
        return name
    parts = ("NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey")
    if name := " ".join(filter(None, (contributor.value(part) for part in parts))):
        return name
    if inverted := contributor.value("PersonNameInverted"):
        last, _, first = inverted.partition(",")
        return f"{first.strip()} {last.strip()}".strip()
    various = contributor.value("UnnamedPersons") == _VARIOUS
    return contributor.value("CorporateName") or (COLLECTIVE if various else _NOT_A_NAME)


def _signature(people: list[dict[str, str]]) -> str:
    """The authors as displayed; without any, those who directed the book, else whoever comes first."""
    authors = [each["name"] for each in people if each["role"] in AUTHORS]
    editors = [f"{each['name']} (dir.)" for each in people if each["role"] in EDITORS]
    return ", ".join(dict.fromkeys(authors or editors or [each["name"] for each in people[:1]]))


def _pages(block: Node) -> int | None:
    counts = {
        each.value("ExtentType"): each.value("ExtentValue")
        for each in block.all("Extent")
        if each.value("ExtentUnit") in ("03", "")
    }
    return next((values.pages(counts[kind]) for kind in _PAGE_EXTENTS if kind in counts), None)


def _language(block: Node) -> str:
    languages = (each for each in block.all("Language") if each.value("LanguageRole") == "01")
    return next((each.value("LanguageCode")[:3] for each in languages), "")


def _clil(block: Node) -> str:
    """The main CLIL subject, else the first one."""
    codes = sorted(
        (not each.values("MainSubject"), index, each.value("SubjectCode"))
        for index, each in enumerate(block.all("Subject"))
        if each.value("SubjectSchemeIdentifier") == _CLIL
    )
    return next((code for _, _, code in codes if len(code) == 4 and code.isascii() and code.isdigit()), "")


def _weight(block: Node, warnings: list[str]) -> int | None:
    for each in block.all("Measure"):
        if each.value("MeasureType") == "08":
            text, unit = each.value("Measurement"), each.value("MeasureUnitCode")
            if (grams := values.weight_g(text, unit)) is not None:
                return grams
            warnings.append(f"poids illisible : « {text[:12]} {unit[:4]} »")
    return None
