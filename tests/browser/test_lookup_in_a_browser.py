"""The lookup in a real Chromium: found however it is typed, by keyboard, on a phone, without script, in Spanish."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.promote import point
from serving.steps import publish
from tests.browser.chromium import CHROMIUM, DRIVER, chromium, issues, sized
from tests.loopback import served
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.world import AS_OF, add_name, make_rows, make_run, write_warehouse

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None, reason="needs the Debian packages chromium and chromium-driver"
    ),
]

PHONE, DESK = (360, 780), (1280, 900)
NAMES = ("Amber Textiles Ltd", "Шахтарськ Цегла", "飞庭邦顺业科实业", "A" * 90 + " Ltd", *HOSTILE)
AMBER = "S000000000000"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publications 'first', which is current, and 'second', in which Amber Textiles has another name as well."""
    root = tmp_path_factory.mktemp("lookup")
    for run_id in ("first", "second"):
        run = make_run(root, run_id)
        rows = make_rows(len(NAMES), names=NAMES)
        if run_id == "second":
            add_name(rows, AMBER, "Bernstein Weberei", "other name")
        write_warehouse(run, rows)
        publish(run)
    folder = run.home.published
    point(folder / "current", folder / "first")
    return folder


@pytest.fixture(scope="module")
def lookup(published: Path) -> Iterator[str]:
    """Address of the lookup, served on loopback."""
    now = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    app = create_app(LookupSettings(published, requests_a_minute=1_000_000), lambda: now)
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        browser.set_script_timeout(120)
        yield browser


@pytest.fixture
def browser(opened: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser at a desk and without script: whatever works here works for everybody."""
    sized(opened, *DESK)
    opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield opened
    opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def search(browser: webdriver.Chrome, lookup: str, words: str) -> list[str]:
    """Types the words, presses Enter, and gives the names that are found."""
    browser.get(lookup)
    browser.find_element(By.ID, "query").send_keys(words, Keys.ENTER)
    return [link.text for link in browser.find_elements(By.CSS_SELECTOR, "ol.hits h3 a")]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ambr Textils", "Amber Textiles Ltd"),
        ("Шахтарск Цегла", "Шахтарськ Цегла"),
        ("飞庭邦顺业科", "飞庭邦顺业科实业"),
        ("BD 700000", "Amber Textiles Ltd"),
    ],
)
def test_it_is_found_as_typed(browser: webdriver.Chrome, lookup: str, typed: str, name: str) -> None:
    assert search(browser, lookup, typed)[0] == name


def test_from_the_search_to_the_page_of_the_supplier(browser: webdriver.Chrome, lookup: str) -> None:
    search(browser, lookup, "Ambr Textils")
    browser.find_element(By.LINK_TEXT, "Amber Textiles Ltd").click()

    assert browser.find_element(By.TAG_NAME, "h1").text == "Amber Textiles Ltd"
    assert browser.find_elements(By.CSS_SELECTOR, "main table")
    assert "not that forced labour was found" in browser.find_element(By.TAG_NAME, "main").text


def test_who_is_not_found_is_not_clean(browser: webdriver.Chrome, lookup: str) -> None:
    assert search(browser, lookup, "Zebra Quux") == []
    assert "Not found is not a clean bill." in browser.find_element(By.TAG_NAME, "main").text


def test_the_keyboard_alone_is_enough(browser: webdriver.Chrome, lookup: str) -> None:
    browser.get(f"{lookup}/about")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the content"
    browser.get(lookup)
    # the box has the focus at once; then the country, the button, and the first hit
    browser.switch_to.active_element.send_keys("amber textils", Keys.TAB, Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.find_element(By.CSS_SELECTOR, "form button").send_keys(Keys.TAB)
    first = browser.switch_to.active_element
    assert first.text == "Amber Textiles Ltd"
    first.send_keys(Keys.ENTER)

    assert browser.current_url.endswith(f"/suppliers/{AMBER}")


@pytest.mark.parametrize(
    "path", ["/", "/?q=AAAAAAAA", "/suppliers/S000000000003", "/suppliers/S000000000010", "/sources"]
)
def test_a_phone_never_scrolls_sideways(opened: webdriver.Chrome, lookup: str, path: str) -> None:
    sized(opened, *PHONE, mobile=True)
    opened.get(lookup + path)

    width, shown = opened.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= shown == PHONE[0]
    assert issues(opened) == []


def test_spanish_stays_from_page_to_page(browser: webdriver.Chrome, lookup: str) -> None:
    search(browser, lookup, "Amber Textiles")
    browser.find_element(By.LINK_TEXT, "Español").click()
    assert browser.find_element(By.TAG_NAME, "html").get_dom_attribute("lang") == "es"
    assert browser.find_element(By.ID, "query").get_dom_attribute("value") == "Amber Textiles"
    browser.find_element(By.LINK_TEXT, "Amber Textiles Ltd").click()

    assert browser.find_element(By.TAG_NAME, "html").get_dom_attribute("lang") == "es"
    assert "lang=es" in browser.current_url


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_blocked(opened: webdriver.Chrome, lookup: str) -> None:
    opened.get(f"{lookup}/suppliers/{AMBER}")

    loaded = opened.execute_script("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert all(name.startswith((lookup, "data:")) for name in loaded)
    assert [entry["message"] for entry in opened.get_log("browser")] == []


def test_a_new_publication_is_seen_while_browsing(browser: webdriver.Chrome, lookup: str, published: Path) -> None:
    assert search(browser, lookup, "Bernstein Weberei") == []
    point(published / "current", published / "second")

    assert search(browser, lookup, "Bernstein Weberei") == ["Amber Textiles Ltd"]
    assert "Publication second" in browser.find_element(By.TAG_NAME, "footer").text
    point(published / "current", published / "first")
