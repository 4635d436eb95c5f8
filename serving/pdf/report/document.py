"""Puts the parts of the report together and sets them."""

from itertools import chain
from typing import Final

from serving.language import Language
from serving.pdf.rendering import render_pdf
from serving.pdf.report import basis, portfolio, urgent
from serving.pdf.report.speaking import Speaker, cut
from serving.reports.content import ReportContent

_TIME_LIMIT_SECONDS: Final = 300.0
_PARTS: Final = (
    *(urgent.summary, urgent.overdue, urgent.changes, urgent.action_now),
    *(portfolio.ranking, portfolio.where, portfolio.not_known, portfolio.contradictions, portfolio.buyer),
    *(basis.sources, basis.method, basis.sensitivity, basis.contest),
)
"""The parts in the order in which they are read; overdue actions come first."""


def report_pdf(content: ReportContent, speech: Language) -> bytes:
    """Gives the report as a PDF in a language; the same content gives the same bytes.

    It says what the HTML says in short: no section a supplier, the first 150 of the ranking, and which file has the
    rest. A retracted report says so on each page. Raises TierlineError where it cannot be set.
    """
    by = Speaker(content, speech)
    manifest = content.manifest
    notice = None
    if content.retraction is not None:
        notice = f"{by.text('Retracted: do not use this report.')} {cut(content.retraction, 600)}"
    document = {
        "title": by.text("{title}: where to look first", title=cut(manifest["title"], 120)),
        "facts": [_facts(by)],
        "mark": by.text("Internal: do not pass on"),
        "notice": notice,
        "foot": by.text(
            "Made from publication {run}, as of {day}.", run=manifest["run_id"], day=speech.day(content.as_of)
        ),
        "blocks": list(chain.from_iterable(part(by) for part in _PARTS)),
    }
    return render_pdf("document", document, language=speech, as_of=content.as_of, time_limit=_TIME_LIMIT_SECONDS)


def _facts(by: Speaker) -> str:
    count = by.content.portfolio["supplier_count"]
    return " · ".join(
        (
            by.plural("Forced-labour risk of {count} supplier", "Forced-labour risk of {count} suppliers", count=count),
            by.text("as of {day}", day=by.speech.day(by.content.as_of)),
            by.text("run {run}", run=by.content.manifest["run_id"]),
            by.text("method {version}", version=by.content.manifest["method_version"]),
        )
    )
