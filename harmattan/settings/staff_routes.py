"""`/equipe/reglages`: the house's facts, section by section, each change shown before it is kept (R105)."""

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user

from harmattan.core import answers, clock, settings
from harmattan.core.extensions import db
from harmattan.core.forms import whole_number
from harmattan.core.services import ANSWERING, Service
from harmattan.core.typography import date_long
from harmattan.settings import lookups, samples, sections, service
from harmattan.settings.forms import SectionForm, form_of
from harmattan.settings.models import SettingsVersion
from harmattan.settings.pages import Preview
from harmattan.settings.rules import Section
from harmattan.staff.guard import for_services

bp = Blueprint("settings", __name__, url_prefix="/reglages")

_only_settings = for_services(Service.SETTINGS)


@bp.get("")
@_only_settings
def index() -> Response:
    """Every section with what has changed last and what waits."""
    return make_response(
        render_template(
            "settings/index.html",
            of_the_house=sections.OF_THE_HOUSE,
            carriage=sections.CARRIAGE,
            latest=lookups.latest(),
            ahead=lookups.ahead(),
            services=ANSWERING,
        )
    )


@bp.get("/<slug>")
@_only_settings
def show(slug: str) -> Response:
    """`?reprendre=` the number of a change fills in what it replaced."""
    section = _section_or_404(slug)
    undone = _undone(section)
    present = lookups.present(section, clock.today())
    suggested = {**present, **section.taken(undone.before)} if undone else None
    return _page(form_of(section, present, suggested, undone.number if undone else None))


@bp.post("/<slug>")
@_only_settings
def change(slug: str) -> Response:
    """First what it would change is shown; what has been shown, unchanged, is then kept."""
    section = _section_or_404(slug)
    form = form_of(section, lookups.present(section, clock.today()))
    if not form.validate():
        return _page(form, 422)
    preview = Preview.of(form, lookups.latest_number(slug))
    if "specimen" in request.form:
        return answers.paper(samples.invoice(preview.facts), "facture-specimen.pdf")
    if not preview.differences or request.form.get("vu") != preview.digest:
        return _page(form, preview=preview)
    version = service.keep(
        section, preview.differences, preview.valid_from, preview.latest, current_user, form.undoes
    )
    return _kept(version, f"{section.title} : {version.state.label.lower()}.")


@bp.get("/<slug>/<int:number>/<_act>")
@_only_settings
def typed(slug: str, number: int, _act: str) -> Response:
    """A typed or refreshed address of an act leads to the section."""
    return answers.leave(_address(_version_or_404(slug, number)))


@bp.post("/<slug>/<int:number>/confirmer")
@_only_settings
def confirm(slug: str, number: int) -> Response:
    version = _version_or_404(slug, number)
    service.confirm(version, current_user)
    return _kept(version, f"Confirmé : en vigueur à partir du {date_long(version.valid_from)}.")


@bp.post("/<slug>/<int:number>/retirer")
@_only_settings
def withdraw(slug: str, number: int) -> Response:
    version = _version_or_404(slug, number)
    service.withdraw(version, current_user)
    return _kept(version, "Le changement est retiré : il n’entrera pas en vigueur.")


def _section_or_404(slug: str) -> Section:
    return sections.of_slug(slug) or abort(404)


def _version_or_404(slug: str, number: int) -> SettingsVersion:
    return lookups.version_of(slug, number) or abort(404)


def _undone(section: Section) -> SettingsVersion | None:
    number = whole_number(request.args.get("reprendre"))
    return _version_or_404(section.slug, number) if number else None


def _kept(version: SettingsVersion, said: str) -> Response:
    db.session.commit()
    settings.read_again()
    flash(said, "fait")
    return answers.leave(_address(version))


def _address(version: SettingsVersion) -> str:
    return url_for("staff.settings.show", slug=version.section)


def _page(form: SectionForm, status: int = 200, preview: Preview | None = None) -> Response:
    return answers.show(
        "settings/section.html",
        "settings/_section.html",
        status,
        form=form,
        section=form.section,
        preview=preview,
        history=lookups.history(form.section),
        has_specimen=samples.has_specimen(form.section),
    )
