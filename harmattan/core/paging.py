"""Pages of a long list whose length is known."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One page of so many."""

    number: int
    last: int
    length: int
    """Lines a page."""

    @classmethod
    def of(cls, wished: int, line_count: int, length: int) -> "Sheet":
        """The page asked for, or the nearest one there is."""
        last = max(-(-line_count // length), 1)
        return cls(min(max(wished, 1), last), last, length)

    @property
    def offset(self) -> int:
        """How many lines stand on the pages before."""
        return (self.number - 1) * self.length

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last
