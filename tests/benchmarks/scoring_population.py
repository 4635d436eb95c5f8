"""Invented features of any size, of every kind of fact: what the interval is tested on and the scale is measured on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.catalogue import NEVER_CLEARED, Catalogue
from scoring.score import Features
from tierline.warehouse import connect, quote_identifier

AT_ONCE = 50_000
_COUNTRIES, _SECTORS = ("XA", "XB", "XC", "XD", "XE"), ("textiles", "fishing", "mining", "farming")
_KINDS = ("labour", "clean", "procurement", "network", "media", "official", "observed", "context")
_SHARE_OF_CLEAN_AUDITS = 0.2
_SHARES = (0.22, 0.52, 0.12, 0.06, 0.04, 0.004, 0.002, 0.034)
_ADVERSE_SOURCES: Mapping[str, tuple[str, ...]] = {
    "labour": (
        *("inspector", "worker_driven_monitor", "offsite_survey", "onsite_survey", "grievance"),
        *("unannounced_audit", "announced_audit", "field_visit", "self_assessment", "ngo_multiple_origins"),
    ),
    "procurement": ("procurement_data",),
    "network": ("network",),
    "media": ("single_media", "ngo_multiple_origins"),
    "official": ("official_order", "court_order"),
    "observed": ("field_visit", "inspector"),
    "context": ("field_visit",),
}
_DESCRIPTIONS = (
    "Passports are kept in the office",
    "No finding",
    "Paid sixty days late",
    "A fee of two wages was paid",
)

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MadeUp:
    """Features of some suppliers, and the figures of these suppliers that the anomaly layer reads."""

    features: Features
    suppliers: pl.DataFrame


def feature_tables(
    catalogue: Catalogue, suppliers: int, facts: int, *, as_of: date, seed: int, first: int = 0
) -> MadeUp:
    """Gives features of that many suppliers, numbered from `first`, with about that many facts.

    One supplier in five has two or three sites; some have no fact and a few have very many, as in life. Facts are of
    every kind: reports, clean looks, buying, network, media, acts, observations and context.
    """
    generator = np.random.default_rng([seed, first])
    site_counts = generator.choice((1, 2, 3), suppliers, p=(0.8, 0.15, 0.05))
    owner = np.repeat(np.arange(first, first + suppliers), site_counts)
    sites = _sites(owner, generator)
    made = _facts(catalogue, sites, facts, as_of, generator).with_columns(
        pl.format("K{}_{}", pl.lit(first), pl.int_range(pl.len())).alias("fact_id")
    )
    return MadeUp(
        features=Features(
            sites=sites,
            facts=made.with_columns(pl.col("fact_id").alias("source_key")),
            not_applicable=_some(sites, 0.2, generator, indicator_id="F03", reason="no dormitory"),
            undetermined=_some(sites, 0.05, generator, indicator_id="F09"),
            not_assessable=_some(sites, 0.3, generator, indicator_id="P01", missing="labour hours of the order line"),
        ),
        suppliers=sites.select(pl.col("supplier_id").unique(maintain_order=True)).with_columns(
            pl.Series("spend_total", generator.lognormal(10, 2, suppliers)),
            pl.Series("order_line_count", generator.poisson(12, suppliers)),
        ),
    )


def write_population(path: Path, catalogue: Catalogue, suppliers: int, facts: int, *, as_of: date, seed: int) -> None:
    """Writes a warehouse with these features and no seeds; `undetermined` holds the surveys that could not decide."""
    with connect(path, newest_storage=True) as connection:  # as the load makes the warehouse of a home
        connection.execute("CREATE SCHEMA features")
        for number, part in enumerate(_parts(catalogue, suppliers, facts, as_of, seed)):
            named = {
                "ftr_site": part.features.sites,
                "ftr_indicator_fact": part.features.facts,
                "ftr_not_applicable": part.features.not_applicable,
                "ftr_not_assessable": part.features.not_assessable,
                "undetermined": part.features.undetermined,
                "ftr_supplier": part.suppliers,
                "ftr_sales_share": _sales_shares(part.suppliers),
            }
            for table, frame in named.items():
                connection.register("frame", frame.to_arrow())
                name = f"features.{quote_identifier(table)}"
                connection.execute(
                    f"CREATE TABLE {name} AS FROM frame" if not number else f"INSERT INTO {name} FROM frame"
                )
                connection.unregister("frame")


def _sales_shares(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Every third states its sales."""
    stated = pl.int_range(pl.len()) % 3 == 0
    return suppliers.select(
        "supplier_id",
        pl.when(stated).then(0.1).alias("sales_share"),
        pl.when(~stated).then(pl.lit("no sales of it are stated")).alias("sales_share_reason"),
    )


def _parts(catalogue: Catalogue, suppliers: int, facts: int, as_of: date, seed: int) -> Iterator[MadeUp]:
    for first in range(0, suppliers, AT_ONCE):
        count = min(AT_ONCE, suppliers - first)
        yield feature_tables(catalogue, count, round(facts * count / suppliers), as_of=as_of, seed=seed, first=first)


def _sites(owner: Integers, generator: np.random.Generator) -> pl.DataFrame:
    count = len(owner)
    frame = pl.DataFrame({"owner": owner}).with_columns(pl.int_range(pl.len()).over("owner").alias("number"))
    return frame.select(
        pl.format("S{}", pl.col("owner").cast(pl.String).str.zfill(8)).alias("supplier_id"),
        pl.format("F{}_{}", pl.col("owner").cast(pl.String).str.zfill(8), "number").alias("site_id"),
        pl.lit(False).alias("is_unknown_site"),
        pl.lit("A site").alias("site_name"),
        _picked("country_code", _COUNTRIES, generator.integers(0, len(_COUNTRIES), count)),
        _picked("sector_key", _SECTORS, generator.integers(0, len(_SECTORS), count)),
        pl.lit("garments").alias("good"),
        _level("country_level", generator.integers(1, 7, count), generator),
        _level("sector_level", generator.integers(1, 5, count), generator),
        _level("good_level", generator.integers(0, 3, count), generator),
    )


def _level(name: str, levels: Integers, generator: np.random.Generator) -> pl.Series:
    known = generator.random(len(levels)) < 0.95
    return pl.Series(name, np.where(known, levels, np.nan)).fill_nan(None)


def _facts(
    catalogue: Catalogue, sites: pl.DataFrame, count: int, as_of: date, generator: np.random.Generator
) -> pl.DataFrame:
    pairs = _pairs(catalogue)
    places, chosen = _looks_and_facts(pairs, len(sites), count, generator)
    placed = sites.select("supplier_id", "site_id")[pl.Series(places)]
    companywide = pl.Series("companywide", generator.random(count) < 0.02)
    return pl.concat([placed, pairs[pl.Series(chosen)]], how="horizontal").select(
        "supplier_id",
        pl.when(companywide).then(None).otherwise("site_id").alias("site_id"),
        "indicator_id",
        "kind",
        "strength",
        "source_type",
        *_circumstances(count, as_of, generator),
        _picked("description", _DESCRIPTIONS, generator.integers(0, len(_DESCRIPTIONS), count)),
        pl.lit("fct_audit_finding").alias("source_table"),
        pl.lit("invented").alias("source_id"),
        pl.lit("0" * 64).alias("snapshot_sha256"),
        pl.int_range(count, eager=True).alias("source_record_no"),
        pl.lit(None, pl.String).alias("release_id"),
    )


def _looks_and_facts(
    pairs: pl.DataFrame, sites: int, count: int, generator: np.random.Generator
) -> tuple[Integers, Integers]:
    """Gives the site and the pair of every fact: announced audits that found nothing at all, and single facts."""
    cleared = np.flatnonzero((pairs["kind"] == "clean") & (pairs["source_type"] == "announced_audit"))
    audits = int(count * _SHARE_OF_CLEAN_AUDITS) // len(cleared)
    weight = generator.lognormal(0, 1, sites)
    single = count - audits * len(cleared)
    kinds = generator.choice(len(_KINDS), single, p=np.array(_SHARES) / sum(_SHARES))
    starts = np.searchsorted(pairs["kind_number"].to_numpy(), np.arange(len(_KINDS) + 1))
    pair = starts[kinds] + (generator.random(single) * np.diff(starts)[kinds]).astype(np.int64)
    places = np.concatenate(
        [
            generator.choice(sites, single, p=weight / weight.sum()),
            np.repeat(generator.integers(0, sites, audits), len(cleared)),
        ]
    )
    order = np.argsort(places, kind="stable")
    return places[order], np.concatenate([pair, np.tile(cleared, audits)])[order]


def _circumstances(count: int, as_of: date, generator: np.random.Generator) -> list[pl.Expr]:
    """Gives days, events, confirmation and doubts; one fact in ten shares its event with others of its site."""
    age = pl.Series("age", np.minimum(generator.exponential(500, count), 4000).astype(np.int64))
    event = pl.Series("event", generator.integers(0, 3, count))
    shared = pl.Series("shared", generator.random(count) < 0.1)
    official = pl.col("official")
    in_force = official & pl.lit(pl.Series(generator.random(count) < 0.6))
    day = pl.lit(as_of) - pl.duration(days=pl.lit(age))
    return [
        day.cast(pl.Date).alias("event_date"),
        in_force.alias("in_force"),
        pl.when(official & ~in_force).then(day.cast(pl.Date)).alias("ended_on"),
        pl.when(pl.lit(shared)).then(pl.format("E{}_{}", "site_id", pl.lit(event))).alias("origin_event_id"),
        pl.when(official).then(pl.lit("identifier")).otherwise(pl.lit("reported")).alias("confirmed_by"),
        pl.lit(pl.Series(generator.random(count) < 0.02)).alias("second_hand"),
        pl.lit(pl.Series(generator.random(count) < 0.01)).alias("contested"),
        pl.lit(pl.Series(generator.random(count) < 0.03)).alias("closure_verified_by_workers"),
    ]


def _pairs(catalogue: Catalogue) -> pl.DataFrame:
    """Gives what a fact of each kind may be: indicator, kind, strength, source type and whether it is an act."""
    rows = [row for number, kind in enumerate(_KINDS) for row in _pairs_of(catalogue, number, kind)]
    columns = ("kind_number", "indicator_id", "kind", "strength", "source_type", "official")
    return pl.DataFrame(rows, schema=columns, orient="row").sort("kind_number", "indicator_id", "source_type")


def _pairs_of(catalogue: Catalogue, number: int, kind: str) -> Iterator[tuple[object, ...]]:
    if kind == "clean":
        labour = catalogue.indicators.filter(pl.col("kind") == "labour")["indicator_id"]
        able = catalogue.eligible.filter(
            pl.col("indicator_id").is_in(labour.to_list()), ~pl.col("indicator_id").is_in(NEVER_CLEARED)
        )
        yield from ((number, *pair[:1], "clean", None, pair[1], False) for pair in able.iter_rows())
        return
    of_kind = catalogue.indicators.filter(pl.col("kind") == kind)
    for indicator, strength in of_kind.select("indicator_id", "default_strength").iter_rows():
        if indicator != "F12":
            for source in _ADVERSE_SOURCES[kind]:
                yield number, indicator, "adverse", strength, source, kind == "official"


def _some(sites: pl.DataFrame, share: float, generator: np.random.Generator, **values: str) -> pl.DataFrame:
    chosen = sites.filter(pl.Series(generator.random(len(sites)) < share))
    return chosen.select("supplier_id", "site_id", **{name: pl.lit(value) for name, value in values.items()})


def _picked(name: str, values: tuple[str, ...], numbers: Integers) -> pl.Series:
    return pl.Series(name, values).gather(pl.Series(numbers))
