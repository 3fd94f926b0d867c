"""What a shop wants changed, field by field, and how far the request is (R58–R60)."""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harmattan.core import states
from harmattan.core.steps import Step
from harmattan.people.rules import DETAILS


class ChangeState(states.State):
    WAITING = "waiting", "À l’étude", "att"
    APPLIED = "applied", "Appliquée", "fait"
    REFUSED = "refused", "Refusée", "err"


class Action(enum.StrEnum):
    APPLY = "apply"
    REFUSE = "refuse"


TRANSITIONS: dict[ChangeState, dict[Action, ChangeState]] = {
    ChangeState.WAITING: {Action.APPLY: ChangeState.APPLIED, Action.REFUSE: ChangeState.REFUSED},
    ChangeState.APPLIED: {},
    ChangeState.REFUSED: {},
}


@dataclass(frozen=True)
class Difference:
    """One detail: what the account says, what it is to say."""

    field: str
    """The account's column."""
    old: str
    new: str

    @property
    def label(self) -> str:
        return DETAILS[self.field]

    def __str__(self) -> str:
        """« Téléphone : 02 40 00 00 12 → 02 40 00 00 21 »"""
        return f"{self.label} : {self.old or 'rien'} → {self.new or 'rien'}"


def differences(present: Mapping[str, str], wished: Mapping[str, str]) -> tuple[Difference, ...]:
    """What differs, in the order of the page; one's own spelling of the same is no difference."""
    return tuple(
        Difference(field, present[field], wished[field])
        for field in DETAILS
        if wished[field].strip() != present[field].strip()
    )


def moved_on(asked: Sequence[Difference], present: Mapping[str, str]) -> tuple[Difference, ...]:
    """What the account no longer says as it did when the change was asked for: old is what it says now."""
    return tuple(
        Difference(each.field, present[each.field], each.new)
        for each in asked
        if present[each.field] != each.old
    )


def timeline(
    state: ChangeState, asked: tuple[str, dt.datetime], decided: tuple[str, dt.datetime] | None, words: str
) -> list[Step]:
    """What happened, as the shop reads it: (who, when) each."""
    who, at = asked
    steps = [Step(f"Demandée par {who}", "done", at)]
    if decided is None:
        return [*steps, Step("Étude par le service commercial", "current"), Step("Appliquée", "ahead")]
    who, at = decided
    return [*steps, Step(f"{state.label} par {who}, service commercial", "done", at, words)]
