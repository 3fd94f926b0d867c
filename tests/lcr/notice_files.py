"""Files of unpaid LCR as a bank writes them (CFONB, 240 characters), for tests."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

DAY = dt.date(2026, 12, 31)


@dataclass(frozen=True)
class Unpaid:
    bill: str
    cents: int
    code: str = "20"
    on: dt.date = DAY
    operation: str = "61"


def placed(*parts: tuple[int, str]) -> str:
    """A record with these texts at these positions, counted from one."""
    record = [" "] * 240
    for first, text in parts:
        record[first - 1 : first - 1 + len(text)] = text
    return "".join(record)


def record(number: int, each: Unpaid) -> str:
    return placed(
        (1, f"34{number:06}{each.operation}{each.on:%d%m%y}E"),
        (22, "300060000112345678901"),
        (43, "EDITIONS L'HARMATTAN"),
        (78, "300040000312345678901"),
        (99, "SARL LE GRAND LARGE"),
        (139, each.bill),
        (213, f"{DAY:%d%m%y}"),
        (227, f"{each.code}{each.cents:012}"),
    )


def file_of(unpaid: Sequence[Unpaid], total_cents: int | None = None) -> str:
    """Header, a record for each, the total of those of LCR."""
    told = sum(each.cents for each in unpaid if each.operation == "61")
    last = len(unpaid) + 2
    return "".join(
        f"{line}\r\n"
        for line in (
            placed((1, f"3100000161{DAY:%d%m%y}E"), (22, "300060000112345678901")),
            *(record(number, each) for number, each in enumerate(unpaid, 2)),
            placed(
                (1, f"39{last:06}61{DAY:%d%m%y}E"),
                (229, f"{told if total_cents is None else total_cents:012}"),
            ),
        )
    )
