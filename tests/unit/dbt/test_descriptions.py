"""Every table of the warehouse says in words what a row is, what each column means and how rows are told apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.warehouse_sources import DOCUMENT, warehouse_sources
from matching.tables import TABLES as MATCHING_TABLES
from scoring import tables as scoring_tables
from tierline.run import PROJECT

DBT = PROJECT / "dbt_project"
MODELS = sorted((DBT / "models").glob("*/*.sql"))
MARTS_AND_FEATURES = [path for path in MODELS if path.parent.name in {"marts", "features"}]


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def described(path: Path) -> dict[str, Any]:
    """What the file beside a model says of it."""
    beside = path.with_suffix(".yml")
    assert beside.exists(), f"{beside.relative_to(PROJECT)} is missing: grain, every column, and what tells rows apart"
    (model,) = read(beside)["models"]
    assert model["name"] == path.stem
    return dict(model)


def sources() -> Iterator[tuple[str, dict[str, Any]]]:
    """Schema and table of every source that is declared."""
    for path in sorted((DBT / "models").glob("*/_*.yml")):
        for source in read(path).get("sources", []):
            for table in source["tables"]:
                yield source["schema"], table


def seeds() -> list[dict[str, Any]]:
    return [seed for path in sorted((DBT / "seeds").glob("*/_*.yml")) for seed in read(path)["seeds"]]


def undescribed(columns: list[dict[str, Any]]) -> list[str]:
    return [column["name"] for column in columns if not str(column.get("description", "")).strip()]


def test_what_loading_fills_is_described_as_its_contracts_say() -> None:
    assert (PROJECT / DOCUMENT).read_text(encoding="utf-8") == warehouse_sources(), "run `make docs`"


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_says_its_grain_and_its_columns(path: Path) -> None:
    model = described(path)

    assert model["description"].startswith("One row"), "a description begins with the grain: One row a …"
    assert model.get("columns"), "no column is described"
    assert undescribed(model["columns"]) == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_tests_what_tells_its_rows_apart(path: Path) -> None:
    model = described(path)
    of_the_model = [name for test in model.get("data_tests", []) for name in test if isinstance(test, dict)]
    of_columns = [test for column in model["columns"] for test in column.get("data_tests", [])]

    assert "unique_key" in of_the_model or "unique" in of_columns, "add unique to a column or unique_key to the model"


@pytest.mark.parametrize("path", MARTS_AND_FEATURES, ids=lambda path: path.stem)
def test_a_mart_and_a_feature_table_give_each_column_a_type(path: Path) -> None:
    untyped = [column["name"] for column in described(path)["columns"] if not column.get("data_type")]

    assert untyped == []


def test_contracts_are_enforced_on_all_marts_and_feature_tables() -> None:
    layers = read(DBT / "dbt_project.yml")["models"]["tierline"]

    assert layers["marts"]["+contract"] == {"enforced": True}
    assert layers["features"]["+contract"] == {"enforced": True}
    switched_off = [
        path.stem
        for path in MARTS_AND_FEATURES
        if not described(path).get("config", {}).get("contract", {"enforced": True})["enforced"]
    ]
    assert switched_off == []


@pytest.mark.parametrize(
    ("schema", "table"), list(sources()), ids=lambda value: value["name"] if isinstance(value, dict) else value
)
def test_a_source_says_its_grain_and_its_columns(schema: str, table: dict[str, Any]) -> None:
    assert table["description"].startswith("One row"), (schema, table["name"])
    assert table.get("columns"), f"no column of {schema}.{table['name']} is described"
    assert undescribed(table["columns"]) == []


def test_sources_have_the_columns_that_matching_and_scoring_write() -> None:
    said = {f"{schema}.{table['name']}": [column["name"] for column in table["columns"]] for schema, table in sources()}
    written = {f"matching.{name}": list(columns) for name, columns in MATCHING_TABLES.items()}
    written |= {
        f"scores.{name}": list(getattr(scoring_tables, name.upper()))
        for name in (
            *("score_evidence", "site_score", "supplier_score", "supplier_indicator", "supplier_anomaly"),
            *("next_fact", "review_candidate", "review_queue"),
            *("prior_sensitivity", "sensitivity_summary"),
            *("network_exposure", "network_exposure_step", "supplier_action", "supplier_contradiction"),
        )
    }

    assert {name: columns for name, columns in said.items() if name.split(".")[0] in {"matching", "scores"}} == written


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: str(seed["name"]))
def test_a_seed_describes_every_column_of_its_file(seed: dict[str, Any]) -> None:
    (path,) = (DBT / "seeds").glob(f"*/{seed['name']}.csv")
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")

    assert seed["description"].startswith("One row")
    assert [column["name"] for column in seed["columns"]] == header
    assert undescribed(seed["columns"]) == []


def test_every_seed_is_described() -> None:
    assert {seed["name"] for seed in seeds()} == {path.stem for path in (DBT / "seeds").glob("*/*.csv")}
