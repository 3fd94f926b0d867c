"""A browser for the tests: it follows links and sends forms as people do, plain or with HTMX.

Plain, it sends forms by their action and follows redirects. With HTMX it sends what `data-hx-*` says
and patches its page with the fragments of the answer, as htmx would; `reloaded()` then tells whether
the patched page is the page that a reload shows.
"""

import copy
import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import cast

_VOLATILE = ("csrf_token", "once")


class Browser:
    def __init__(self, client: FlaskClient, htmx: bool = False):
        self.client = client
        self.htmx = htmx
        self.url, self._html = "/", ""
        self.response: TestResponse
        self._page: BeautifulSoup | None = None

    # moving

    def open(self, url: str, **headers: str) -> "Browser":
        """GET the whole page and follow redirects."""
        return self._arrive(self.client.get(url, headers=headers, follow_redirects=True))

    def log_in(self, email: str, password: str = cast.PASSWORD) -> "Browser":
        htmx, self.htmx = self.htmx, False
        self.open("/connexion").submit("/connexion", email=email, password=password)
        self.htmx = htmx
        assert self.status == 200, self.text
        return self

    def log_out(self) -> "Browser":
        htmx, self.htmx = self.htmx, False
        self.submit("/deconnexion")
        self.htmx = htmx
        return self

    def submit(self, action: str, button: str | None = None, files: Any = None, **fields: Any) -> "Browser":
        """Send the form with this action, as it stands on the page, with these fields changed.

        `button` is the text or the name of the button pressed (its own name, value and formaction count).
        A field set to None is left out.
        """
        form = self.form(action, button)
        data, posts = form_data(form), form
        url, hx = str(form.get("action") or self.url), "data-hx-post" in form.attrs
        if button is not None:
            pressed = find_button(form, button)
            url = str(pressed.get("formaction") or url)
            if "data-hx-post" in pressed.attrs:
                hx, posts = True, pressed
            if pressed.get("name"):
                data.setdefault(str(pressed["name"]), []).append(str(pressed.get("value", "")))
        for name, value in fields.items():
            data[name] = [] if value is None else value if isinstance(value, list) else [value]
        method = str(form.get("method", "get")).lower()
        if method == "get":
            return self._arrive(self.client.get(url, query_string=data, follow_redirects=True))
        hx = self.htmx and hx
        if hx and "data-hx-params" in posts.attrs:
            sent = str(posts["data-hx-params"]).split(",")
            data = {name: value for name, value in data.items() if name in sent}
        return self._post(url, data | (files or {}), hx=hx)

    def post(self, url: str, _data: dict[str, Any] | None = None, **fields: Any) -> "Browser":
        """A POST of one's own making (with the page's token), for what no form offers."""
        data = {"csrf_token": self.token()} | (_data or {}) | fields
        return self._post(url, data, hx=self.htmx)

    def get_fragment(self, url: str) -> "Browser":
        """GET as HTMX does, and patch the page with the answer."""
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{self.url}"}
        self.response = self.client.get(url, headers=headers)
        self._patch(self.response.text)
        return self

    def _post(self, url: str, data: dict[str, Any], hx: bool) -> "Browser":
        here = f"http://localhost{self.url}"
        headers = {"HX-Request": "true", "HX-Current-URL": here} if hx else {"Referer": here}
        response = self.client.post(
            url, data=data, headers=headers, content_type="multipart/form-data", follow_redirects=not hx
        )
        if not hx:
            return self._arrive(response)
        self.response = response
        if "HX-Redirect" in response.headers:
            return self.open(response.headers["HX-Redirect"])
        self._patch(response.text)
        return self

    def _arrive(self, response: TestResponse) -> "Browser":
        self.response = response
        self.url = response.request.full_path.rstrip("?") if response.request else self.url
        if response.mimetype == "text/html":
            self._html, self._page = response.text, None
        return self

    def _patch(self, html: str) -> None:
        fragments = BeautifulSoup(html, "html.parser")
        for root in [child for child in fragments.children if isinstance(child, Tag)]:
            old = self.page.find(id=root.get("id", ""))
            assert old is not None, f"the page has no element #{root.get('id')}"
            old.replace_with(copy.copy(root))

    # looking

    @property
    def page(self) -> BeautifulSoup:
        """The last page, read when somebody looks at it, and as it was patched since."""
        if self._page is None:
            self._page = BeautifulSoup(self._html, "html.parser")
        return self._page

    @page.setter
    def page(self, kept: BeautifulSoup) -> None:
        self._page = kept

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """What the page says, spaces folded to single plain ones."""
        return fold(self.page.get_text(" "))

    def main(self) -> Tag:
        found = self.page.find(id="contenu")
        assert isinstance(found, Tag)
        return found

    def faults(self) -> list[str]:
        """The messages of the error summary."""
        return [fold(item.get_text(" ")) for item in self.page.select("[role=alert] li")]

    def form(self, action: str, button: str | None = None) -> Tag:
        found = [
            form
            for form in self.page.find_all("form")
            if re.split(r"[?#]", str(form.get("action", "")))[0] == action
            and (button is None or find_button(form, button, must=False) is not None)
        ]
        assert found, f"no form sends to {action} on {self.url}: {self.text[:400]}"
        return found[0]

    def token(self) -> str:
        field = self.page.find(attrs={"name": "csrf_token"})
        return str(field["value"]) if isinstance(field, Tag) else ""

    def reloaded(self) -> bool:
        """Whether the page, as patched, is the page that a reload shows."""
        here = comparable(self.main())
        there = comparable(Browser(self.client).open(self.url).main())
        assert here == there
        return True


def form_data(form: Tag) -> dict[str, list[str]]:
    """What a browser sends for the form untouched, without any button."""
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        data.setdefault(str(name), []).append(value_of(field))
    return data


def value_of(field: Tag) -> str:
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        options = field.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return str(chosen[0].get("value", chosen[0].get_text())) if chosen else ""
    return str(field.get("value", "on" if field.get("type") in ("checkbox", "radio") else ""))


def find_button(form: Tag, name: str, must: bool = True) -> Tag | None:
    for button in form.find_all("button"):
        if name in (fold(button.get_text(" ")), button.get("name"), button.get("value")):
            return button
    assert not must, f"no button « {name} »"
    return None


def fold(text: str) -> str:
    """Every run of spaces as one plain space, apostrophes straight."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split())


def comparable(main: Tag) -> str:
    """The content without what changes at each showing: tokens, focus, notices."""
    page = BeautifulSoup(str(main), "html.parser")
    for field in page.find_all("input", attrs={"name": list(_VOLATILE)}):
        field.decompose()
    for notice in page.select("#avis > *, [role=status].avis"):
        notice.decompose()
    for element in page.find_all(attrs={"autofocus": True}):
        del element["autofocus"]
    return re.sub(r"\s+", " ", page.decode(formatter="minimal")).replace("> <", "><")
