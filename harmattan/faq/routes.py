"""The seventeen questions, and the one that fits a subject of the contact form."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from markupsafe import Markup

from harmattan.access.gate import public
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
    """All the questions, closed; `?tout=1` opens them, `?question=` opens one."""
    everything = request.args.get("tout") == "1"
    opened = {question.slug for question in rules.QUESTIONS} if everything else {request.args.get("question")}
    return make_response(render_template("faq/index.html", groups=rules.GROUPS, opened=opened, exists=exists))


def exists(endpoint: str) -> bool:
    """Whether the page an answer ends in is there yet."""
    return endpoint in current_app.view_functions


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
