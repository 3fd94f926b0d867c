"""What every template can use."""

from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from harmattan.core import clock, desk, links, qr, registry
from harmattan.core.settings import house, house_on


def init_app(app: Flask) -> None:
    """Fail on unknown names, and share the house's facts, the day, and what areas provide."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["attributes"] = _attributes
    app.jinja_env.globals.update(
        ask=registry.ask,
        ask_first=registry.ask_first,
        today=clock.today,
        absolute=links.absolute,
        qr=qr.svg,
        desk_hours=lambda: desk.opening_text(clock.now(), house_on),
    )
    app.context_processor(lambda: {"house": house()})


def _attributes(defaults: dict[str, Any], given: dict[str, Any]) -> Markup:
    """HTML attributes, each with a leading space; True gives a bare one, None and False none."""
    parts = []
    for name, value in (defaults | given).items():
        if value is True:
            parts.append(Markup(" {}").format(name))
        elif value is not None and value is not False:
            parts.append(Markup(' {}="{}"').format(name, value))
    return Markup("").join(parts)
