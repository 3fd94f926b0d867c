"""The shop's returns: what may come back, the slip, what became of it (R88–R99)."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from harmattan.access.gate import needs
from harmattan.access.rules import Permission
from harmattan.access.scope import visible, visible_or_404
from harmattan.conversations.downloads import download
from harmattan.core import answers, clock, drafts
from harmattan.core.extensions import db
from harmattan.core.settings import house
from harmattan.core.typography import plural
from harmattan.returns import lookups, page, paper, rules, service
from harmattan.returns.forms import PasteForm, ScanForm, SlipForm, typed_quantities
from harmattan.returns.models import ReturnSlip

bp = Blueprint("returns", __name__, url_prefix="/retours")

Typed = MultiDict[str, str]


@bp.get("")
@needs(Permission.RETURN_BOOKS)
def index() -> Response:
    """The shop's returns, latest first, and what can soon not come back any more."""
    slips, has_older = lookups.page_of(visible(ReturnSlip), before=request.args.get("avant", ""))
    return make_response(
        render_template(
            "returns/index.html",
            slips=slips,
            has_older=has_older,
            draft=service.draft_of(current_user.account_id),
            leaving=lookups.leaving_soon(current_user.account_id),
        )
    )


@bp.get("/nouveau")
@needs(Permission.RETURN_BOOKS)
def new() -> Response:
    """The draft: scan or paste, read the verdict on each title, issue the slip."""
    typed = drafts.give_back()
    return _draft(typed=typed, restored=typed is not None)


@bp.get("/nouveau/<any(lignes, liste):_added>")
@needs(Permission.RETURN_BOOKS)
def added_typed(_added: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".new"))


@bp.post("/nouveau/lignes")
@needs(Permission.RETURN_BOOKS)
def add_title() -> Response:
    """One ISBN, then the next one."""
    form = ScanForm()
    copies = form.copies()
    return _add(copies) if copies else _draft(422, scan=form)


@bp.post("/nouveau/liste")
@needs(Permission.RETURN_BOOKS)
def add_list() -> Response:
    """A pasted list; a line that cannot be read keeps all the others waiting in the field."""
    form = PasteForm()
    copies = form.copies()
    return _add(copies) if copies else _draft(422, paste=form)


@bp.post("/nouveau")
@needs(Permission.RETURN_BOOKS)
def save() -> Response:
    """Keep the quantities; with « Émettre le bon », issue it (R88)."""
    slip = service.draft_of(current_user.account_id)
    if slip is None:
        return answers.leave(url_for(".new"))
    typed = request.form.copy()
    if off := typed.get("retirer"):
        typed[f"q-{off}"] = "0"
    kept, faults = typed_quantities(typed, slip.wishes)
    service.set_wishes(slip, kept)
    form = SlipForm()
    if "emettre" not in typed and not faults:
        db.session.commit()
        return _done()
    if faults or not form.validate():
        db.session.commit()
        return _draft(422, typed=typed, form=form, quantity_faults=faults)
    return _issue(slip, form, typed)


def _issue(slip: ReturnSlip, form: SlipForm, typed: Typed) -> Response:
    db.session.commit()
    slip.own_reference = form.own_reference.data or ""
    try:
        service.issue(
            slip,
            current_user,
            route=form.chosen_route,
            parcel_count=int(form.parcel_count.data or 1),
            is_declared=bool(form.declared.data),
        )
    except service.NotInThisState:
        db.session.rollback()
        flash("Ce bon de retour est déjà émis : le voici.", "att")
        return answers.leave(url_for(".show", reference=slip.reference))
    except service.CannotIssue as refusal:
        db.session.rollback()
        return _draft(422, typed=typed, form=form, refusal=refusal)
    db.session.commit()
    flash(f"Le bon {slip.reference} est émis : imprimez-le et joignez-le aux colis.", "fait")
    return answers.leave(url_for(".show", reference=slip.reference))


@bp.get("/a-retourner")
@needs(Permission.RETURN_BOOKS)
def leaving() -> Response:
    """What leaves the window within 60 days."""
    found = lookups.leaving_soon(current_user.account_id)
    return make_response(render_template("returns/leaving.html", leaving=found))


@bp.post("/a-retourner")
@needs(Permission.RETURN_BOOKS)
def add_leaving() -> Response:
    """What was ticked goes onto the draft."""
    ticked = set(request.form.getlist("isbn"))
    copies: dict[str, int] = {}
    for each, _, isbn in lookups.leaving_soon(current_user.account_id):
        if isbn in ticked:
            copies[isbn] = copies.get(isbn, 0) + each.lot.left
    if not copies:
        flash("Cochez les titres à ajouter au retour.", "err")
        return answers.leave(url_for(".leaving"))
    return _add(copies)


@bp.get("/<reference>")
@needs(Permission.RETURN_BOOKS, staff_may_read=True)
def show(reference: str) -> Response:
    """One return: where it stands, its lines, what to print."""
    return answers.show("returns/show.html", "returns/_slip.html", **page.shown(_slip(reference)))


@bp.get("/<reference>/bon.pdf")
@needs(Permission.RETURN_BOOKS, staff_may_read=True)
def slip_paper(reference: str) -> Response:
    """The slip that goes with the parcels: ISBN, titles, quantities (R97, R98)."""
    return answers.paper(paper.slip(_slip(reference)), f"bon-de-retour-{reference}.pdf")


@bp.get("/<reference>/etiquettes.pdf")
@needs(Permission.RETURN_BOOKS, staff_may_read=True)
def labels(reference: str) -> Response:
    """One label a parcel."""
    return answers.paper(paper.labels(_slip(reference)), f"etiquettes-{reference}.pdf")


@bp.get("/<reference>/annuler")
@needs(Permission.RETURN_BOOKS)
def cancel_typed(reference: str) -> Response:
    """A typed or refreshed address is no error."""
    return answers.leave(url_for(".show", reference=_slip(reference).reference))


@bp.post("/<reference>/annuler")
@needs(Permission.RETURN_BOOKS)
def cancel(reference: str) -> Response:
    """The shop keeps its books after all."""
    slip = _slip(reference)
    service.cancel(slip, current_user)
    db.session.commit()
    return answers.done(url_for(".show", reference=slip.reference), "returns/_slip.html", **page.shown(slip))


@bp.get("/photos/<key>")
@needs(Permission.RETURN_BOOKS, staff_may_read=True)
def photo(key: str) -> Response:
    """What a refused copy looked like."""
    return download(lookups.photo(key) or abort(404))


def _slip(reference: str) -> ReturnSlip:
    return visible_or_404(ReturnSlip, *lookups.WHOLE, reference=reference)


def _add(copies: dict[str, int]) -> Response:
    slip = service.open_draft(current_user.account_id, current_user)
    service.wish(slip, copies)
    db.session.commit()
    return _done(f"{plural(sum(copies.values()), 'exemplaire ajouté', 'exemplaires ajoutés')} au retour.")


def _done(said: str = "") -> Response:
    if answers.wants_fragment():
        return _draft(said=said)
    if said:
        flash(said, "fait")
    return answers.leave(url_for(".new", suite=1))


def _draft(
    status: int = 200, *, typed: Typed | None = None, form: SlipForm | None = None, **shown: Any
) -> Response:
    slip = service.draft_of(current_user.account_id)
    wishes = service.wishes_of(slip) if slip else {}
    entries = service.entries(current_user.account_id, wishes, clock.today())
    context = {
        "scan": ScanForm(MultiDict()),
        "paste": PasteForm(MultiDict()),
        "quantity_faults": {},
        "refusal": None,
    }
    return answers.show(
        "returns/new.html",
        "returns/_draft.html",
        status,
        **(context | {"said": "", "restored": False} | shown),
        form=form
        or SlipForm(
            typed if typed and "route" in typed else MultiDict({"route": "prisme", "parcel_count": "1"})
        ),
        faults=[(f"q-{isbn}", message) for isbn, (_, message) in shown.get("quantity_faults", {}).items()],
        entries=entries,
        forecast_cents=rules.credit_cents(
            (part.quantity, part.lot.net_unit_micros, part.lot.vat_bp)
            for entry in entries
            for part in entry.verdict.parts
        ),
        at_counter=bool(entries) and all(entry.verdict.at_counter for entry in entries),
        house=house(),
    )
