"""The report in a real Chromium: nothing overflows, nothing is loaded, everything can be reached and read."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from serving.report_variants import Variant, write_variant
from serving.steps import publish, report
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.world import make_rows, make_run, write_warehouse

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PHONE, DESK = (360, 780), (1280, 900)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None, reason="needs the Debian packages chromium and chromium-driver"
    ),
]

_CONTRASTS = """
const channel = (value) => { value /= 255; return value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = new Set();
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || element.closest("script, style, svg") || !element.getClientRects().length) continue;
  const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) poor.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
}
return [...poor];
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of a report on a small world with some hostile names, and of the two pages of one supplier."""
    run = make_run(tmp_path_factory.mktemp("browser"))
    write_warehouse(run, make_rows(80, names=HOSTILE))
    publish(run)
    report(run)
    one = ("S000000000000",)
    (own,) = write_variant(run, Variant("es", supplier_ids=one))
    (given,) = write_variant(run, Variant(supplier_ids=one, audience="supplier"))
    whole = run.home.reports / "latest" / "report.html"
    return {"report": whole.as_uri(), "own": own.as_uri(), "given": given.as_uri()}


@pytest.fixture(scope="module")
def page(written: dict[str, str]) -> str:
    """Address of the report."""
    return written["report"]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (
        "headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
        "disable-component-update", "disable-sync", f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield browser
    browser.quit()


def opened(driver: webdriver.Chrome, page: str, size: tuple[int, int]) -> webdriver.Chrome:
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size is PHONE},
    )
    driver.get("about:blank")
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    driver.get(page)
    return driver


def requests(driver: webdriver.Chrome) -> list[str]:
    messages: list[dict[str, Any]] = [
        json.loads(entry["message"])["message"] for entry in driver.get_log("performance")
    ]
    return [
        message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_page_never_scrolls_sideways(driver: webdriver.Chrome, page: str, size: tuple[int, int]) -> None:
    opened(driver, page, size)
    driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")

    width, shown = driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= shown == size[0]


@pytest.mark.parametrize("width", [700, 800, 1000])
def test_names_of_indicators_keep_their_words_whole(driver: webdriver.Chrome, page: str, width: int) -> None:
    shown = opened(driver, page, (width, 900))
    lines = shown.execute_script(
        """
        document.querySelectorAll('details').forEach(one => one.open = true);
        const cell = document.querySelector('table[id^=evidence] tbody th');
        cell.textContent = 'Hidden subcontracting P05';
        const word = document.createRange();
        word.setStart(cell.firstChild, 7);
        word.setEnd(cell.firstChild, 21);
        return word.getClientRects().length;
        """
    )

    assert lines == 1


def test_it_loads_itself_and_nothing_else(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)

    assert [url for url in requests(driver) if not url.startswith("data:")] == [page]


def test_the_console_is_silent_and_the_script_runs(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)

    assert driver.get_log("browser") == []
    assert driver.find_element(By.ID, "ranking-filter").is_displayed()


def test_it_has_one_title_and_a_heading_for_each_section(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)

    assert len(driver.find_elements(By.TAG_NAME, "h1")) == 1
    assert len(driver.find_elements(By.CSS_SELECTOR, "section > h2")) == len(
        driver.find_elements(By.TAG_NAME, "section")
    )


def test_the_first_key_leads_past_the_contents(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)
    driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    driver.switch_to.active_element.send_keys(Keys.ENTER)

    assert driver.current_url.endswith("#main")


def test_a_supplier_opens_and_closes_by_key(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)
    supplier = driver.find_element(By.CSS_SELECTOR, "details.supplier")
    summary = supplier.find_element(By.TAG_NAME, "summary")

    summary.send_keys(Keys.ENTER)
    assert supplier.get_property("open") is True
    summary.send_keys(Keys.ENTER)
    assert supplier.get_property("open") is False


def test_a_name_in_the_ranking_leads_to_its_rows(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, PHONE)
    link = driver.find_element(By.CSS_SELECTOR, "#ranking-table tbody a")
    driver.execute_script("arguments[0].click()", link)

    target = str(link.get_dom_attribute("href")).lstrip("#")
    assert driver.find_element(By.ID, target).get_property("open") is True


def test_the_ranking_can_be_narrowed(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)
    rows = driver.find_elements(By.CSS_SELECTOR, "#ranking-table tbody tr")
    driver.find_element(By.ID, "ranking-words").send_keys("0042")

    assert [row.is_displayed() for row in rows].count(True) == 1
    assert driver.find_element(By.ID, "ranking-told").text == f"1 of {len(rows)} rows shown"


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_text_stands_out_from_its_ground(driver: webdriver.Chrome, page: str, size: tuple[int, int]) -> None:
    opened(driver, page, size)
    driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")

    assert driver.execute_script(_CONTRASTS) == []


def test_it_reads_without_script(driver: webdriver.Chrome, page: str) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(driver, page, DESK)
        assert driver.find_element(By.ID, "ranking-table").is_displayed()
        assert not driver.find_element(By.ID, "ranking-filter").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_paper_shows_every_supplier(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, DESK)
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")

    assert driver.find_elements(By.CSS_SELECTOR, "details:not([open])") == []


@pytest.mark.parametrize("name", ["own", "given"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_suppliers_page_fits_stands_out_and_loads_nothing(
    driver: webdriver.Chrome, written: dict[str, str], name: str, size: tuple[int, int]
) -> None:
    opened(driver, written[name], size)

    assert [url for url in requests(driver) if not url.startswith("data:")] == [written[name]]
    assert driver.get_log("browser") == []
    width, shown = driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= shown == size[0]
    assert driver.execute_script(_CONTRASTS) == []


def test_every_wide_table_can_be_reached_and_moved_by_key(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, PHONE)
    frame = driver.find_element(By.CSS_SELECTOR, ".scroll:has(#ranking-table)")
    frame.send_keys(Keys.ARROW_RIGHT)

    assert driver.switch_to.active_element == frame
    assert all(one.get_attribute("tabindex") == "0" for one in driver.find_elements(By.CSS_SELECTOR, ".scroll"))


def test_the_numbers_of_the_heat_map_open_by_key_and_without_script(driver: webdriver.Chrome, page: str) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(driver, page, DESK)
        assert driver.find_element(By.CSS_SELECTOR, "svg.heat-map").is_displayed()
        driver.find_element(By.CSS_SELECTOR, "#where ~ details > summary").send_keys(Keys.ENTER)
        assert driver.find_element(By.ID, "heat-table").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_no_table_is_wider_than_the_page(driver: webdriver.Chrome, page: str) -> None:
    opened(driver, page, (720, 1000))
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        cut = driver.execute_script(
            "return [...document.querySelectorAll('table')].filter((one) => one.getBoundingClientRect().right >"
            " innerWidth + 1).map((one) => one.id)"
        )
        assert cut == []
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_report_is_the_one_file(page: str) -> None:
    assert Path(page.removeprefix("file://")).read_bytes().startswith(b"<!DOCTYPE html>")
