"""Log-in, a forgotten password, a new one."""

from wtforms import EmailField, PasswordField

from harmattan.core.forms import Form, email_field, repeated, required


class LogInForm(Form):
    email = EmailField("Adresse e-mail", [required("Saisissez votre adresse e-mail")])
    password = PasswordField("Mot de passe", [required("Saisissez votre mot de passe")])


class ForgottenPasswordForm(Form):
    email = email_field("Adresse e-mail", "Saisissez votre adresse e-mail")


class NewPasswordForm(Form):
    new_password = PasswordField("Nouveau mot de passe", [required("Choisissez un mot de passe")])
    repeated_password = repeated("new_password")
