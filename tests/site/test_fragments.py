"""A fragment is the part of the page that it replaces: same root, same content (R101, R102)."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.browser import comparable
from tests.site.checks import fragment_faults
from tests.site.scene import Scene, crawl

TEMPLATES = Path(__file__).parents[2] / "harmattan" / "templates"


@pytest.mark.parametrize("role", ["visitor", "principal", "sales"])
def test_what_htmx_gets_is_the_same_part_of_the_page(scene: Scene, role: str) -> None:
    client = scene.client(role)
    for page in crawl(client, "/equipe" if role == "sales" else "/"):
        part = client.get(page.url, headers={"HX-Request": "true"})
        if part.mimetype != "text/html" or "<html" in part.text or "HX-Redirect" in part.headers:
            continue
        whole = BeautifulSoup(client.get(page.url).text, "html.parser")
        roots = [root for root in BeautifulSoup(part.text, "html.parser").children if isinstance(root, Tag)]
        assert roots, page.url
        for root in roots:
            twin = whole.find(id=root.get("id", "no id"))
            assert isinstance(twin, Tag), (page.url, root.get("id"))
            assert comparable(root) == comparable(twin), page.url
        assert fragment_faults(part.text) == [], page.url


def fragments() -> list[Path]:
    """Templates that answer a part of a page; errors answer the notices that every layout has."""
    found = TEMPLATES.glob("*/_*.html")
    return sorted(path for path in found if path.parent.name != "mail" and path.name != "_avis.html")


@pytest.mark.parametrize("fragment", fragments(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_fragment_is_included_by_a_page(fragment: Path) -> None:
    name = f"{fragment.parent.name}/{fragment.name}"
    others = [path for path in TEMPLATES.rglob("*.html") if path != fragment]
    assert any(name in path.read_text() for path in others), "no page includes it"
