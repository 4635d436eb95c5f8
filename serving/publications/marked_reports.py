"""Marks the report of a retracted publication as it lies there, and leads `latest` to a report that holds.

Nothing is rendered anew, so that the report of a run of any earlier version can be marked.
"""

import os
from html import escape
from pathlib import Path
from typing import Final

from serving.promote import alone, point
from tierline.files import sync_folder, write_bytes_atomically

LATEST: Final = "latest"
_MAIN: Final = '<main id="main"'
_MARK: Final = 'id="retracted"'
PAGES_TO_GIVE: Final = "for-suppliers"
"""Folder of pages that one supplier each may be given."""
TOLD_TO_SUPPLIERS: Final = "It was taken back."
"""What such a page says instead of the reason, which may speak of others."""
_RENAMED: Final = ("tierline*.xlsx", "report*.pdf")


def mark_report(reports: Path, run_id: str, notice: str, newest: Path | None) -> None:
    """Says on top of a run's pages, in a file beside them and in the names of workbook and PDFs that it was retracted.

    `latest` then leads to the report of `newest`, or nowhere where that has none. Done again it changes nothing. Raises
    PublishError while a report is being written.
    """
    if not reports.is_dir():
        return
    with alone(reports):
        if (reports / run_id).is_dir():
            _mark(reports / run_id, notice)
        _lead_on(reports, run_id, newest)


def _mark(folder: Path, notice: str) -> None:
    write_bytes_atomically(folder / "RETRACTED.txt", f"Do not use: {notice}\n".encode())
    for page in sorted(folder.rglob("*.html")):
        _mark_page(page, TOLD_TO_SUPPLIERS if page.parent.name == PAGES_TO_GIVE else notice)
    for file in [file for pattern in _RENAMED for file in sorted(folder.glob(pattern))]:
        os.replace(file, file.with_name(f"RETRACTED-{file.name}"))
    sync_folder(folder)


def _mark_page(page: Path, notice: str) -> None:
    html = page.read_text(encoding="utf-8")
    if _MARK in html:
        return
    head, main, rest = html.partition(_MAIN)
    tag, end, body = rest.partition(">")
    told = f"<strong>Retracted: do not use this report.</strong> {escape(notice)}"
    banner = f'<div class="warning" {_MARK}><p>{told}</p></div>'
    write_bytes_atomically(page, f"{head}{main}{tag}{end}\n{banner}\n{body}".encode())


def _lead_on(reports: Path, run_id: str, newest: Path | None) -> None:
    link = reports / LATEST
    if not link.is_symlink() or link.resolve().name != run_id:
        return
    if newest is not None and (reports / newest.name).is_dir():
        point(link, reports / newest.name)
    else:
        link.unlink()
        sync_folder(reports)
