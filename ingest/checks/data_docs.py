"""Data Docs: the results of one run's checks as pages of Great Expectations' own renderer, to be opened offline.

The pages hold counts. What the library found of single rows, and messages of errors, which may quote data, are taken
out before anything is rendered.
"""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierline.log import get_logger

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

    from ingest.checks.validation import Verdict

INDEX = "index.html"
_LOG = get_logger(__name__)
_TEMPLATES = Path(__file__).parent / "pages"
_COUNTS = ("element_count", "unexpected_count", "unexpected_percent", "missing_count", "missing_percent")
_OBSERVED = "observed_value"
_DEAD_LINK = re.compile(r'\shref="(?!index\.html")[^"]*"')
_NOISE = ("batch_markers", "batch_spec")
_WITHHELD = "could not be tested: a column is missing or of another type"


@dataclass(frozen=True)
class Page:
    """A line of the index: a suite, what it met, and its page; without a page, why there is none."""

    source: str
    table: str
    expected: int
    met: int
    stops: int
    warnings: int
    file: str | None
    problem: str | None = None


class DataDocs:
    """Writes a page for every suite into a folder of its own, which takes its name when all are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._building = folder.with_name(f".{folder.name}-building")
        self._pages: list[Page] = []
        self._view: Any = None
        shutil.rmtree(self._building, ignore_errors=True)
        self._building.mkdir(parents=True)

    def add(self, verdicts: Sequence["Verdict"], result: "ExpectationSuiteValidationResult | None") -> None:
        """Adds the page of a suite; where it was not tested, or cannot be rendered, the index says so."""
        file, problem = f"{len(self._pages) + 1:03d}.html", None
        if result is None:
            problem = "not tested: its table is missing"
        else:
            try:
                (self._building / file).write_text(self._rendered(verdicts, result), encoding="utf-8")
            except Exception as error:  # noqa: BLE001 - any fault of the renderer; its message may quote data
                problem = f"could not be rendered: {type(error).__name__}"
                _LOG.warning("the page of %s %s", verdicts[0].suite.table, problem)
        self._pages.append(_page(verdicts, None if problem else file, problem))

    def finish(self, *, run_id: str, as_of: str) -> Path:
        """Writes the index and puts the folder in its place; gives the path of the index."""
        from jinja2 import Environment, FileSystemLoader

        environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
        css = (_TEMPLATES / "pages.css").read_text(encoding="utf-8")
        pages = sorted(self._pages, key=lambda page: (page.source, page.table))
        html = environment.get_template("index.j2").render(pages=pages, run_id=run_id, as_of=as_of, css=css)
        (self._building / INDEX).write_text(html, encoding="utf-8")
        shutil.rmtree(self._folder, ignore_errors=True)
        os.replace(self._building, self._folder)
        return self._folder / INDEX

    def _rendered(self, verdicts: Sequence["Verdict"], result: "ExpectationSuiteValidationResult") -> str:
        from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
        from great_expectations.render.view.view import DefaultJinjaPageView

        # one view for all pages: compiling its templates takes ten times as long as a page
        self._view = self._view or DefaultJinjaPageView(custom_views_directory=str(_TEMPLATES))
        document = ValidationResultsPageRenderer().render(counts_only(result))
        suite = verdicts[0].suite
        told = {
            "title": f"{suite.source_name}: {suite.table}",
            "met": sum(verdict.success for verdict in verdicts),
            "verdicts": verdicts,
        }
        html = str(self._view.render(document, template="suite.j2", tierline=told))
        # the renderer links to parts of its own site that are not built
        return _DEAD_LINK.sub("", html)


def counts_only(result: "ExpectationSuiteValidationResult") -> "ExpectationSuiteValidationResult":
    """Takes out of a result all but counts: no value of a row and no message of an error stays in it."""
    result.meta = {name: value for name, value in result.meta.items() if name not in _NOISE}
    for one in result.results:
        found = dict(one.result or {})
        kept = {name: found[name] for name in _COUNTS if name in found}
        if isinstance(found.get(_OBSERVED), int | float):
            kept[_OBSERVED] = found[_OBSERVED]
        kind = one.expectation_config.type if one.expectation_config else ""
        has_raised = not found and not one.success and kind != "expect_column_to_exist"
        one.result = kept
        one.exception_info = {
            "raised_exception": has_raised,
            "exception_message": _WITHHELD if has_raised else None,
            "exception_traceback": "" if has_raised else None,
        }
    return result


def _page(verdicts: Sequence["Verdict"], file: str | None, problem: str | None) -> Page:
    missed = [verdict.expectation.severity for verdict in verdicts if not verdict.success]
    suite = verdicts[0].suite
    return Page(
        source=suite.source_name,
        table=suite.table,
        expected=len(verdicts),
        met=len(verdicts) - len(missed),
        stops=missed.count("stop"),
        warnings=missed.count("warn"),
        file=file,
        problem=problem,
    )
