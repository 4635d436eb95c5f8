"""The data dictionary is what the project says, and exposures name what is published."""

from typing import Any

import yaml

from serving.dictionary import DOCUMENT, dictionary_document
from serving.tables import COPIED
from tierline.run import PROJECT

EXPOSURES = PROJECT / "dbt_project" / "models" / "marts" / "_exposures.yml"
THE_ISSUE = {
    "dim_supplier", "dim_facility", "dim_list_entry", "fct_award", "fct_purchase_order_line", "fct_audit_finding",
    "fct_survey_indicator", "fct_list_match", "fct_network_edge", "supplier_score", "supplier_indicator",
    "score_evidence", "source_snapshot", "data_quality", "quarantined_record",
}  # fmt: skip


def exposures() -> dict[str, set[str]]:
    """Exposure → what it depends on, as dbt writes it."""
    content: dict[str, Any] = yaml.safe_load(EXPOSURES.read_text(encoding="utf-8"))
    return {one["name"]: set(one["depends_on"]) for one in content["exposures"]}


def as_dbt_writes_it(origin: str) -> str:
    schema, name = origin.split(".")
    is_source = schema in {"canonical", "ingest", "matching", "scores"}
    return f"source('{schema}', '{name}')" if is_source else f"ref('{name}')"


def test_the_dictionary_is_what_the_project_says() -> None:
    assert (PROJECT / DOCUMENT).read_text(encoding="utf-8") == dictionary_document(PROJECT), "run `make docs`"


def test_the_tables_that_readers_rely_on_are_published_under_their_names() -> None:
    assert {table.name for table in COPIED} >= THE_ISSUE


def test_the_exposure_of_the_publication_names_every_published_table() -> None:
    assert exposures()["publication"] == {as_dbt_writes_it(table.origin) for table in COPIED}


def test_who_reads_reads_what_is_published() -> None:
    published = {as_dbt_writes_it(table.origin) for table in COPIED}

    assert exposures().keys() >= {"risk_report", "supplier_lookup"}
    assert [needed for needed in exposures().values() if not needed <= published] == []
