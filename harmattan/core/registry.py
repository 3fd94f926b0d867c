"""What a higher area offers to pages of lower ones, by name, without an import upwards.

The higher area provides in `create_app`; the lower one asks, and shows nothing where nobody provides.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

Provider = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Start with no provider."""
    app.extensions["registry"] = {}


def provide(app: Flask, name: str, provider: Provider) -> None:
    """Offer an answer under a name; several areas may offer under the same one."""
    app.extensions["registry"].setdefault(name, []).append(provider)


def ask(name: str, *args: Any, **kwargs: Any) -> Any | None:
    """The first provider's answer, or None where nobody provides."""
    providers = _providers(name)
    return providers[0](*args, **kwargs) if providers else None


def ask_first(name: str, *args: Any, **kwargs: Any) -> Any | None:
    """The first answer that is one, of providers that each know a part."""
    answers = (provider(*args, **kwargs) for provider in _providers(name))
    return next((answer for answer in answers if answer is not None), None)


def ask_all(name: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Every provider's answer, in the order in which they were provided."""
    return [provider(*args, **kwargs) for provider in _providers(name)]


def _providers(name: str) -> list[Provider]:
    found: list[Provider] = current_app.extensions["registry"].get(name, [])
    return found
