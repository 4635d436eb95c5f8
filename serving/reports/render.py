"""Renders the content of the report as one HTML file that loads nothing."""

import base64
import hashlib

from serving.language import Language
from serving.reports.content import ReportContent
from serving.reports.environment import page_environment
from serving.reports.marks import Marks


def render_report(content: ReportContent, speech: Language) -> str:
    """Gives the report as HTML in a language; the same content gives the same text."""
    environment = page_environment(speech.code)
    return environment.get_template("report.html.j2").render(
        content=content,
        manifest=content.manifest,
        as_of=content.as_of,
        changes=content.changes,
        details=content.suppliers,
        marks=Marks(content.detailed_ids, content.portfolio["contested_ids"]),
        script_hash=hash_for_policy(environment.get_template("enhance.js").render()),
        **content.overdue,
        **content.portfolio,
        **content.buyer,
        **content.data,
        **content.sensitivity,
        **content.contests,
    )


def hash_for_policy(script: str) -> str:
    """Gives the hash by which a content security policy lets exactly this script run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
