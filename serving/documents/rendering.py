"""A document as JSON, as one HTML file that loads nothing, and as a PDF."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from serving.documents.model import Document, Field, Reference
from serving.language import Language, page_templates
from serving.pdf import blocks, render_pdf

SHAPE_VERSION: Final = 1
"""Version of the JSON: keys may be added under it, none is renamed or taken away."""


def as_json(document: Document, language: Language) -> bytes:
    """Gives the document as JSON: what people read, in its language, and for each field what it rests on."""
    plain = asdict(document) | {
        "shape_version": SHAPE_VERSION,
        "language": language.code,
        "law": list(document.law),
        "about": [{"what": what, "value": value} for what, value in document.about],
        "gap_count": len(document.gaps()),
    }
    return (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()


def as_html(document: Document, language: Language) -> bytes:
    """Gives the document as one HTML file; every value is escaped, and a policy lets nothing load or run."""
    text = (
        page_templates("serving.documents", language)
        .get_template("document.html.j2")
        .render(document=document, numbers=_numbered(document), kinds=_kinds(language))
    )
    return text.encode()


def as_pdf(document: Document, language: Language, as_of: date) -> bytes:
    """Gives the document as a PDF; raises TierlineError where it cannot be set."""
    numbers = _numbered(document)
    said: list[blocks.Block] = [blocks.heading(language.text("What this is not")), blocks.bullets(document.is_not)]
    for section in document.sections:
        said += [
            blocks.heading(section.title),
            blocks.paragraph(section.asks),
            blocks.paragraph(section.source, "muted"),
        ]
        for group in section.groups:
            said.append(blocks.heading(f"{group.rank}. {group.title}" if group.rank else group.title, 2))
            said.append(blocks.facts([(field.label, _told(field, numbers)) for field in group.fields]))
    said += [blocks.heading(language.text("What this rests on")), blocks.bullets(_register_lines(numbers, language))]
    data = {
        "title": document.title,
        "facts": [*(f"{what}: {value}" for what, value in document.about), *document.law],
        "mark": document.audience,
        "blocks": said,
    }
    return render_pdf("document", data, language=language, as_of=as_of)


def _numbered(document: Document) -> dict[Reference, int]:
    return {reference: number for number, reference in enumerate(document.references(), start=1)}


def _told(field: Field, numbers: Mapping[Reference, int]) -> str:
    if field.value is None:
        return str(field.gap)
    return f"{field.value} {''.join(f'[{numbers[reference]}]' for reference in field.rests_on)}".strip()


def _register_lines(numbers: Mapping[Reference, int], language: Language) -> list[str]:
    kinds = _kinds(language)
    return [f"[{number}] {kinds[reference.kind]} {_place(reference)}" for reference, number in numbers.items()]


def _place(reference: Reference) -> str:
    source = f" · {reference.source_id} {reference.snapshot_sha256[:12]}" if reference.source_id else ""
    record = f" #{reference.record_no}" if reference.record_no is not None else ""
    return f"{reference.table} {reference.key}{source}{record}"


def _kinds(language: Language) -> dict[str, Any]:
    return {
        "evidence": language.text("evidence"),
        "row": language.text("row"),
        "table": language.text("table, by the hash of its file"),
    }
