"""Log-in, a forgotten password, a new one, a code of the second factor."""

from wtforms import EmailField, PasswordField, StringField

from harmattan.core.forms import Form, email_field, repeated, required


class LogInForm(Form):
    email = EmailField("Adresse e-mail", [required("Saisissez votre adresse e-mail")])
    password = PasswordField("Mot de passe", [required("Saisissez votre mot de passe")])


class ForgottenPasswordForm(Form):
    email = email_field("Adresse e-mail", "Saisissez votre adresse e-mail")


class NewPasswordForm(Form):
    new_password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe")])
    repeated_password = repeated("new_password")


class CodeForm(Form):
    one_time_password = StringField("Code", [required("Saisissez le code que montre votre application")])
    """Its name keeps it out of drafts."""

    def refuse(self) -> None:
        """The code opens nothing."""
        self.one_time_password.errors = [
            "Vérifiez le code : il change toutes les 30 secondes et sert une fois"
        ]
