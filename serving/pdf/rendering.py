"""Makes a PDF from a template and data: the same bytes each time, tagged for screen readers, and nothing is run."""

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

from serving.language import Language
from serving.pdf.coverage import covered
from serving.pdf.readable import every_text, in_latin, readable
from serving.pdf.typesetter import FONTS, NOT_SET, TEMPLATES
from tierline.errors import ConfigError, TierlineError
from tierline.log import get_logger

TIME_LIMIT_SECONDS = 60.0
_TYPESETTER = TEMPLATES.parent / "typesetter.py"
_TEMPLATE_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
_NO_GLYPH = "could not be displayed"
_LOG = get_logger(__name__)


def render_pdf(
    template: str,
    data: dict[str, Any],
    *,
    language: Language,
    as_of: date,
    time_limit: float = TIME_LIMIT_SECONDS,
) -> bytes:
    """Gives the PDF (PDF/UA-1) of a template in `serving/pdf/templates`, filled with JSON data that has a title.

    No text of the data is ever read as markup, and the creation date is `as_of`, so the same arguments give the same
    bytes. Letters that no shipped font has are written in Latin ones. Raises ConfigError for a template that is not
    there or data without a title, TierlineError where the document cannot be set within `time_limit` seconds.
    """
    if not _TEMPLATE_NAME.fullmatch(template) or not (TEMPLATES / f"{template}.typ").is_file():
        raise ConfigError(
            "there is no such template of a PDF", record=template[:60], remedy="Name one of serving/pdf/templates."
        )
    if not str(data.get("title") or "").strip():
        raise ConfigError("a PDF needs a title", record=template, remedy="Give data['title'].")
    glyphs = covered(FONTS)
    document = {**every_text(data, lambda text: readable(text, glyphs)), "language": language.code}
    moment = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    made = _set(template, document, int(moment.timestamp()), time_limit)
    if made is None:
        _LOG.warning("PDF %s: a script could not be set and is written in Latin letters", template)
        made = _set(template, every_text(document, in_latin), int(moment.timestamp()), time_limit)
    if made is None:
        raise TierlineError("a text of the PDF cannot be shown by any font", record=template, remedy=_REPORT)
    return made


_REPORT = "Report it with the command you ran; the HTML and the tables need no PDF."


def _set(template: str, document: dict[str, Any], timestamp: int, time_limit: float) -> bytes | None:
    """Gives the PDF, or nothing where a font lacks a glyph in the order in which letters came together."""
    asked = json.dumps({"template": template, "document": document, "timestamp": timestamp}, ensure_ascii=False)
    try:
        ended = subprocess.run(
            [sys.executable, "-I", str(_TYPESETTER)],
            input=asked.encode(),
            capture_output=True,
            timeout=time_limit,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise TierlineError(
            f"the PDF was not set within {time_limit:.0f} s and was given up",
            record=template,
            remedy="Ask for fewer rows; the HTML and the tables have all of them.",
        ) from None
    if ended.returncode == 0:
        return ended.stdout
    told = ended.stderr.decode("utf-8", "replace").strip()
    if ended.returncode == NOT_SET and _NO_GLYPH in told:
        return None
    reason = told.splitlines()[-1] if ended.returncode == NOT_SET and told else f"exit code {ended.returncode}"
    raise TierlineError(f"the PDF could not be set: {_without_values(reason)}", record=template, remedy=_REPORT)


def _without_values(reason: str) -> str:
    """Gives the reason without quoted parts, which may be values of a record."""
    return re.sub(r'"[^"]*"|`[^`]*`', "…", reason)[:200]
