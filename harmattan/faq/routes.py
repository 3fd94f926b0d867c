"""The seventeen questions, and the one that fits a subject of the contact form."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from markupsafe import Markup

from harmattan.access.gate import public
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.faq import helped, rules
from harmattan.faq.rules import Place, Said

bp = Blueprint("faq", __name__, url_prefix="/faq")


@dataclass(frozen=True)
class Fitting:
    """What the contact page shows of a question: its heading, its answer, its address."""

    slug: str
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
    opened = {q.slug for q in found} if opens_all else {request.args.get("question")}
    if not request.args.get("tout"):
        helped.shown(Place(question.slug) for question in rules.QUESTIONS if question.slug in opened)
    groups = rules.grouped(found or rules.QUESTIONS)
    facts = {"groups": groups, "words": words, "found": found, "opened": opened, **_asking()}
    return answers.show("faq/index.html", "faq/_questions.html", **facts)


@bp.get("/avis")
@public
def vote_typed() -> Response:
    return answers.leave(url_for(".index"))


@bp.post("/avis")
@public
def vote() -> Response:
    """« Cette réponse vous a-t-elle aidé ? »: counted, and nothing of who says so (R104)."""
    question = rules.of_slug(request.form.get("question", "")) or abort(404)
    said = {"oui": Said.HELPED, "non": Said.NO_HELP}.get(request.form.get("aide", "")) or abort(400)
    helped.vote(Place(question.slug), said)
    db.session.commit()
    page = url_for(".index", question=question.slug, _anchor=question.slug)
    return answers.done(page, "faq/_helped.html", question=question, **_asking())


def _asking() -> dict[str, Any]:
    """What the question below each answer needs."""
    return {
        "is_asked": helped.is_asked(),
        "has_said": lambda question, said: helped.has_said(Place(question.slug), Said(said)),
        "subject_of": rules.subject_of,
    }


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
        question.slug,
        question.heading,
        Markup(render_template(question.template)),  # noqa: S704 -- our own template
        url_for("faq.index", question=question.slug, _anchor=question.slug),
    )
