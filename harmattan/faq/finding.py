"""Frequent questions, for the search at the top of every page."""

from flask import url_for

from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import plural
from harmattan.faq import routes


def group(text: str) -> Group:
    """The questions whose heading or answer has all the words."""
    found = routes.matching(text)
    hits = [
        Hit(question.heading, url_for("faq.index", question=question.slug, _anchor=question.slug))
        for question in found[:HITS]
    ]
    return Group("Questions fréquentes", hits, plural(len(found), "réponse"), url_for("faq.index", q=text))
