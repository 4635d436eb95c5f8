"""What axe-core says of the report, of a supplier's page and of the lookup: nothing serious by WCAG 2.2, A and AA."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium import webdriver

from serving.language import language
from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.manifest import read_manifest
from serving.reports.content import report_content
from serving.reports.render import render_report
from serving.steps import publish, report
from tests.browser.chromium import CHROMIUM, DRIVER, chromium, issues, sized
from tests.loopback import served
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.world import AS_OF, make_rows, make_run, write_warehouse
from tierline.run import Run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None, reason="needs the Debian packages chromium and chromium-driver"
    ),
]

PHONE, DESK = (360, 780), (1280, 900)
LOOKUP_PAGES = ("/", "/?q=Amber", "/?q=zzz+nobody&country=VN", "/suppliers/S000000000020", "/sources", "/about",
                "/screening")  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A published and reported run with some hostile names."""
    this = make_run(tmp_path_factory.mktemp("accessible"))
    write_warehouse(this, make_rows(24, names=HOSTILE))
    publish(this)
    report(this)
    return this


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        opened.set_script_timeout(120)
        yield opened


@pytest.fixture(scope="module")
def lookup(run: Run) -> Iterator[str]:
    """Address of the lookup, served on loopback."""
    now = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    app = create_app(LookupSettings(run.home.published), lambda: now)
    with served(app) as address:
        yield address


def test_the_report_has_no_serious_issue_on_a_phone(browser: webdriver.Chrome, run: Run) -> None:
    sized(browser, *PHONE)
    browser.get((run.home.reports / "latest" / "report.html").as_uri())
    browser.execute_script("for (const one of [...document.querySelectorAll('details')].slice(0, 12)) one.open = true")

    assert issues(browser) == []


def test_a_retracted_report_in_spanish_has_none_on_a_desk(browser: webdriver.Chrome, run: Run, tmp_path: Path) -> None:
    spanish = language("es")
    publication = run.home.published / run.run_id
    notice = "run first was retracted: wrong list"
    content = report_content(publication, read_manifest(publication), language=spanish, notice=notice)
    page = tmp_path / "report.html"
    page.write_text(render_report(content, spanish), encoding="utf-8")
    sized(browser, *DESK)
    browser.get(page.as_uri())

    assert browser.execute_script("return document.documentElement.lang") == "es"
    assert issues(browser) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("path", LOOKUP_PAGES)
def test_the_lookup_has_no_serious_issue(
    browser: webdriver.Chrome, lookup: str, path: str, size: tuple[int, int]
) -> None:
    sized(browser, *size)
    browser.get(lookup + path)
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")

    assert browser.find_element("tag name", "h1").text
    assert "error" not in browser.title.lower()
    assert issues(browser) == []


def test_what_is_wrong_on_purpose_is_found(browser: webdriver.Chrome, run: Run) -> None:
    browser.get((run.home.reports / "latest" / "report.html").as_uri())
    browser.execute_script(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\"><p style=\"color:#bbb\">pale</p>')"
    )

    assert [one.split()[0] for one in issues(browser)] == ["color-contrast", "image-alt"]
