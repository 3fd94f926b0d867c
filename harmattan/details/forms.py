"""What a shop wants its account to say, and what sales say to it."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field

from harmattan.conversations.forms import VersionForm, text_field
from harmattan.core.forms import OneTimeForm
from harmattan.details.rules import Difference, differences
from harmattan.people.forms import ShopForm


class DetailsForm(ShopForm, OneTimeForm):
    """The present details, to be written over; what stays as it was is not checked again."""

    words = text_field("Un mot pour le service commercial")

    def __init__(self, present: Mapping[str, str], country: str) -> None:
        super().__init__(data=dict(present))
        self.present, self.country = present, country

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for name, value in self.present.items():
            if _typed(self[name]) == value:
                self[name].errors = ()
        if not self.errors and not self.wished:
            self.trade_name.errors = ["Changez au moins une valeur : tout est comme nous l’avons déjà"]
        return not self.errors

    @property
    def wished(self) -> tuple[Difference, ...]:
        return differences(self.present, self.details)


class DecisionForm(VersionForm):
    """The change as it was seen, with its message."""


class RefusalForm(DecisionForm):
    words = text_field("Votre réponse au libraire", "Écrivez au libraire pourquoi rien ne change")


def _typed(field: Field) -> str:
    return (field.raw_data or [""])[0].strip()
