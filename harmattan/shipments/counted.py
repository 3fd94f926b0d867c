"""More copies leave than our stock counts: only where the warehouse answers for them (ADR 9, ADR 14).

The warehouse stands before the shelf, our stock is what it counted last. Its file is its word: it is booked,
and whoever sends it reads what to have counted again. On screen whoever types confirms it.
"""

from collections.abc import Mapping

from harmattan.core.errors import Refusal
from harmattan.core.typography import plural
from harmattan.orders import copies
from harmattan.orders.models import OrderLine


class MoreThanCounted(Refusal):
    """Nobody said that the warehouse has them."""

    title = "Notre stock en compte moins"


def beyond(lines: Mapping[int, OrderLine], leaving: Mapping[int, int]) -> list[str]:
    """What leaves of these lines (by id) beyond what is counted: « titre » : 5 partis, 3 comptés."""
    counted = copies.can_leave(list(lines.values()))
    return [
        f"« {lines[line_id].title} » : {plural(count, 'parti')}, {plural(counted[line_id], 'compté')}"
        for line_id, count in leaving.items()
        if line_id in lines and count > counted[line_id]
    ]
