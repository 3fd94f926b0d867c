"""Messages imported to their end, and what became of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from harmattan.catalogue.models import Title
from harmattan.core.extensions import db
from harmattan.imports import files, onix, running, service
from harmattan.imports.models import CatalogueImport

Import = Callable[..., CatalogueImport]


@pytest.fixture
def run_file(any_app: Flask, tmp_path: Path) -> Import:
    """Import a message to its end."""

    def carry_out(content: bytes, **options: Any) -> CatalogueImport:
        run = received(tmp_path, content, **options)
        running.carry_out(run)
        return run

    return carry_out


def received(folder: Path, content: bytes, **options: Any) -> CatalogueImport:
    path = folder / "message.xml"
    path.write_bytes(content)
    facts: dict[str, Any] = {"by": None, "dry_run": False} | options
    with path.open("rb") as stream:
        run = service.receive(files.at(path), onix.read_header(stream), **facts)
    db.session.commit()
    return run


def counts(run: CatalogueImport) -> dict[str, int]:
    names = ("read", "created", "updated", "unchanged", "deleted", "ignored", "rejected", "warnings")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def title(reference: str = "fr.test.1") -> Title:
    db.session.expire_all()
    return db.session.scalars(sa.select(Title).filter_by(record_reference=reference)).one()
