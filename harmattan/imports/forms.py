"""The form that sends an ONIX file."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from harmattan.core.forms import OneTimeForm


class ImportForm(OneTimeForm):
    file = FileField("Fichier ONIX", validators=[FileRequired("Choisissez un fichier ONIX")])
    dry_run = BooleanField("Essai d’abord", default=True)
    forced = BooleanField("Importer même si le message est ancien")
