"""What Chromium sees: accessible at both widths and in the dark, nothing too wide, nothing blocked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page

from tests import cast
from tests.real_parts import serving
from tests.site.scene import ROLES, STAFF, Scene, Walk

pytestmark = pytest.mark.browser
SEEN_BY = ("visitor", "principal", *STAFF)
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours; for the others the dark is as the light."""

USUAL, TWICE = {"standard": 16, "fixed": 13}, {"standard": 32, "fixed": 26}
"""Sizes of text, in pixels."""

RUN_AXE = "options => axe.run(document, options).then(results => results.violations)"
TOO_WIDE = """[...document.querySelectorAll("main *")]
    .filter(element => element.getBoundingClientRect().right > innerWidth)
    .map(element => element.outerHTML.slice(0, 80)).slice(0, 5)"""
"""Which elements reach over the edge."""


@pytest.fixture
def site(scene: Scene) -> Iterator[str]:
    """The scene behind a real server."""
    with serving(scene.app) as url:
        yield url


def logged_in(chromium: Chromium, site: str, role: str, **settings: object) -> BrowserContext:
    context = chromium.new_context(base_url=site, **settings)  # type: ignore[arg-type]
    if email := ROLES[role]:
        page = context.new_page()
        page.goto("/connexion")
        page.fill("#email", email)
        page.fill("#password", cast.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/equipe" if role in STAFF else f"{site}/")
        page.close()
    return context


def addresses(walk: Callable[[str], Walk], role: str) -> list[str]:
    """One address of every page of the role, its parameters left out; of the staff's pages that sales read
    too, sales alone look at them."""
    others = set() if role in ("visitor", "principal", "sales") else _shown(walk("sales"))
    return sorted(_shown(walk(role)) - others)


def _shown(walked: Walk) -> set[str]:
    return {page.url.split("?")[0] for page in walked.pages if page.html and page.status == 200}


def violations(page: Page, rules: list[str], where: str) -> list[str]:
    """What axe finds, which reports nothing else: that halves its work."""
    found = page.evaluate(RUN_AXE, {"runOnly": rules, "resultTypes": ["violations"]})
    return [f"{each['id']} {where}: {each['nodes'][0]['html'][:120]}" for each in found]


def too_wide(page: Page, where: str) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"too wide {where}: {page.evaluate(TOO_WIDE)}"] if wide else []


@contextmanager
def text_of(page: Page, sizes: dict[str, int]) -> Iterator[None]:
    """As for those who ask their browser for larger text (ux.md, 200 %)."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": sizes})
    yield
    session.send("Page.setFontSizes", {"fontSizes": USUAL})
    session.detach()


def faults_seen(page: Page, address: str) -> list[str]:
    """What is wrong with a page, loaded once and looked at in every way: narrow, wide, and in the dark."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address)
    faults = too_wide(page, "as it opens")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    faults += too_wide(page, "unfolded")
    page.set_viewport_size({"width": 640, "height": 900})
    with text_of(page, TWICE):
        faults += too_wide(page, "with text twice as large")
    page.evaluate(AXE_SCRIPT)
    page.set_viewport_size({"width": 360, "height": 740})
    faults += violations(page, EVERY_RULE, "at 360")
    page.set_viewport_size({"width": 1280, "height": 900})
    faults += violations(page, EVERY_RULE, "at 1280")
    page.emulate_media(color_scheme="dark")
    return faults + violations(page, OF_COLOURS, "in the dark")


@pytest.mark.parametrize("role", SEEN_BY)
def test_every_page_is_accessible_and_fits_and_the_browser_complains_about_nothing(
    walk: Callable[[str], Walk], site: str, chromium: Chromium, role: str
) -> None:
    context = logged_in(chromium, site, role, reduced_motion="reduce")
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    seen = {address: faults_seen(page, address) for address in addresses(walk, role)}
    context.close()
    assert {address: faults for address, faults in seen.items() if faults} == {}
    assert complaints == []


DISPLEASING = """data:text/html,<html lang="fr"><title>Une page faite pour déplaire</title>
<style>body { background: white; color: black } h1 { width: 400px } p { width: 25em }
@media (prefers-color-scheme: dark) { body { background: black; color: %23222 } }</style>
<main><h1>Trop large</h1><p>Plus large encore</p>
<details><summary>Voir</summary><img src="data:,"></details></main>"""


def test_a_page_made_to_displease_displeases_in_every_way(chromium: Chromium) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    told = faults_seen(context.new_page(), DISPLEASING)
    context.close()
    assert [fault.partition(":")[0] for fault in told] == [
        "too wide as it opens",
        "too wide unfolded",
        "too wide with text twice as large",
        "image-alt at 360",
        "image-alt at 1280",
        "color-contrast in the dark",
    ]


def test_a_first_load_is_three_requests(site: str, chromium: Chromium) -> None:
    context = logged_in(chromium, site, "visitor")
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto("/connexion")
    page.wait_for_load_state("networkidle")
    context.close()
    assert len([url for url in requests if not url.endswith(".svg")]) <= 3
    assert all(url.startswith(site) for url in requests)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_summary_of_errors_takes_the_focus(site: str, chromium: Chromium, javascript: bool) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=javascript)
    page = context.new_page()
    page.goto("/connexion")
    page.fill("#email", "anne@grandlarge.example")
    page.click("main button[type=submit]")
    page.wait_for_selector("[role=alert]:focus")
    assert "Saisissez votre mot de passe" in page.inner_text("[role=alert]")
    assert page.input_value("#email") == "anne@grandlarge.example"
    context.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_bookseller_logs_in_searches_and_adds_a_title(
    site: str, chromium: Chromium, javascript: bool
) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=javascript)
    page = context.new_page()
    page.goto("/catalogue?q=passeurs")
    page.fill("#email", "karim@grandlarge.example")
    page.fill("#password", cast.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/catalogue?q=passeurs")
    page.click("main a:has-text('Les passeurs du fleuve')")
    page.wait_for_selector("h1:has-text('Les passeurs du fleuve')")
    before = page.inner_text("#cart-count")
    with page.expect_response(lambda answer: answer.url.endswith("/panier/lignes")):
        page.click("main form[action='/panier/lignes'] button[type=submit]")
    page.wait_for_load_state()
    page.goto("/panier")
    assert page.inner_text("#cart-count") != before
    assert "Les passeurs du fleuve" in page.inner_text("main")
    context.close()


FOCUSED = "document.activeElement.id"


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_changed_quantity_keeps_the_focus_in_its_row(
    scene: Scene, site: str, chromium: Chromium, key: str
) -> None:
    context = logged_in(chromium, site, "principal")
    page = context.new_page()
    page.goto("/panier")
    field = page.locator("input[id^=q-]").first
    isbn = (field.get_attribute("id") or "").removeprefix("q-")
    field.fill("2")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url.removeprefix(site)))
    field.press(key)
    page.wait_for_selector("#totals [role=status]:not(:empty)")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(FOCUSED) == f"{'q' if key == 'Enter' else 'r'}-{isbn}"
    assert page.input_value(f"#q-{isbn}") == "2"
    assert sent == [f"/panier/lignes/{isbn}"]
    context.close()


SLOW = {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": -1}


def test_what_is_typed_while_the_cart_is_saved_stays(scene: Scene, site: str, chromium: Chromium) -> None:
    context = logged_in(chromium, site, "principal")
    page = context.new_page()
    page.goto("/panier")
    first, second = page.locator("input[id^=q-]").all()[:2]
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    with page.expect_response("**/panier"):
        first.press("Enter")
        second.fill("3")
        page.fill("#deliver_by", "2026-12-10")
        page.fill("#comment", "Livrer par l’arrière")
    page.wait_for_selector("#totals [role=status]:not(:empty)")
    page.wait_for_load_state("networkidle")
    assert (second.input_value(), page.input_value("#deliver_by")) == ("3", "2026-12-10")
    assert page.input_value("#comment") == "Livrer par l’arrière"
    context.close()


def test_what_is_ticked_while_the_amount_is_reckoned_stays(
    scene: Scene, site: str, chromium: Chromium
) -> None:
    context = logged_in(chromium, site, "documents")
    page = context.new_page()
    page.goto("/paiement")
    boxes = page.locator("input[name=document]").all()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    for box in boxes:
        box.check()
    ticked = ", ".join(str(box.get_attribute("value")) for box in boxes)
    page.wait_for_selector(f"#amounts >> text={ticked}")
    assert len(boxes) > 1
    assert all(box.is_checked() for box in boxes)
    assert page.evaluate(FOCUSED) == boxes[-1].get_attribute("id")
    context.close()


def test_a_comment_is_kept_once_it_is_typed(scene: Scene, site: str, chromium: Chromium) -> None:
    context = logged_in(chromium, site, "principal")
    page = context.new_page()
    page.goto("/panier")
    page.fill("#comment", "Livrer par l’arrière")
    with page.expect_response("**/panier"):
        page.focus("#own_reference")
    page.wait_for_selector("#totals [role=status]:not(:empty)")
    page.goto("/panier")
    assert page.input_value("#comment") == "Livrer par l’arrière"
    context.close()


def test_delivery_that_is_chosen_keeps_the_focus(scene: Scene, site: str, chromium: Chromium) -> None:
    context = logged_in(chromium, site, "principal")
    page = context.new_page()
    page.goto("/panier")
    page.focus("#mode-standard")
    with page.expect_response("**/panier/livraison"):
        page.keyboard.press("ArrowDown")
    page.wait_for_load_state("networkidle")
    assert str(page.evaluate(FOCUSED)).startswith("mode-")
    page.focus("#update-delivery")
    with page.expect_response("**/panier/livraison"):
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(FOCUSED) == "update-delivery"
    context.close()


def test_a_line_of_a_quote_is_set_aside_where_it_stands(scene: Scene, site: str, chromium: Chromium) -> None:
    context = logged_in(chromium, site, "principal")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(scene.address("/devis/<reference>"))
    with page.expect_response(lambda answer: "ecarter=1" in answer.url, timeout=5_000):
        page.check("#ecarter-1")
    context.close()
    assert faults == []


A4_PX = 794
COLOURS = """[...document.querySelectorAll("main *")].map(each => getComputedStyle(each))
    .map(style => `${style.color} on ${style.backgroundColor}`)"""
ON_SCREEN_ALONE = ".nav, .ariane, .pied, .saut, .cherche, .noprint, form .b"


@pytest.mark.parametrize(
    "rule", ["/panier", "/devis/<reference>", "/retours/<reference>", "/releves", "/documents/<number>"]
)
def test_on_paper_stands_what_counts_and_nothing_to_press(
    scene: Scene, site: str, chromium: Chromium, rule: str
) -> None:
    context = logged_in(chromium, site, "principal", viewport={"width": A4_PX, "height": 1123})
    page = context.new_page()
    page.goto(scene.address(rule))
    page.emulate_media(media="print")
    assert page.is_visible("h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_PX
    seen = [each.inner_text() for each in page.query_selector_all(ON_SCREEN_ALONE) if each.is_visible()]
    by_day = page.evaluate(COLOURS)
    page.emulate_media(media="print", color_scheme="dark")
    by_night = page.evaluate(COLOURS)
    context.close()
    assert seen == []
    assert by_night == by_day
