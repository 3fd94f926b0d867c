"""Every form of every page, sent as its own browser sends it, with what is typed left out or wrong."""

from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

from tests.browser import form_data, value_of
from tests.site.scene import Asker, Page

WRONG = "Ça <n’importe> & " + "é" * 30
"""No date, number, address or code, and nothing that HTML takes as it is."""
_NOT_TYPED = ("hidden", "submit", "button", "file", "checkbox", "radio")


class Form(NamedTuple):
    """A form of a page, with one of the buttons that send it."""

    action: str
    hidden: dict[str, list[str]]
    chosen: dict[str, list[str]]
    """What nobody can take back: radios."""
    offered: dict[str, list[str]]
    """What stands in the other fields that nobody types into."""
    typed: frozenset[str]


class Answer(NamedTuple):
    """What was answered to a form whose fields held this text, or nothing."""

    form: Form
    text: str
    page: Page

    @property
    def is_to_correct(self) -> bool:
        return self.page.status == 422

    def lost(self) -> set[str]:
        """The fields of the page that no more show what was typed into them.

        No password is given back, and a date picker shows no text.
        """
        fields = BeautifulSoup(self.page.html, "html.parser").select("input[name], textarea[name]")
        shown = {str(field["name"]) for field in fields if field.get("type") != "password"}
        kept = {
            str(field["name"])
            for field in fields
            if _folded(value_of(field)) == _folded(self.text) and field.get("type") != "date"
        }
        return (self.form.typed & shown) - kept


def _folded(text: str) -> str:
    """Without the spaces and small letters that codes lose when they are read."""
    return "".join(text.split()).upper()


def answers(asker: Asker, pages: list[Page]) -> list[Answer]:
    """Each form of the pages, sent without anything and with something wrong in every field."""
    return [_answer(asker, form, text) for form in _forms(pages) for text in ("", WRONG)]


def _answer(asker: Asker, form: Form, text: str) -> Answer:
    ticked = form.offered if text else {}
    fields = form.hidden | form.chosen | ticked | dict.fromkeys(form.typed, text)
    answer = asker.ask("POST", form.action, follow=True, **fields)
    html = answer.text if answer.mimetype == "text/html" else ""
    return Answer(form, text, Page(f"POST {form.action} « {text[:2]} »", answer.status_code, html))


def _forms(pages: list[Page]) -> Iterator[Form]:
    """One for each address and set of fields, as the first page that shows it has it."""
    seen = set()
    for page in pages:
        soup = BeautifulSoup(page.html, "html.parser")
        for tag in soup.find_all("form", method="post"):
            for form in _ways_to_send(tag, soup):
                key = (form.action, *map(frozenset, form[1:]))
                if key not in seen and "deconnexion" not in form.action:
                    seen.add(key)
                    yield form


def _ways_to_send(tag: Tag, soup: BeautifulSoup) -> Iterator[Form]:
    hidden = {str(each["name"]): [str(each.get("value", ""))] for each in tag.select("input[type=hidden]")}
    fields = [
        each for each in tag.select("input[name], textarea[name]") if each.get("type") not in _NOT_TYPED
    ]
    typed = frozenset(str(field["name"]) for field in fields)
    radios = {str(each["name"]) for each in tag.select("input[type=radio]")}
    stands = {name: value for name, value in form_data(tag).items() if name not in {*hidden, *typed}}
    chosen = {name: value for name, value in stands.items() if name in radios}
    offered = {name: value for name, value in stands.items() if name not in radios}
    outside = soup.select(f"button[form={tag['id']}]") if tag.get("id") else []
    for button in [*tag.find_all("button"), *outside]:
        pressed = {str(button["name"]): [str(button.get("value", ""))]} if button.get("name") else {}
        action = str(button.get("formaction") or tag["action"])
        yield Form(action, hidden | pressed, chosen, offered, typed)
