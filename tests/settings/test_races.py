"""Of two who change the same settings at once, one is told (R105), on both databases."""

import threading
from collections import Counter

import sqlalchemy as sa
from flask import Flask

from harmattan.access.models import User
from harmattan.core import clock, database
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.settings import lookups, service
from harmattan.settings.models import SettingsVersion
from harmattan.settings.rules import Difference, VersionState
from harmattan.settings.sections import BANK, PHONES
from tests import cast
from tests.core.test_database import in_threads

OTHERS = 6


def test_many_keep_a_change_of_one_section_at_once_and_one_is_kept(any_app: Flask) -> None:
    root_id = cast.everybody().root.id
    difference = Difference(PHONES.setting("sales_phone"), house().sales_phone, "01 22 22 22 22")
    told: Counter[str] = Counter()
    start = threading.Barrier(OTHERS)

    def keep() -> None:
        start.wait()
        database.writing()
        try:
            service.keep(PHONES, [difference], clock.today(), 0, db.session.get_one(User, root_id))
            db.session.commit()
            told["kept"] += 1
        except service.Meanwhile:
            db.session.rollback()
            told["told"] += 1

    in_threads(any_app, keep, OTHERS)
    assert told == {"kept": 1, "told": OTHERS - 1}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SettingsVersion)) == 1


def test_a_proposal_is_decided_once_by_many_at_once(any_app: Flask) -> None:
    people = cast.everybody()
    difference = Difference(BANK.setting("bank_name"), house().bank_name, "Autre banque")
    service.keep(BANK, [difference], clock.today(), 0, people.ines)
    db.session.commit()
    root_id = people.root.id
    told: Counter[str] = Counter()
    start = threading.Barrier(OTHERS)

    def decide() -> None:
        database.writing()
        version = lookups.version_of(BANK.slug, 1)
        assert version
        db.session.commit()
        start.wait()
        try:
            service.confirm(version, db.session.get_one(User, root_id))
            db.session.commit()
            told["confirmed"] += 1
        except service.Meanwhile:
            db.session.rollback()
            told["told"] += 1

    in_threads(any_app, decide, OTHERS)
    assert told == {"confirmed": 1, "told": OTHERS - 1}
    db.session.expire_all()
    assert lookups.versions(BANK.slug)[0].state is VersionState.KEPT
