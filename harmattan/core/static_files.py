"""Our few static files and htmx from its wheel, under names that carry their content (served for ever)."""

import hashlib
import importlib.resources
import re
import tempfile
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

_HASHED = re.compile(r".*-[0-9a-f]{12}\.[a-z]+$")


def init_app(app: Flask) -> None:
    """Publish each file as name-<hash>.ext, compressed beside, and tell templates its address."""
    published = Path(app.instance_path, "static")
    published.mkdir(parents=True, exist_ok=True)
    compressor = Compressor(quiet=True)
    addresses = {}
    for source in [*_ours(), _htmx(app)]:
        content = source.read_bytes()
        name = f"{source.stem}-{hashlib.sha256(content).hexdigest()[:12]}{source.suffix}"
        target = published / name
        if not target.exists():
            _publish(target, content, compressor)
        addresses[source.name] = f"/static/{name}"
    addresses["htmx.js"] = addresses[_htmx(app).name]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=published,
        prefix="static",
        immutable_file_test=lambda _path, url: bool(_HASHED.match(url)),
        add_headers_function=_add_headers,
    )
    app.jinja_env.globals["static_url"] = addresses.__getitem__


def _publish(target: Path, content: bytes, compressor: Compressor) -> None:
    """Write the file and its compressed twin; the web server and the worker may start together."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        partial = Path(folder, target.name)
        partial.write_bytes(content)
        for written in [*compressor.compress(str(partial)), str(partial)]:
            Path(written).replace(target.parent / Path(written).name)


def _ours() -> list[Path]:
    return sorted(path for path in (Path(__file__).parents[1] / "static").iterdir() if path.is_file())


def _htmx(app: Flask) -> Path:
    """The operator's newer 2.x file, else the one inside the wheel."""
    if app.config["HTMX_FILE"]:
        return Path(app.config["HTMX_FILE"])
    return Path(str(importlib.resources.files("js_lib_htmx") / "static/htmx/htmx.min.js"))


def _add_headers(headers: "dict[str, str]", _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
