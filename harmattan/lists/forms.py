"""The form by which a list comes in."""

from wtforms import FileField, TextAreaField

from harmattan.core.forms import Form


class PasteForm(Form):
    liste = TextAreaField("Liste d’ISBN et de quantités")
    fichier = FileField("Ou un fichier CSV, TXT, XLSX, ODS ou XLS")
