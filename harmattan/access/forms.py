"""The log-in form."""

from wtforms import EmailField, PasswordField

from harmattan.core.forms import Form, required


class LogInForm(Form):
    email = EmailField("Adresse e-mail", [required("Saisissez votre adresse e-mail")])
    password = PasswordField("Mot de passe", [required("Saisissez votre mot de passe")])
