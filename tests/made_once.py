"""What the applications of all tests would work out anew and alike: worked out once for a worker process.

Each test keeps an application of its own; what they share is pure: how rules match and make addresses,
compiled templates, and the words of statements.
"""

from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

from harmattan.core.extensions import db


class KnownRule(Rule):
    """A rule that is compiled once: half of what making an application takes."""

    _known: ClassVar[dict[tuple[object, ...], dict[str, Any]]] = {}
    _WORKED_OUT = ("arguments", "_parts", "_trace", "_converters")

    def compile(self) -> None:
        converters = tuple(self.map.converters.items())
        key = (self.rule, self.subdomain, self.merge_slashes, converters, *(self.defaults or {}).items())
        if key not in self._known:
            super().compile()
            made = {name: getattr(self, name) for name in self._WORKED_OUT}
            self._known[key] = made | {
                "_build": self._build.__func__,
                "_unknown": self._build_unknown.__func__,
            }
        known = self._known[key]
        for name in self._WORKED_OUT:
            setattr(self, name, known[name])
        self._build = known["_build"].__get__(self)
        self._build_unknown = known["_unknown"].__get__(self)


class _Templates(BytecodeCache):
    """Compiled templates, kept in memory."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.checksum, bucket.code


_templates = _Templates()
_engines: dict[str, Engine] = {}


def share(app: Flask) -> None:
    """Let the application have what is made once."""
    app.jinja_env.bytecode_cache = _templates
    with app.app_context():
        first = _engines.setdefault(db.engine.dialect.name, db.engine)
        db.engine.dialect, db.engine._compiled_cache = first.dialect, first._compiled_cache


Flask.url_rule_class = KnownRule
