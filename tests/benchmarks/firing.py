"""How often each indicator fired, was absent, not assessable or not applicable: in demo worlds and on the real files.

Writes docs/firing/*.csv, from which `tierline docs` makes a table of docs/method.md. Worlds are run as users run them.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from serving.manifest import read_manifest
from tests.conftest import AS_OF, SEED, World, make_world, run_tierline
from tierline.errors import EXIT_DEGRADED, TierlineError
from tierline.run import PROJECT

FOLDER = PROJECT / "docs" / "firing"
CONDITIONS = "conditions.csv"
DEMO_SUPPLIERS, DEMO_SEED = 2_000, 1
COLUMNS = ("indicator_id", "source_type", "fired", "contradicted", "absent", "not_assessable", "not_applicable")
_OUT = PROJECT / "build" / "bench" / "firing"
_RUN_ID = "firing"
_LONGEST_SECONDS = 7_200
_SITE_INDICATOR = ["supplier_id", "site_id", "indicator_id"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the worlds that are named, or all, and writes their counts; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(WORLDS), action="append", help="only this world; may be repeated")
    chosen = parser.parse_args(arguments).only or sorted(WORLDS)
    for name in chosen:
        folder = _OUT / name
        shutil.rmtree(folder, ignore_errors=True)
        told, publication = WORLDS[name](folder)
        write_counts(name, told, publication)
        print(f"{FOLDER / (name + '.csv')} written", file=sys.stderr)
    return 0


def counts(publication: Path) -> pl.DataFrame:
    """Gives a row an indicator (source_type empty) with sites by state, and a row a source that bears on states.

    Of a source: at how many sites it reported the indicator where it is present or contradicted, and at how many it
    found it clean where it is absent.
    """
    states = pl.read_parquet(publication / "parquet" / "supplier_indicator.parquet")
    evidence = pl.read_parquet(publication / "parquet" / "score_evidence.parquet").filter(pl.col("bears_on_state"))
    by_indicator = states.group_by("indicator_id").agg(
        _sites("present").alias("fired"),
        *(_sites(state).alias(state.replace(" ", "_")) for state in ("contradicted", "absent")),
        *(_sites(state).alias(state.replace(" ", "_")) for state in ("not assessable", "not applicable")),
    )
    spoken = evidence.join(states.select(*_SITE_INDICATOR, "state"), on=_SITE_INDICATOR).unique(
        [*_SITE_INDICATOR, "source_type", "kind"]
    )
    by_source = spoken.group_by("indicator_id", "source_type").agg(
        ((pl.col("kind") == "adverse") & (pl.col("state") == "present")).sum().alias("fired"),
        ((pl.col("kind") == "adverse") & (pl.col("state") == "contradicted")).sum().alias("contradicted"),
        ((pl.col("kind") == "clean") & (pl.col("state") == "absent")).sum().alias("absent"),
    )
    both = pl.concat([by_indicator, by_source], how="diagonal_relaxed").select(COLUMNS)
    return both.sort("indicator_id", "source_type", nulls_last=False)


def write_counts(name: str, told: str, publication: Path) -> None:
    """Writes the counts of a world, and under which conditions they came about."""
    FOLDER.mkdir(exist_ok=True)
    counts(publication).write_csv(FOLDER / f"{name}.csv")
    manifest = read_manifest(publication)
    row = {
        "world": name,
        "told": told,
        "as_of": manifest["as_of"],
        "suppliers": manifest["tables"]["supplier_score"]["rows"],
        "sites": manifest["tables"]["site_score"]["rows"],
        "method_version": manifest["method_version"],
    }
    kept = pl.read_csv(FOLDER / CONDITIONS, infer_schema_length=0) if (FOLDER / CONDITIONS).exists() else pl.DataFrame()
    others = kept.filter(pl.col("world") != name) if kept.height else kept
    mine = pl.DataFrame({key: [str(value)] for key, value in row.items()})
    pl.concat([others, mine], how="diagonal").sort("world").write_csv(FOLDER / CONDITIONS)


def _sites(state: str) -> pl.Expr:
    return (pl.col("state") == state).sum()


def _integration(folder: Path) -> tuple[str, Path]:
    world = make_world(folder / "demo")
    return f"demo world of the tests, seed {SEED}", _published(world.config, world.home)


def _demo(folder: Path) -> tuple[str, Path]:
    from demo_world import write

    made = write(folder / "demo", suppliers=DEMO_SUPPLIERS, seed=DEMO_SEED, as_of=AS_OF)
    return f"demo world, seed {DEMO_SEED}", _published(made.config, folder / "home")


def _real(folder: Path) -> tuple[str, Path]:
    return "public files, as examples/real.yml reads them", _published(
        PROJECT / "examples" / "real.yml", folder / "home"
    )


WORLDS: dict[str, Callable[[Path], tuple[str, Path]]] = {"demo": _demo, "integration": _integration, "real": _real}


def _published(config: Path, home: Path) -> Path:
    arguments = ["run", "--run-id", _RUN_ID, "--config", str(config), "--home", str(home)]
    finished = run_tierline(arguments, timeout=_LONGEST_SECONDS)
    if finished.code not in {0, EXIT_DEGRADED}:
        raise TierlineError(
            f"the run of {config.name} failed: {finished.stderr[-2000:]}", remedy="Mend it and run again."
        )
    return World(config, home).published()


if __name__ == "__main__":
    sys.exit(main())
