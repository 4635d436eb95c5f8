"""The tables of docs/method.md, made from the seeds, so that what is told cannot drift from what is computed."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from scoring.catalogue import LEARNED, Catalogue, build_catalogue, read_seed_files
from scoring.method_tables import firing_tables, list_table, markdown, seed_tables
from tierline.errors import ConfigError
from tierline.files import write_bytes_atomically

_BEGIN, _END = "<!-- {}: made from the seeds by `make docs` -->", "<!-- end of {} -->"
_STRENGTH_ORDER = {"S": "strong", "M": "medium", "W": "weak"}


def write_method_page(project: Path) -> Path:
    """Renews the generated tables of docs/method.md of the checkout; gives its path."""
    page = project / "docs" / "method.md"
    text = with_generated_tables(page.read_text(encoding="utf-8"), project)
    write_bytes_atomically(page, text.encode())
    return page


def with_generated_tables(text: str, project: Path) -> str:
    """Gives the page with each generated table renewed; raises ConfigError where its marks are missing."""
    seeds = read_seed_files(project / "dbt_project" / "seeds" / "catalogue")
    catalogue = build_catalogue(seeds)
    stored = {**seed_tables(project), **firing_tables(project), "lists": list_table(project)}
    for name, table in {**_tables(seeds, catalogue), **stored}.items():
        text = _replaced(text, name, table)
    return text


def _tables(seeds: Mapping[str, pl.DataFrame], catalogue: Catalogue) -> dict[str, str]:
    return {
        "indicators": _indicator_table(seeds["indicator"], catalogue),
        "what fires": _fires_table(seeds["indicator"]),
        "sources": _source_table(catalogue),
        "bands": _band_table(seeds["band_rule"]),
        "caps": _cap_table(seeds["point_cap"]),
    }


def _replaced(text: str, name: str, table: str) -> str:
    begin, end = _BEGIN.format(name), _END.format(name)
    before, mark, rest = text.partition(begin)
    _, closing, after = rest.partition(end)
    if not mark or not closing:
        raise ConfigError(f"docs/method.md has no place for the table '{name}'", remedy=f"Put back: {begin} … {end}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def _indicator_table(seed: pl.DataFrame, catalogue: Catalogue) -> str:
    clears = catalogue.eligible.join(catalogue.sources, on="source_type").sort("indicator_id", "source_type")
    by_indicator: dict[str, str] = dict(
        clears.group_by("indicator_id", maintain_order=True)
        .agg(pl.col("source_name").str.to_lowercase().str.join(", "))
        .iter_rows()
    )
    rows = (
        (
            *(row["indicator_id"], row["name"], row["severity"]),
            _STRENGTH_ORDER.get(row["default_strength"] or ""),
            (row["role"] or "").replace("_", " "),
            by_indicator.get(row["indicator_id"], "nothing"),
        )
        for row in seed.iter_rows(named=True)
        if row["kind"] != LEARNED
    )
    return markdown(("id", "indicator", "severity", "strength", "role", "may be cleared by"), rows)


def _fires_table(seed: pl.DataFrame) -> str:
    rows = seed.filter(pl.col("kind") != LEARNED).select("indicator_id", "fires_on", "source").iter_rows()
    return markdown(("id", "fires on", "source"), rows)


def _source_table(catalogue: Catalogue) -> str:
    rows = catalogue.sources.select(
        "source_name", "reliability_adverse", "reliability_clean", "half_life_months"
    ).iter_rows()
    return markdown(("source", "reliability, adverse", "reliability, clean", "half-life, months"), rows)


def _band_table(seed: pl.DataFrame) -> str:
    rows = seed.sort("rule_order").select("band", "rule_id", "condition", "action").iter_rows()
    return markdown(("band", "rule", "when", "what to do"), rows)


def _cap_table(seed: pl.DataFrame) -> str:
    return markdown(("cap", "points", "meaning"), seed.select("kind", "limit_points", "meaning").iter_rows())
