"""Renders what people read from a publication: the report as HTML and PDF, CSV and XLSX, in one folder a run."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from serving.exports.csv_files import write_csv_files
from serving.exports.ranking import write_ranking
from serving.exports.terms import write_terms
from serving.exports.workbook import write_workbook
from serving.language import language
from serving.manifest import read_manifest
from serving.pdf.report import report_pdf
from serving.promote import building_site, point, promote, sync_tree
from serving.reports.content import report_content
from serving.reports.render import render_report
from tierline.files import sync_folder
from tierline.log import get_logger
from tierline.publications import retraction_in_words, standing
from tierline.run import Run

LATEST = "latest"
PAGE = "report.html"
PAPER = "report.pdf"
TABLES = "csv"
BOOK = "tierline.xlsx"
_MARKED = "RETRACTED"
_LOG = get_logger(__name__)


def report_run(run: Run) -> dict[str, Any]:
    """Writes `reports/<run_id>/` from `published/<run_id>/` alone and points `latest` to it; gives the paths.

    The report of a retracted run says so on top, and `latest` never points to it. Raises PublishError where the run is
    not published or another report is being written.
    """
    publication = run.home.published / run.run_id
    manifest = read_manifest(publication)
    target = run.home.reports / run.run_id
    entry = standing(run.home.published).retracted.get(run.run_id)
    notice = retraction_in_words(entry) if entry else None
    with building_site(run.home.reports, run.run_id) as building:
        _write(publication, manifest, building, notice)
        _put(building, target)
        _lead_to_latest(run.home.reports / LATEST, target, is_retracted=notice is not None)
    _LOG.info("report %s", target / PAGE)
    return {
        "report": str(target / PAGE),
        "pdf": str(target / PAPER),
        "xlsx": str(target / BOOK),
        "csv": str(target / TABLES),
        "degraded": manifest["sources_degraded"],
    }


def _lead_to_latest(link: Path, target: Path, *, is_retracted: bool) -> None:
    if not is_retracted:
        point(link, target)
    elif link.is_symlink() and link.resolve() == target.resolve():
        link.unlink()
        sync_folder(link.parent)


def _write(publication: Path, manifest: dict[str, Any], folder: Path, notice: str | None) -> None:
    parquet = publication / "parquet"
    write_csv_files(parquet, folder / TABLES)
    write_ranking(parquet, folder / TABLES)
    write_terms(parquet, folder / TABLES)
    left_out = write_workbook(
        parquet,
        folder / BOOK,
        title=manifest["title"],
        as_of=date.fromisoformat(manifest["as_of"]),
        notice=notice,
    )
    if notice is not None:
        (folder / f"{_MARKED}.txt").write_text(f"Do not use: {notice}\n", encoding="utf-8")
    english = language("en")
    content = report_content(
        publication,
        manifest,
        language=english,
        left_out_of_workbook=[gap.table for gap in left_out],
        notice=notice,
    )
    (folder / PAGE).write_bytes(render_report(content, english).encode())
    (folder / PAPER).write_bytes(report_pdf(content, english))


def _put(building: Path, target: Path) -> None:
    """Gives the new folder its name; in one that exists, each file is replaced in one step.

    Of the old files those are removed that this step wrote and writes no more; what was written beside them stays.
    """
    if not target.exists():
        promote(building, target)
        return
    sync_tree(building)
    made = {path.relative_to(building) for path in building.rglob("*") if path.is_file()}
    for path in sorted(made):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(building / path, target / path)
    for old in [path for path in target.rglob("*") if _is_ours(path.relative_to(target)) and path.is_file()]:
        if old.relative_to(target) not in made:
            old.unlink()
    shutil.rmtree(building)


def _is_ours(path: Path) -> bool:
    return path.parts[0] in {PAGE, PAPER, BOOK, TABLES} or path.name.startswith(_MARKED)
