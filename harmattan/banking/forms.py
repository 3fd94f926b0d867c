"""What accounting send and type: the bank's file, an account for a line, why a line is set aside."""

from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import ValidationError

from harmattan.access.models import Account
from harmattan.banking import lookups
from harmattan.core.forms import Form, at_most, required


class StatementForm(Form):
    fichier = FileField("Relevé de la banque, en CSV")


class AccountForm(Form):
    """Whose money a line is."""

    compte = StringField("Compte", [required("Saisissez le numéro du compte, ou un mot du nom"), at_most(60)])
    account: Account | None = None

    def validate_compte(self, field: StringField) -> None:
        typed = (field.data or "").strip()
        self.account = lookups.account_of(typed)
        if self.account is None:
            raise ValidationError(
                f"Aucun compte, ou plusieurs, pour « {typed} » : saisissez le numéro à six chiffres"
            )


class AsideForm(Form):
    """Why a line is no payment of a bookshop's."""

    motif = StringField(
        "Motif", [required("Dites pourquoi, par exemple « remboursement d’assurance »"), at_most(120)]
    )
