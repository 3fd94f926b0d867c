"""Frequent questions that are meant: by words in a search, by the subject of a message."""

from dataclasses import dataclass

from flask import render_template, url_for
from markupsafe import Markup

from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import plural
from harmattan.faq import rules


@dataclass(frozen=True)
class Fitting:
    """What the contact page shows of a question: its heading, its answer, its address."""

    slug: str
    heading: str
    answer: Markup
    url: str


def group(text: str) -> Group:
    """The questions whose heading or answer has all the words."""
    found = matching(text)
    hits = [
        Hit(question.heading, url_for("faq.index", question=question.slug, _anchor=question.slug))
        for question in found[:HITS]
    ]
    return Group("Questions fréquentes", hits, plural(len(found), "réponse"), url_for("faq.index", q=text))


def matching(words: str) -> list[rules.Question]:
    """The questions whose heading or answer has all the words."""
    return [question for question in rules.QUESTIONS if rules.matches(_text(question), words)]


def _text(question: rules.Question) -> str:
    """What the search looks through."""
    answer = Markup(render_template(question.template))  # noqa: S704 -- our own template
    return f"{question.heading} {answer.striptags()}"


def for_subject(subject: str) -> Fitting | None:
    """The question that fits a subject of the contact form."""
    question = rules.fitting(subject)
    if question is None:
        return None
    return Fitting(
        question.slug,
        question.heading,
        Markup(render_template(question.template)),  # noqa: S704 -- our own template
        url_for("faq.index", question=question.slug, _anchor=question.slug),
    )
