"""Log-in, a forgotten password, a new one."""

from wtforms import EmailField, PasswordField
from wtforms.validators import Email, EqualTo

from harmattan.core.forms import Form, required


class LogInForm(Form):
    email = EmailField("Adresse e-mail", [required("Saisissez votre adresse e-mail")])
    password = PasswordField("Mot de passe", [required("Saisissez votre mot de passe")])


class ForgottenPasswordForm(Form):
    email = EmailField(
        "Adresse e-mail",
        [
            required("Saisissez votre adresse e-mail"),
            Email("Écrivez l’adresse sous la forme nom@librairie.fr"),
        ],
    )


class NewPasswordForm(Form):
    new_password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe")])
    repeated_password = PasswordField(
        "Le même mot de passe, encore une fois",
        [EqualTo("new_password", "Tapez deux fois le même mot de passe : les deux textes diffèrent")],
    )
