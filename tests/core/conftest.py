"""A small area of the tests' own, so that core is tried without any area of the house."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, make_response, render_template_string
from wtforms import PasswordField, StringField

from harmattan import create_app
from harmattan.access.gate import public
from harmattan.core import answers
from harmattan.core.forms import Form, at_most, required
from tests.configuration import SETTINGS

_OURS = {name: value for name, value in SETTINGS.items() if name != "HOUSE"}
"""Without the facts of the house, which a configuration file may set."""

PAGE = """{% extends "layout/portal.html" %}{% block title %}Essai{% endblock %}{% block content %}
<h1>Essai</h1>{{ "repris" if form.restored }}
<form method="post" action="/essai"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input name="note" value="{{ form.note.data or '' }}">
<input name="password" value="{{ form.password.data or '' }}">
<button>Envoyer</button></form>{% endblock %}"""


class TrialForm(Form):
    note = StringField("Note", [required("Saisissez une note"), at_most(20)])
    password = PasswordField("Mot de passe")


@pytest.fixture
def new_app(tmp_path: Path) -> Callable[..., Flask]:
    """`new_app(KEY=value)` is an application with these settings, in an instance without a database."""

    def make(**settings: Any) -> Flask:
        return create_app(_OURS | settings, str(tmp_path / "instance"))

    return make


@pytest.fixture
def trial(app: Flask) -> Flask:
    """The application with a page at /essai that asks for a note."""
    bp = Blueprint("trial", __name__)

    @bp.get("/essai")
    def show() -> str:
        return render_template_string(PAGE, form=TrialForm())

    @bp.post("/essai")
    def send() -> Response | tuple[str, int]:
        form = TrialForm()
        if not form.validate():
            return render_template_string(PAGE, form=form), 422
        return answers.done("/essai")

    app.register_blueprint(bp)
    return app


@pytest.fixture
def page_that(app: Flask) -> Callable[..., str]:
    """`page_that(view)` puts a public view of the test's own at an address."""

    def add(view: Callable[[], Any], methods: tuple[str, ...] = ("GET",)) -> str:
        @public
        def answered() -> Response:
            return make_response(view() or "fait")

        app.add_url_rule("/tel-quel", "trial_view", answered, methods=methods)
        return "/tel-quel"

    return add
