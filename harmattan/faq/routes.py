"""The seventeen questions, and whether their answers help."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from harmattan.access.gate import public
from harmattan.core import answers
from harmattan.core.extensions import db
from harmattan.faq import finding, helped, rules
from harmattan.faq.rules import Place, Said

bp = Blueprint("faq", __name__, url_prefix="/faq")


@bp.get("")
@public
def index() -> Response:
    """All the questions, closed; `?q=` finds and opens some, `?question=` opens one, `?tout=1` all."""
    words = request.args.get("q", "").strip()[:100]
    found = finding.matching(words)
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
