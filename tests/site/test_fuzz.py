"""Every form of every page, with what no browser would send: corrected, refused or taken, never a failure.

F20 and ASVS 15.3.5. The values are drawn by a fixed seed, so that a run can be had again.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.browser import form_data
from tests.site.scene import STAFF, Scene, crawl

NASTY = (
    *(
        "",
        " ",
        "x",
        "0",
        "-1",
        "1",
        "00",
        "999999999",
        "9" * 30,
        "1e9",
        "1,5",
        "1.5",
        "٣",
        "²",
        "½",
        "NaN",
        "inf",
    ),
    *("0001-01-01", "9999-12-31", "2026-02-30", "29/02/2027", "31/12/2026", "30/11/26", "demain", "2026-W48"),
    *(
        "9782343000015",
        "978234300001X",
        "FR76 3000 6000 0112 3456 7890 189",
        "90412345200016",
        "a@b",
        "é" * 300,
    ),
    *(
        "x" * 5_000,
        "\u2028Bcc: x@y.example",
        "a\r\nb",
        "<script>",
        "{{7*7}}",
        "%s%n",
        "' OR 1=1 --",
        "\u202e",
        "💩",
    ),
    *(
        "on",
        "true",
        "[]",
        '{"a": [1]}',
        "../../etc/passwd",
        "=1+1",
        "\ufffd",
        "\x1f",
        "\ud7ff",
        "25:61",
        "+33 1",
    ),
)
TIMES = 2


def forms(client: FlaskClient, start: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """(address, what a browser sends) of each different form that posts."""
    seen = set()
    for page in crawl(client, start):
        for form in BeautifulSoup(page.html, "html.parser").find_all("form", method="post"):
            action = str(form.get("action") or page.url)
            buttons = {
                str(each["name"]): [str(each.get("value", ""))] for each in form.select("button[name]")
            }
            data = {str(field["name"]): [""] for field in form.select("[name]")} | form_data(form) | buttons
            if (action, *data) not in seen and "deconnexion" not in action:
                seen.add((action, *data))
                yield action, data


@pytest.mark.parametrize("role", ["visitor", "principal", *STAFF])
def test_no_form_fails_whatever_it_is_sent(scene: Scene, role: str) -> None:
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False
    client, draw = scene.client(role), random.Random(role)
    failed: list[Any] = []
    found = list(forms(client, "/equipe" if role in STAFF else "/"))
    for action, data in found:
        for n in range(TIMES):
            sent = {
                name: [draw.choice(NASTY)]
                if name != "csrf_token" and draw.random() < (n + 1) / TIMES
                else values
                for name, values in data.items()
            }
            headers = {"HX-Request": "true"} if n % 2 else {}
            answer = client.post(action, data=sent, headers=headers, content_type="multipart/form-data")
            if answer.status_code >= 500:
                failed.append((action, answer.status_code, sent))
    assert failed == []
    assert len(found) > 2
