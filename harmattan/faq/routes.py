"""The seventeen questions, and the one that fits a subject of the contact form."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from harmattan.access.gate import public
from harmattan.core import answers
from harmattan.faq import rules

bp = Blueprint("faq", __name__, url_prefix="/faq")


@dataclass(frozen=True)
class Fitting:
    """What the contact page shows of a question: its heading, its answer, its address."""

    heading: str
    answer: Markup
    url: str


@bp.get("")
@public
def index() -> Response:
    """All the questions, closed; `?q=` finds and opens some, `?question=` opens one, `?tout=1` all."""
    words = request.args.get("q", "").strip()[:100]
    found = matching(words)
    opens_all = request.args.get("tout") == "1" or (words and found)
    return answers.show(
        "faq/index.html",
        "faq/_questions.html",
        groups=rules.grouped(found or rules.QUESTIONS),
        words=words,
        found=found,
        opened={q.slug for q in found} if opens_all else {request.args.get("question")},
    )


def matching(words: str) -> list[rules.Question]:
    """The questions whose heading or answer has all the words."""
    return [question for question in rules.QUESTIONS if rules.matches(_text(question), words)]


def _text(question: rules.Question) -> str:
    """What the search looks through."""
    answer = Markup(render_template(question.template))  # noqa: S704 -- our own template
    return f"{question.heading} {answer.striptags()}"


def for_subject(subject: str) -> Fitting | None:
    """The question that fits a subject of the contact form (provided to the contact area)."""
    question = rules.fitting(subject)
    if question is None:
        return None
    return Fitting(
        question.heading,
        Markup(render_template(question.template)),  # noqa: S704 -- our own template
        url_for("faq.index", question=question.slug, _anchor=question.slug),
    )
