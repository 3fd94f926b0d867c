"""A new member of staff, and another service."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from harmattan.core.forms import Form, at_most, email_field, required
from harmattan.core.services import Service
from harmattan.team.rules import NewPerson


def _service_field() -> RadioField:
    return RadioField(
        "Service",
        [InputRequired("Choisissez le service")],
        choices=[SelectChoice(service.value, service.label) for service in Service],
        coerce=Service,
    )


class MemberForm(Form):
    first_name = StringField("Prénom", [required("Saisissez le prénom"), at_most(60)])
    last_name = StringField("Nom", [required("Saisissez le nom"), at_most(60)])
    email = email_field("Adresse e-mail", "Saisissez l’adresse e-mail : elle servira à se connecter")
    service = _service_field()

    @property
    def person(self) -> NewPerson:
        return NewPerson(self.first_name.data, self.last_name.data, self.email.data)


class ServiceForm(Form):
    service = _service_field()
