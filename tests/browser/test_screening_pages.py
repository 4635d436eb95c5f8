"""A list screened in a real Chromium without script: upload, columns, answers, the choice of a company, its band."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.screening.record import read_kept
from tests.browser.chromium import CHROMIUM, DRIVER, chromium, issues, sized
from tests.loopback import served
from tests.unit.screening_lists.conftest import publish_bidders, supplier_id

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None, reason="needs the Debian packages chromium and chromium-driver"
    ),
]

LIST = (
    "Bieter;Land;Bemerkung\nAmber Textils;BD;<script>alert(1)</script>\nValley Ore;CN;\nTwin Mills Spinning;IN;\n"
    "<img src=x onerror=alert(1)>;DE;\n\u202eUnknown Works;DE;\n;;nobody\n"
)
PHONE, DESK = (360, 780), (1280, 900)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a lookup that takes lists."""
    published = publish_bidders(tmp_path_factory.mktemp("bidders"))
    app = create_app(LookupSettings(published), lambda: datetime(2026, 11, 20, tzinfo=UTC))
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, downloads: Path) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        opened.set_script_timeout(120)
        told = {"behavior": "allow", "downloadPath": str(downloads)}
        opened.execute_cdp_cmd("Browser.setDownloadBehavior", told)
        yield opened


@pytest.fixture
def bidders(tmp_path: Path) -> Path:
    path = tmp_path / "bidders.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def without_script(browser: webdriver.Chrome, size: tuple[int, int] = DESK) -> None:
    sized(browser, *size, mobile=size is PHONE)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})


def with_script(browser: webdriver.Chrome) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def press(browser: webdriver.Chrome, text: str) -> None:
    before = browser.find_element(By.TAG_NAME, "html").id
    button = next(one for one in browser.find_elements(By.CSS_SELECTOR, "button") if one.text == text)
    button.send_keys(Keys.ENTER)
    until(browser, lambda: browser.find_element(By.TAG_NAME, "html").id != before)


def upload(browser: webdriver.Chrome, lookup: str, path: Path, lang: str = "en") -> None:
    browser.get(f"{lookup}/screening?lang={lang}")
    browser.find_element(By.NAME, "file").send_keys(str(path))
    browser.find_element(By.CSS_SELECTOR, "form button.main").send_keys(Keys.ENTER)
    until(
        browser,
        lambda: browser.find_elements(By.NAME, "column-1") or browser.find_elements(By.CSS_SELECTOR, "[role=alert]"),
    )


def until(browser: webdriver.Chrome, is_so: Callable[[], object]) -> None:
    WebDriverWait(browser, 60, ignored_exceptions=(WebDriverException,)).until(lambda _: is_so())


def text_of(browser: webdriver.Chrome, row: int) -> str:
    return browser.find_element(By.ID, f"row-{row}").text


def test_from_upload_to_the_band_of_the_company_that_was_chosen(
    browser: webdriver.Chrome, lookup: str, bidders: Path, downloads: Path
) -> None:
    without_script(browser)
    upload(browser, lookup, bidders)
    chosen = [browser.find_element(By.NAME, f"column-{one}").get_attribute("value") for one in (1, 2, 3)]
    assert chosen == ["name", "country", ""]
    assert "<script>alert(1)</script>" in browser.find_element(By.TAG_NAME, "table").text

    press(browser, "Check the list")
    assert "6 rows read = 5 answered + 1 refused" in browser.find_element(By.TAG_NAME, "main").text
    assert "not shown until confirmed" in text_of(browser, 1)
    assert "possible match, unconfirmed" in text_of(browser, 2)
    assert "Unknown" in text_of(browser, 5)

    browser.find_element(By.CSS_SELECTOR, f"input[name=row-1][value={supplier_id(0)}]").send_keys(Keys.SPACE)
    browser.find_element(By.CSS_SELECTOR, "input[name=row-3][value=none]").send_keys(Keys.SPACE)
    press(browser, "Confirm what was chosen")
    assert "not shown until confirmed" not in browser.find_element(By.TAG_NAME, "main").text
    assert "known, as confirmed by a person" in text_of(browser, 1)
    assert browser.find_element(By.CSS_SELECTOR, "#row-1 .band").is_displayed()

    button = next(one for one in browser.find_elements(By.CSS_SELECTOR, "button") if one.text == "Record (PDF)")
    button.send_keys(Keys.ENTER)
    until(browser, (downloads / "record.pdf").exists)
    kept = read_kept((downloads / "record.pdf").read_bytes()).record
    assert kept["asked"]["confirmed"] == [
        {"row": 1, "supplier_id": supplier_id(0)}, {"row": 3, "supplier_id": "none"},
    ]  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_each_page_fits_its_width_and_has_no_serious_issue_of_access(
    browser: webdriver.Chrome, lookup: str, bidders: Path, size: tuple[int, int]
) -> None:
    with_script(browser)
    sized(browser, *size, mobile=size is PHONE)
    browser.get(f"{lookup}/screening")
    found = [*issues(browser)]
    upload(browser, lookup, bidders)
    found += issues(browser)
    wide = [browser.execute_script("return document.documentElement.scrollWidth > innerWidth")]
    press(browser, "Check the list")
    found += issues(browser)
    wide.append(browser.execute_script("return document.documentElement.scrollWidth > innerWidth"))

    assert (found, wide) == ([], [False, False])


def test_it_speaks_spanish_from_the_upload_to_the_answers(
    browser: webdriver.Chrome, lookup: str, bidders: Path
) -> None:
    without_script(browser)
    upload(browser, lookup, bidders, lang="es")
    browser.find_element(By.CSS_SELECTOR, "form button.main").send_keys(Keys.ENTER)
    until(browser, lambda: browser.find_elements(By.ID, "row-1"))

    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "es"


def test_what_is_no_list_is_refused_on_the_page_that_takes_one(
    browser: webdriver.Chrome, lookup: str, tmp_path: Path
) -> None:
    without_script(browser)
    path = tmp_path / "bidders.csv"
    path.write_bytes(b"%PDF-1.7 and so on")

    upload(browser, lookup, path)

    assert "a PDF document" in browser.find_element(By.CSS_SELECTOR, "[role=alert]").text
