"""What waits in the settings of the house."""

import sqlalchemy as sa
from flask import url_for

from harmattan.core.extensions import db
from harmattan.core.worklist import Work
from harmattan.settings.models import SettingsVersion
from harmattan.settings.rules import VersionState


def work() -> Work:
    """Changes that a second person confirms, for the worklist of settings."""
    proposed = sa.select(SettingsVersion.section).where(SettingsVersion.state == VersionState.PROPOSED)
    slugs = db.session.scalars(proposed.order_by(SettingsVersion.id)).all()
    address = url_for("staff.settings.show", slug=slugs[0]) if slugs else url_for("staff.settings.index")
    one, many = "réglage à confirmer", "réglages à confirmer"
    return Work(one, many, address, len(slugs))
