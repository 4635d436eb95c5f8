"""A headless Chromium that loads nothing by itself, and what is asked of its pages."""

import importlib.util
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
"""Rules of axe-core: WCAG 2.2, levels A and AA."""
SERIOUS = {"serious", "critical"}
_FLAGS = (
    "headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync", "hide-scrollbars", "font-render-hinting=none", "lang=en",
)  # fmt: skip


@contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """Gives a browser with an empty profile in the folder; it ends with the block."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*_FLAGS, f"user-data-dir={profile}"):
        options.add_argument(f"--{flag}")
    browser = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield browser
    finally:
        browser.quit()


def sized(browser: webdriver.Chrome, width: int, height: int, *, scale: float = 1, mobile: bool = False) -> None:
    """Makes the page so many pixels wide and high, whatever window there is."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def issues(browser: webdriver.Chrome, within: str = "document") -> list[str]:
    """Gives what axe-core finds serious or critical on the page: rule, number of places, the first of them."""
    browser.execute_script(_axe())
    found: dict[str, Any] = browser.execute_async_script(
        f"const done = arguments[arguments.length - 1];"
        f"axe.run({within}, {{runOnly: {{type: 'tag', values: {json.dumps(WCAG)}}}, resultTypes: ['violations']}})"
        f".then(done, (error) => done({{violations: [{{id: String(error), impact: 'critical', nodes: []}}]}}));"
    )
    return [_told(one) for one in found["violations"] if one["impact"] in SERIOUS]


def _told(issue: dict[str, Any]) -> str:
    first = str(issue["nodes"][0]["html"])[:200] if issue["nodes"] else ""
    return f"{issue['id']} ({issue['impact']}) at {len(issue['nodes'])}: {first}"


def _axe() -> str:
    """Gives axe-core as text: from the package that bundles it, which is not imported, as it needs another browser."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
