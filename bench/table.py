"""Rows of the speed table: what was measured, its value, its limit."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median

Work = Callable[[int], object]
Row = tuple[str, float, float, str]
"""(measure, value, limit, unit)"""


def middle(times: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The medians of (milliseconds, milliseconds of processor)."""
    wall, processor = zip(*times, strict=True)
    return median(wall), median(processor)


def compared(name: str, limit: float, taken: tuple[float, float], base: tuple[float, float]) -> Row:
    """How many times as long; beside it the same of processors, which a busy machine does not change."""
    processor = f"processor {taken[1] / base[1]:.1f} ×"
    return f"{name} ({taken[0]:.1f} ms over {base[0]:.2f}; {processor})", taken[0] / base[0], limit, "×"


def show(rows: Iterator[Row]) -> list[Row]:
    """Print each row as soon as it is measured."""
    kept = []
    print(f"{'measure':90} {'value':>9} {'limit':>7}")
    for name, value, limit, unit in rows:
        print(f"{name:90} {value:9.2f} {limit:7g} {unit:2} {'ok' if value <= limit else 'OVER'}", flush=True)
        kept.append((name, value, limit, unit))
    return kept
