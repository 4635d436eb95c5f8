"""Writes what people ask for beside the report of a run: another language, another comparison, pages of suppliers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from serving.exports.workbook import LeftOut, write_workbook
from serving.language import Language, language
from serving.manifest import read_manifest
from serving.pdf.report import report_pdf
from serving.promote import alone
from serving.publications.marked_reports import PAGES_TO_GIVE
from serving.reports.changes import changes_of
from serving.reports.content import report_content
from serving.reports.published import Published
from serving.reports.render import render_report
from serving.reports.supplier_page import supplier_document, supplier_rows
from tierline.errors import ConfigError
from tierline.files import write_bytes_atomically
from tierline.publications import retraction_in_words, standing
from tierline.run import Run

INTERNAL: Final = "internal"
SUPPLIER: Final = "supplier"
AUDIENCES: Final = (INTERNAL, SUPPLIER)
PAGES: Final = "suppliers"
"""Folder of pages for internal use; those that one supplier each may be given stand in another."""


@dataclass(frozen=True)
class Variant:
    """What is asked for: a language, the run to compare with, pages of these suppliers, and for whom they are."""

    language_code: str = "en"
    since: str | None = None
    supplier_ids: tuple[str, ...] = ()
    audience: str = INTERNAL

    @property
    def is_default(self) -> bool:
        """Whether it is what the step `report` writes."""
        return self == Variant()

    @property
    def ending(self) -> str:
        """How the name of a file ends, so that no variant is written over another."""
        since = f".since-{self.since}" if self.since else ""
        return f"{since}{'' if self.language_code == 'en' else f'.{self.language_code}'}.html"


def write_variant(run: Run, variant: Variant) -> list[Path]:
    """Writes the files that are asked for into `reports/<run>/`, beside the report; gives their paths.

    Raises ConfigError for a language, an audience or a supplier that there is not, or where a report on all suppliers
    is asked for a supplier; PublishError where the run is not published or another report is being written.
    """
    _require_sense(variant)
    speech = language(variant.language_code)
    folder = run.home.published / run.run_id
    published = Published(folder, read_manifest(folder))
    entry = standing(run.home.published).retracted.get(run.run_id)
    notice = retraction_in_words(entry) if entry else None
    target = run.home.reports / run.run_id
    target.mkdir(parents=True, exist_ok=True)
    with alone(run.home.reports):
        if variant.supplier_ids:
            return _write_pages(published, target, variant, speech, notice)
        return _write_report(published, target, variant, speech, notice)


def _write_report(
    published: Published, target: Path, variant: Variant, speech: Language, notice: str | None
) -> list[Path]:
    book = target / f"tierline.{speech.code}.xlsx"
    left_out = [] if speech.code == "en" else _write_book(published, book, speech, notice)
    content = report_content(
        published.folder,
        published.manifest,
        language=speech,
        since=variant.since,
        left_out_of_workbook=[gap.table for gap in left_out],
        notice=notice,
    )
    page = _write(target / f"report{variant.ending}", render_report(content, speech))
    paper = page.with_suffix(".pdf")
    write_bytes_atomically(paper, report_pdf(content, speech))
    return [page, paper] if speech.code == "en" else [page, paper, book]


def _write_book(published: Published, path: Path, speech: Language, notice: str | None) -> list[LeftOut]:
    """Writes the workbook in the language, in one step; gives what it leaves out."""
    part = path.with_name(f".{path.name}.part")
    left_out = write_workbook(
        published.folder / "parquet",
        part,
        title=published.manifest["title"],
        as_of=published.as_of,
        notice=notice,
        speech=speech,
    )
    part.replace(path)
    return left_out


def _require_sense(variant: Variant) -> None:
    if variant.audience not in AUDIENCES:
        raise ConfigError(f"there is no audience '{variant.audience}'", remedy=f"Use {' or '.join(AUDIENCES)}.")
    if variant.since is not None and Path(variant.since).name != variant.since:
        raise ConfigError("that is no run id", remedy="`tierline publications list` names the runs.")
    if variant.audience == SUPPLIER and not variant.supplier_ids:
        raise ConfigError(
            "a report on all suppliers is for nobody outside",
            remedy="Name the supplier that is to be given its page: --suppliers ID --audience supplier.",
        )
    if variant.audience == SUPPLIER and variant.since:
        raise ConfigError(
            "a page for a supplier compares no runs, because it holds no score", remedy="Leave --since out."
        )


def _write_pages(
    published: Published, target: Path, variant: Variant, speech: Language, notice: str | None
) -> list[Path]:
    ids = list(dict.fromkeys(variant.supplier_ids))
    supplier_rows(published, ids)
    is_internal = variant.audience == INTERNAL
    changes = changes_of(published, pl.Series(ids, dtype=pl.String), variant.since) if is_internal else None
    folder = target / (PAGES if is_internal else PAGES_TO_GIVE)
    folder.mkdir(exist_ok=True)
    return [
        _write(
            folder / f"{supplier_id}{variant.ending}",
            supplier_document(
                published, supplier_id, speech, audience=variant.audience, changes=changes, notice=notice
            ),
        )
        for supplier_id in ids
    ]


def _write(path: Path, html: str) -> Path:
    write_bytes_atomically(path, html.encode())
    return path
