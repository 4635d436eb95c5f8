"""The declared sources as a document: `docs/sources.md`, written by `make docs`."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from ingest.catalogue.listing import CONTEXT_ONLY, declared_sources, feeds_of, tables_of
from ingest.catalogue.portrait import licence_in_words, retention_in_words
from ingest.spec import SOURCES, SourceSpec

DOCUMENT = Path("docs") / "sources.md"
DOMAINS: dict[str, tuple[str, ...]] = {
    "Conditions at sites: audits, visits, worker surveys": (
        *("audit_finding", "survey_answer", "grievance_case", "survey_class", "survey_quality", "survey_rate"),
    ),
    "Reports of others, and what was done for workers": ("report", "mitigation"),
    "Lists, orders and statements": ("list_entry", "company_statement"),
    "Procurement": (*("contracting_process", "award", "purchase_order_line", "bid", "exchange_rate", "labour_cost"),),
    "Suppliers, sites and owners": (
        *("supplier", "facility", "ownership_edge", "supply_link", "legal_entity", "legal_form"),
    ),
    "Countries and goods": ("country_context", "good_country"),
    "Decisions of people": (
        *("match_verdict", "audit_issue_mapping", "labelled_pair", "contest_entry", "action_entry"),
    ),
}
"""Domain → canonical tables; a source that fills tables of several stands under the first of them."""
_OPENING = """# Sources

Generated from the declarations under `ingest/sources/` by `make docs`; do not edit. `tierline sources show <id>` tells
everything of one source, `docs/add-a-source.md` how to add one.

- **Licence**: where consent is required, a run uses the source only if `accepted_licences` of the configuration names
  it. Share-alike means that what is made of the data and given on goes out under the same terms.
- **Feeds**: which indicator a list, programme or question bears on, by declaration. Everything else is context and
  gives no points: fraud, corruption and general sanctions among it. Audit findings reach indicators by the issue codes
  of their scheme (`dbt_project/seeds/audit_issues/`).
- **Shape checked**: whether the declaration was ever tried on a real file of the publisher. Where it says no, the
  shape is known from descriptions only.
- **Second-hand**: copied from someone other than the origin; it can be shown, and decides no band.
"""
_HEADER = (
    "| source | publisher | licence | changes | sensitivity | kept for | feeds | shape checked | corrections to |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
_BY_TABLE = {
    "audit_finding": "by issue code",
    "report": "A03, or the indicator that a person says it bears on",
    "mitigation": "M01, where workers verified it",
}
_NO_INDICATOR = "–"


def sources_document(sources: Path = SOURCES) -> str:
    """Gives the document in Markdown; raises ConfigError for a wrong declaration."""
    specs = declared_sources(sources)
    return "\n".join([_OPENING, *(_section(domain, specs) for domain in DOMAINS)])


def domain_of(spec: SourceSpec) -> str:
    """Gives the domain under which a source stands."""
    return next(domain for domain, tables in DOMAINS.items() if set(tables) & set(tables_of(spec)))


def _section(domain: str, specs: Sequence[SourceSpec]) -> str:
    rows = [_row(spec) for spec in specs if domain_of(spec) == domain]
    return f"## {domain}\n\n{_HEADER}{''.join(rows) or 'None is declared.'}"


def _row(spec: SourceSpec) -> str:
    cells = [
        f"**{_plain(spec.title)}** `{spec.id}`{' (second-hand)' if spec.second_hand else ''}",
        _plain(spec.publisher),
        _plain(_licence(spec)),
        _plain(spec.cadence),
        spec.sensitivity,
        retention_in_words(spec),
        _feeds(spec),
        "yes" if spec.shape_checked else "**no**",
        _plain(spec.corrections_contact),
    ]
    return f"| {' | '.join(cells)} |\n"


def _licence(spec: SourceSpec) -> str:
    told = licence_in_words(spec)
    return f"{told}, {spec.licence.url}" if spec.licence.url else told


def _feeds(spec: SourceSpec) -> str:
    tables = tables_of(spec)
    parts = list(dict.fromkeys(_plain(str(feed)) for feed in feeds_of(spec)))
    if not parts and "list_entry" in tables:
        parts.append(CONTEXT_ONLY)
    parts.extend(said for table, said in _BY_TABLE.items() if table in tables)
    return "<br>".join(parts) or _NO_INDICATOR


def _plain(text: str) -> str:
    return escape(" ".join(text.split()), quote=False).replace("|", "\\|")
