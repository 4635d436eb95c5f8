"""Makes the pictures of the guides: a demo world, two runs, the lookup and a real Chromium. `make screenshots` runs it.

    python -m tests.browser.screenshots [FOLDER OF THE WORLD]

A world that already has both runs is taken as it is. Everything in the pictures is fictional.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of, visibility_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from tests.browser.chromium import chromium, sized
from tests.loopback import served
from tierline.run import PROJECT

IMAGES = PROJECT / "docs" / "images"
WORLD = PROJECT / "build" / "screenshots"
LARGEST_BYTES = 200_000
RUNS = (("august", "2026-08-01"), ("november", "2026-11-01"))
_EXIT_DEGRADED = 3
_WIDTH, _HEIGHT = 1100, 760
_PHONE = (390, 780)
_LONGEST_WAIT = 60


@dataclass(frozen=True)
class Places:
    """Where the pictures are taken: the report's address, the lookup's, and two suppliers by name and id."""

    report: str
    lookup: str
    urgent: tuple[str, str]
    known: tuple[str, str]
    bidders: Path


def main(world: Path) -> None:
    """Makes all pictures anew; raises AssertionError for one that is too large for a page of documentation."""
    _make_world(world)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, _lookup(world / "home" / "published") as address:
        places = _places(world, address, Path(scratch))
        with chromium(Path(scratch) / "profile") as browser:
            for name, take in SHOTS.items():
                browser.delete_all_cookies()
                take(browser, places)
                _keep(browser, IMAGES / f"{name}.png")


def _make_world(world: Path) -> None:
    if all((world / "home" / "published" / run / "manifest.json").exists() for run, _ in RUNS):
        return
    _tierline("demo", str(world), "--suppliers", "300", "--seed", "1", "--as-of", RUNS[-1][1])
    for run, day in RUNS:
        _tierline("run", "--config", str(world / "tierline.yml"), "--run-id", run, "--as-of", day)


def _tierline(*arguments: str) -> None:
    ended = subprocess.run([sys.executable, "-m", "tierline.cli", *arguments], check=False)
    assert ended.returncode in {0, _EXIT_DEGRADED}, arguments


@contextmanager
def _lookup(published: Path) -> Iterator[str]:
    now = datetime.fromisoformat(RUNS[-1][1]).replace(tzinfo=UTC)
    app = create_app(LookupSettings(published), lambda: now)
    with served(app) as address:
        yield address


def _places(world: Path, lookup: str, scratch: Path) -> Places:
    tables = world / "home" / "published" / RUNS[-1][0] / "parquet"
    scores = pl.read_parquet(tables / "supplier_score.parquet").sort("review_rank", "supplier_id")
    named = scores.join(pl.read_parquet(tables / "dim_supplier.parquet"), on="supplier_id").filter(
        ~pl.col("is_natural_person") & pl.col("name").str.contains("^[A-Z][a-z]{6,} [A-Za-z .,]+$")
    )
    urgent, known = (
        named.filter(pl.col("band") == band).select("name", "supplier_id", "country_code").row(0)
        for band in ("Critical", "Unknown")
    )
    bidders = scratch / "bidders.csv"
    rows = [(urgent[0], urgent[2]), (_misspelt(known[0]), known[2]), ("Nobody Has Heard Of It Ltd", "VN")]
    bidders.write_text("Bidder,Country\n" + "".join(f'"{name}",{code}\n' for name, code in rows), encoding="utf-8")
    report = (world / "home" / "reports" / RUNS[-1][0] / "report.html").resolve().as_uri()
    return Places(report, lookup, (urgent[0], urgent[1]), (known[0], known[1]), bidders)


def _misspelt(name: str) -> str:
    """Gives the name with two letters of its first word changed about."""
    return name[:4] + name[5] + name[4] + name[6:]


def _keep(browser: webdriver.Chrome, path: Path) -> None:
    picture = browser.get_screenshot_as_png()
    assert len(picture) < LARGEST_BYTES, f"{path.name} has {len(picture)} bytes"
    path.write_bytes(picture)


def _at(part: str) -> Callable[[webdriver.Chrome, Places], None]:
    """Gives how to show a part of the report, at the top of the picture."""

    def take(browser: webdriver.Chrome, places: Places) -> None:
        sized(browser, _WIDTH, _HEIGHT)
        browser.get(places.report)
        if part:
            _scroll_to(browser, f"#{part}")

    return take


def _supplier_in_report(browser: webdriver.Chrome, places: Places) -> None:
    sized(browser, _WIDTH, 820)
    browser.get(places.report)
    element = browser.find_element(By.ID, places.urgent[1])
    browser.execute_script("arguments[0].open = true", element)
    _scroll_to(browser, f"#{places.urgent[1]}")


def _page(path: str) -> Callable[[webdriver.Chrome, Places], None]:
    def take(browser: webdriver.Chrome, places: Places) -> None:
        sized(browser, _WIDTH, _HEIGHT)
        browser.get(places.lookup + path)

    return take


def _misspelt_search(browser: webdriver.Chrome, places: Places) -> None:
    _page("/")(browser, places)
    browser.find_element(By.ID, "query").send_keys(_misspelt(places.urgent[0]))
    _submit(browser)


def _supplier_on_a_phone(browser: webdriver.Chrome, places: Places) -> None:
    sized(browser, *_PHONE, mobile=True)
    browser.get(f"{places.lookup}/suppliers/{places.urgent[1]}")


def _columns(browser: webdriver.Chrome, places: Places) -> None:
    _page("/screening")(browser, places)
    browser.find_element(By.ID, "file").send_keys(str(places.bidders))
    _submit(browser)


def _answers(browser: webdriver.Chrome, places: Places) -> None:
    _columns(browser, places)
    sized(browser, _WIDTH, 1000)
    _submit(browser)


def _submit(browser: webdriver.Chrome) -> None:
    page = browser.find_element(By.TAG_NAME, "html")
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()
    WebDriverWait(browser, _LONGEST_WAIT).until(staleness_of(page))
    WebDriverWait(browser, _LONGEST_WAIT).until(visibility_of_element_located((By.TAG_NAME, "footer")))


def _scroll_to(browser: webdriver.Chrome, selector: str) -> None:
    browser.execute_script(
        "document.documentElement.style.scrollBehavior = 'auto';"
        "scrollTo(0, document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY - 12)",
        selector,
    )


SHOTS: dict[str, Callable[[webdriver.Chrome, Places], None]] = {
    "report-top": _at(""),
    "report-changes": _at("changed"),
    "report-action": _at("action"),
    "report-ranking": _at("ranking"),
    "report-unknown": _at("unknown"),
    "report-supplier": _supplier_in_report,
    "lookup-search": _misspelt_search,
    "lookup-not-found": _page("/?q=Nobody+Has+Heard+Of+It&country=VN"),
    "lookup-supplier-phone": _supplier_on_a_phone,
    "screening-columns": _columns,
    "screening-answers": _answers,
}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else WORLD)
