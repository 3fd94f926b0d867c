"""Titles, for the search at the top of every page."""

from flask import url_for

from harmattan.catalogue import search, service
from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.isbn import hyphenated
from harmattan.core.typography import number, plural


def exact(text: str) -> str | None:
    """An ISBN in any form leads to its title; one that we cannot place, to the page that says why."""
    sought = service.sought_isbn(text)
    if sought is None:
        return None
    if sought.title and not sought.fault:
        return url_for("catalogue.title", isbn=sought.isbn)
    return url_for("catalogue.search", q=text)


def group(text: str) -> Group:
    """The titles that fit best."""
    found = service.page_of(search.Wish(text), 1)
    hits = [
        Hit(
            row.title,
            url_for("catalogue.title", isbn=row.isbn),
            ", ".join(filter(None, (row.authors, hyphenated(row.isbn)))),
        )
        for row in found.titles[:HITS]
    ]
    count = f"plus de {number(search.COUNTED)} titres" if found.is_uncounted else plural(found.total, "titre")
    corrected = f" pour « {found.corrected} »" if found.corrected else ""
    return Group("Titres", hits, count + corrected, url_for("catalogue.search", q=text))
