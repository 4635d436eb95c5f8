"""The tables of docs/method.md that show a seed or a stored file as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from tierline.errors import ConfigError

_SEEDS = {
    "strengths": ("catalogue/strength", ("name", "points", "likelihood_ratio", "sigma", "source")),
    "inherent": ("catalogue/inherent_prior", ("name", "value", "meaning", "source")),
    "parameters": ("catalogue/score_parameter", ("name", "value", "meaning", "source")),
    "survey rules": ("catalogue/survey_rule", ("name", "value", "meaning", "source")),
    "survey thresholds": ("catalogue/survey_threshold", ("indicator_id", "threshold", "source")),
    "survey classes": ("catalogue/survey_class_strength", ("survey_class", "strength_maximum", "meaning", "source")),
    "versions": ("catalogue/method_version", ("version", "changed_on", "change")),
}
"""Table of the page → seed and the columns that are shown."""
_FIRING = Path("docs") / "firing"
_STATES = ("fired", "contradicted", "absent", "not_assessable", "not_applicable")


def seed_tables(project: Path) -> dict[str, str]:
    """Gives name → Markdown of each table that is a seed, shown whole."""
    folder = project / "dbt_project" / "seeds"
    return {
        name: markdown(
            [column.replace("_", " ") for column in columns],
            pl.read_csv(folder / f"{seed}.csv", infer_schema_length=None).select(columns).iter_rows(),
        )
        for name, (seed, columns) in _SEEDS.items()
    }


def list_table(project: Path) -> str:
    """Gives, a declared list and programme, the indicator that an entry feeds; raises ConfigError for bad YAML."""
    rows = [row for path in sorted((project / "ingest" / "sources").glob("*/source.yml")) for row in _feeds(path)]
    return markdown(("source", "programme or entry", "feeds"), rows)


def firing_tables(project: Path) -> dict[str, str]:
    """Gives the conditions of the stored counts, and the counts themselves, a row an indicator and kind of source."""
    conditions = pl.read_csv(project / _FIRING / "conditions.csv", infer_schema_length=0)
    told = ("world", "told", "as_of", "suppliers", "sites", "method_version")
    shown = [heading.replace("_", " ") for heading in ("world", "what it is", *told[2:])]
    return {
        "firing conditions": markdown(shown, conditions.select(told).iter_rows()),
        "firing": _firing_table(project, conditions["world"].to_list()),
    }


def markdown(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Gives a Markdown table."""
    lines = [heading, ["---"] * len(heading), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _firing_table(project: Path, worlds: list[str]) -> str:
    keys = ["indicator_id", "source_type"]
    parts = [
        pl.read_csv(project / _FIRING / f"{world}.csv", infer_schema_length=None).select(
            *(pl.col(key).cast(pl.String) for key in keys),
            pl.concat_str(
                (pl.col(state).cast(pl.String).fill_null("") for state in _STATES), separator=" / "
            ).str.strip_chars_end(" /").alias(world),
        )
        for world in worlds
    ]  # fmt: skip
    every = pl.concat([part.select(keys) for part in parts]).unique().sort(keys, nulls_last=False)
    for part in parts:
        every = every.join(part, on=keys, how="left", nulls_equal=True, maintain_order="left")
    named = every.with_columns(pl.col("source_type").fill_null("all").str.replace_all("_", " "))
    return markdown(("indicator", "source", *worlds), named.iter_rows())


def _feeds(path: Path) -> Iterator[tuple[str, str, str]]:
    try:
        declared: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.parent.name} is no YAML: {error}", remedy="Correct its source.yml.") from error
    for mapping in declared.get("mapping", []):
        if mapping.get("table") == "list_entry":
            yield from _of_mapping(path.parent.name, mapping["fields"].get("feeds_indicator"), declared)


def _of_mapping(source: str, field: Any, declared: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if not field:
        yield source, "every entry", "nothing: context"
    elif "value" in field:
        yield source, "every entry", str(field["value"])
    else:
        values = declared.get("enumerations", {}).get(field.get("enumeration"), {})
        for programme, indicator in sorted(values.items(), key=lambda pair: str(pair[0])):
            yield source, str(programme), str(indicator) if indicator else "nothing: context"
        yield source, "any other", "nothing: context"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "–"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("|", "\\|")
