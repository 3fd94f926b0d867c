"""Frequent questions that are meant: by words in a search, by the subject of a message."""

from dataclasses import dataclass

from flask import render_template, url_for
from markupsafe import Markup

from harmattan.core.finding import HITS, Group, Hit
from harmattan.core.typography import plural
from harmattan.faq import rules, searching


@dataclass(frozen=True)
class Fitting:
    """What the contact page shows of a question: its heading, its answer, its address."""

    slug: str
    heading: str
    answer: Markup
    url: str


def group(text: str) -> Group:
    """The questions that a search means."""
    found = matching(text)
    hits = [
        Hit(question.heading, url_for("faq.index", question=question.slug, _anchor=question.slug))
        for question in found[:HITS]
    ]
    return Group("Questions fréquentes", hits, plural(len(found), "réponse"), url_for("faq.index", q=text))


def matching(words: str) -> list[rules.Question]:
    """The questions that have all the words, or, of a sentence that none has, all the words that tell."""
    texts = [(question, _text(question)) for question in rules.QUESTIONS]
    for sought in (words, searching.telling(words) or words):
        if found := [question for question, text in texts if searching.matches(text, sought)]:
            return found
    return []


def _text(question: rules.Question) -> str:
    """What the search looks through."""
    answer = Markup(render_template(question.template))  # noqa: S704 -- our own template
    return f"{question.heading} {answer.striptags()} {question.words}"


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
