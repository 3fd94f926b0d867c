"""Points of a timeline, as `macros/page.html` draws them."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One point of a timeline."""

    name: str
    progress: str
    """done, current or ahead"""
    at: dt.datetime | None = None
    text: str = ""
