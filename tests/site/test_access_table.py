"""Who gets what at every address: a route that the table does not name fails (journeys.md, R72, R101).

Each cell is what the role gets, plain and with HTMX alike:
  ok    a page, a fragment, or for a POST an answer to its (empty) form
  login the log-in page
  403   the right is missing · 404 it does not exist for this account
The scene's rows belong to the Librairie Le Grand Large; « other » is another shop's principal.
"""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.site.scene import ROLES, Scene

TABLE = """
#    address                                      visit princ cmdes docs  other sales sav   compt root
GET  /                                            login ok    ok    ok    ok    ok    ok    ok    ok
GET  /accessibilite                               ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /catalogue                                   login ok    ok    ok    ok    ok    ok    ok    ok
GET  /catalogue/<isbn>                            login ok    ok    ok    ok    ok    ok    ok    ok
GET  /commandes                                   login ok    ok    403   ok    403   403   403   403
POST /commandes                                   login ok    ok    403   ok    403   403   403   403
GET  /commandes/export.csv                        login ok    ok    403   ok    403   403   403   403
GET  /commandes/verifier                          login ok    ok    403   ok    403   403   403   403
GET  /compte                                      login ok    ok    ok    ok    403   403   403   403
GET  /compte/journal                              login ok    403   403   ok    403   403   403   403
GET  /compte/securite                             login ok    ok    ok    ok    ok    ok    ok    ok
POST /compte/securite                             login ok    ok    ok    ok    ok    ok    ok    ok
GET  /compte/sessions                             login ok    ok    ok    ok    ok    ok    ok    ok
POST /compte/sessions                             login ok    ok    ok    ok    ok    ok    ok    ok
GET  /compte/utilisateurs                         login ok    403   403   ok    403   403   403   403
GET  /compte/utilisateurs/<key>                   login ok    403   403   404   403   403   403   403
POST /compte/utilisateurs/<key>                   login ok    403   403   404   403   403   403   403
GET  /compte/utilisateurs/<key>/fermer            login ok    403   403   ok    403   403   403   403
POST /compte/utilisateurs/<key>/fermer            login ok    403   403   404   403   403   403   403
GET  /compte/utilisateurs/<key>/principal         login ok    403   403   ok    403   403   403   403
POST /compte/utilisateurs/<key>/principal         login ok    403   403   404   403   403   403   403
GET  /connexion                                   ok    ok    ok    ok    ok    ok    ok    ok    ok
POST /connexion                                   ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /contact                                     ok    ok    ok    ok    ok    403   403   403   403
GET  /deconnexion                                 ok    ok    ok    ok    ok    ok    ok    ok    ok
POST /deconnexion                                 ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /demo/courriels                              404   404   404   404   404   404   404   404   404
GET  /equipe                                      login 403   403   403   403   ok    ok    ok    ok
GET  /equipe/catalogue                            login 403   403   403   403   ok    403   403   ok
GET  /equipe/commandes                            login 403   403   403   403   ok    ok    ok    ok
GET  /equipe/messages                             login 403   403   403   403   ok    ok    ok    ok
GET  /faq                                         ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /mentions-legales                            ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /messages                                    login ok    ok    ok    ok    403   403   403   403
GET  /mot-de-passe                                login ok    ok    ok    ok    ok    ok    ok    ok
POST /mot-de-passe                                login 403   403   403   403   403   403   403   403
GET  /mot-de-passe-oublie                         ok    ok    ok    ok    ok    ok    ok    ok    ok
POST /mot-de-passe-oublie                         ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /mot-de-passe-oublie/envoye                  ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /panier                                      login ok    ok    403   ok    403   403   403   403
GET  /panier/liste                                login ok    ok    403   ok    403   403   403   403
GET  /plan-du-site                                ok    ok    ok    ok    ok    ok    ok    ok    ok
GET  /sante                                       ok    ok    ok    ok    ok    ok    ok    ok    ok
"""

ENDS_THE_SESSION = ("/deconnexion",)
"""Asked last elsewhere: tests/access/test_routes.py."""


def rows() -> dict[tuple[str, str], dict[str, str]]:
    """(method, rule) -> role -> what it gets."""
    found = {}
    for line in TABLE.splitlines():
        if line.strip() and not line.startswith("#"):
            method, rule, *cells = line.split()
            found[method, rule] = dict(zip(ROLES, cells, strict=True))
    return found


def outcome(answer: TestResponse) -> str:
    """One word for what was answered."""
    sent_to = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
    if sent_to.startswith("/connexion?next="):
        return "login"
    if answer.status_code in (403, 404, 405) or answer.status_code >= 500:
        return str(answer.status_code)
    return "ok"


def ask(client: FlaskClient, method: str, url: str, htmx: bool) -> str:
    return outcome(client.open(url, method=method, headers={"HX-Request": "true"} if htmx else {}))


def routes(scene: Scene) -> list[tuple[str, str]]:
    return sorted(
        (method, rule.rule)
        for rule in scene.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_what_the_table_says(scene: Scene, role: str, htmx: bool) -> None:
    client = scene.client(role)
    scene.app.config["WTF_CSRF_ENABLED"] = False
    found = {
        (method, rule): ask(client, method, scene.values.get(rule, rule), htmx)
        for method, rule in routes(scene)
        if (method, rule) in rows() and rule not in ENDS_THE_SESSION
    }
    assert found == {route: cells[role] for route, cells in rows().items() if route in found}
