"""What is declared: every source with publisher, terms, tables and indicators, for people and for programs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.mapping_spec import FieldMapping
from ingest.spec import SOURCES, SourceSpec, load_spec
from tierline.settings import Settings

CONTEXT_ONLY = "none: context"
_DECIDED_IN_SQL = "decided by an expression of the mapping"
_WIDEST = 44


@dataclass(frozen=True)
class Feed:
    """Which indicator one list, programme or question feeds; `indicator` is empty where it is context."""

    subject: str
    indicator: str | None

    def __str__(self) -> str:
        return f"{self.subject} → {self.indicator or CONTEXT_ONLY}"


@dataclass(frozen=True)
class CatalogueEntry:
    """One declared source; `configured` are the names under which a configuration uses it, None without one."""

    id: str
    title: str
    publisher: str
    domain: tuple[str, ...]
    connection: str
    sensitivity: str
    licence: str
    consent_required: bool
    share_alike: bool
    shape_checked: bool
    feeds: tuple[str, ...]
    configured: tuple[str, ...] | None

    def as_json(self) -> dict[str, Any]:
        """Gives it as JSON-able values."""
        return asdict(self)


def declared_sources(sources: Path = SOURCES) -> list[SourceSpec]:
    """Gives every declaration of a folder in order of the ids; raises ConfigError for a wrong one."""
    return [load_spec(path.parent.name, sources) for path in sorted(sources.glob("*/source.yml"))]


def catalogue(specs: Sequence[SourceSpec], settings: Settings | None = None) -> list[CatalogueEntry]:
    """Gives one entry a declaration; with settings, each says under which names it is configured."""
    return [
        CatalogueEntry(
            id=spec.id,
            title=spec.title,
            publisher=spec.publisher,
            domain=tables_of(spec),
            connection=spec.connection.kind,
            sensitivity=spec.sensitivity,
            licence=spec.licence.name,
            consent_required=spec.licence.consent_required,
            share_alike=spec.licence.share_alike,
            shape_checked=spec.shape_checked,
            feeds=tuple(sorted({feed.indicator for feed in feeds_of(spec) if feed.indicator})),
            configured=_configured_as(spec.id, settings),
        )
        for spec in specs
    ]


def tables_of(spec: SourceSpec) -> tuple[str, ...]:
    """Gives the canonical tables that a source fills, each once, in the order of its mappings."""
    return tuple(dict.fromkeys(mapping.table for mapping in spec.mapping))


def feeds_of(spec: SourceSpec) -> list[Feed]:
    """Gives what each list, programme or question of a source feeds; nothing for a source that feeds no indicator."""
    feeds: list[Feed] = []
    for mapping in spec.mapping:
        if "feeds_indicator" in mapping.fields:
            feeds.extend(_list_feeds(spec, mapping.fields))
        feeds.extend(Feed(_bare(question), asked.indicator) for question, asked in mapping.questions.items())
    return list(dict.fromkeys(feeds))


def catalogue_table(entries: Sequence[CatalogueEntry]) -> str:
    """Gives the entries as a table of aligned columns; long texts are cut, `as_json` has them whole."""
    headings = ["id", "fills", "from", "sensitivity", "licence", "shape checked", "feeds", "title", "publisher"]
    rows = [[_cut(text) for text in _cells(entry)] for entry in entries]
    if any(entry.configured is not None for entry in entries):
        headings.insert(1, "configured as")
        for row, entry in zip(rows, entries, strict=True):
            row.insert(1, _cut(", ".join(entry.configured or ()) or "-"))
    return _aligned([headings, *rows])


def _cells(entry: CatalogueEntry) -> list[str]:
    terms = [text for text, holds in (("consent", entry.consent_required), ("share-alike", entry.share_alike)) if holds]
    return [
        entry.id,
        ", ".join(entry.domain),
        entry.connection,
        entry.sensitivity,
        f"({', '.join(terms)}) {entry.licence}" if terms else entry.licence,
        "yes" if entry.shape_checked else "no",
        ", ".join(entry.feeds) or "-",
        entry.title,
        entry.publisher,
    ]


def _list_feeds(spec: SourceSpec, fields: dict[str, FieldMapping]) -> list[Feed]:
    field = fields["feeds_indicator"]
    if field.enumeration is not None:
        entries = spec.enumerations[field.enumeration]
        return [Feed(text, None if value is None else str(value)) for text, value in entries.items()]
    if field.value is not None:
        return [Feed(_name_of_list(spec, fields), str(field.value))]
    return [Feed(_name_of_list(spec, fields), _DECIDED_IN_SQL)]


def _name_of_list(spec: SourceSpec, fields: dict[str, FieldMapping]) -> str:
    name = fields.get("programme") or fields.get("list_name")
    return str(name.value) if name is not None and name.value is not None else spec.title


def _bare(question: str) -> str:
    return question.removeprefix("$.").strip('"')


def _configured_as(source_id: str, settings: Settings | None) -> tuple[str, ...] | None:
    if settings is None:
        return None
    return tuple(source.name for source in settings.sources if source.id == source_id)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
