"""Which files come with the account's mails."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from harmattan.core.forms import Form
from harmattan.exchanges.rules import Format, Kind, label

NONE = ""


def _choice(kind: Kind) -> RadioField:
    forms = [SelectChoice(form.value, label(kind, form)) for form in kind.formats]
    return RadioField(kind.label, choices=[SelectChoice(NONE, "Aucun fichier"), *forms])


class ExchangesForm(Form):
    order = _choice(Kind.ORDER)
    response = _choice(Kind.RESPONSE)
    shipment = _choice(Kind.SHIPMENT)
    document = _choice(Kind.DOCUMENT)

    def offer(self, *, flat: bool) -> None:
        """Without both GLN the flat file is not offered."""
        if not flat:
            self.order.choices = [each for each in self.order.choices if each.value != Format.FLAT]

    @property
    def wanted(self) -> dict[Kind, Format]:
        return {kind: Format(self[kind.value].data) for kind in Kind if self[kind.value].data}
