"""« Who may see or do what » of the journeys, cell by cell: which line of the access table says it.

The access table (test_access_table.py) plays every line with every role, plain and with HTMX; here each
cell of the journeys is held against the line that stands for it. What staff read of a customer's pages
goes by « voir comme le client », played cell by cell below.
"""

from types import SimpleNamespace

import pytest

from harmattan.access.rules import READERS, Permission
from harmattan.core.services import Service
from tests.browser import Browser
from tests.site.scene import ROLES
from tests.site.test_access_table import rows

COLUMNS = ("principal", "commandes", "documents", "other", "visitor", "sales", "after_sales", "accounting")
CELLS = """
# action / line of the access table / principal commandes documents other visitor sales sav compta
cart GET /panier 200 200 403 200 login view view view
order GET /commandes/<reference> 200 200 403 404 login 200 200 200
documents GET /documents/<number>.pdf 200 403 200 404 login 200 200 200
payment-page GET /paiement 200 403 200 200 login 200 200 200
bank-details GET /messages/pieces/<key>#RIB 200 403 200 404 login view view view
bank-details-of-staff GET /equipe/messages/pieces/<key>#RIB 403 403 403 403 login 403 403 200
bank-details-of-lcr GET /equipe/comptabilite/lcr/rib/<key> 403 403 403 403 login 403 403 200
approve-users POST /acces/<token>/accorder 303 403 403 404 login 403 403 403
move-principal POST /equipe/acces/comptes/<number>/<key>/principal 403 403 403 403 login 303 403 403
own-messages GET /messages/<reference> 200 200 403 404 login view view view
queue GET /equipe/messages/<reference> 403 403 403 403 login 200 404 404
settings GET /equipe/utilisateurs 403 403 403 403 login 403 403 403
"""
"""The other shop's own cart is its own (200); « view » cells are those of `VIEWS`."""

VIEWS = {
    # page: sales, after-sales, accounting
    "/panier": (200, 200, 200),
    "/commandes": (200, 200, 200),
    "/compte": (200, 200, 200),
    "/compte/utilisateurs": (200, 403, 403),
    "/compte/journal": (200, 403, 403),
    "/compte/securite": (403, 403, 403),
}


def cells() -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for line in CELLS.splitlines():
        if line.strip() and not line.startswith("#"):
            action, method, rule, *outcomes = line.split()
            found.append((action, f"{method} {rule}", dict(zip(COLUMNS, outcomes, strict=True))))
    return found


@pytest.mark.parametrize(("action", "line", "wanted"), cells(), ids=[action for action, *_ in cells()])
def test_the_access_table_says_what_the_journeys_say(action: str, line: str, wanted: dict[str, str]) -> None:
    table = {f"{method} {rule}": outcomes for method, rule, outcomes in rows()}
    said = {role: table[line][role] for role, outcome in wanted.items() if outcome != "view"}
    assert said == {role: outcome for role, outcome in wanted.items() if outcome != "view"}


@pytest.mark.parametrize("role", ["sales", "after_sales", "accounting"])
def test_staff_read_what_the_journeys_let_them_read(
    browser: Browser, people: SimpleNamespace, role: str
) -> None:
    page = f"/equipe/acces/comptes/104512/{people.anne.key}"
    browser.log_in(str(ROLES[role])).open(page).submit(f"{page}/vue")
    column = ("sales", "after_sales", "accounting").index(role)
    seen = {url: browser.open(url).status for url in VIEWS}
    assert seen == {url: outcomes[column] for url, outcomes in VIEWS.items()}


def test_every_permission_says_which_services_read_it() -> None:
    assert READERS.keys() == set(Permission)
    assert all(Service.SETTINGS not in services for services in READERS.values())
