"""Which row of evidence of one run is which of the other."""

import polars as pl

from serving.difference.pairing import paired_rows

SITE = {"supplier_id": "S1", "site_id": "F1", "indicator_id": "A03", "kind": "adverse"}


def rows(**contributions: float) -> pl.DataFrame:
    """Facts that all rest on one record, as those of one report that goes back to several origins."""
    told = [
        {
            **SITE,
            "evidence_id": f"S1/F1/{name}",
            "source_key": "reports:1",
            "origin_event_id": "story",
            "source_record_no": 1,
            "contribution": contribution,
        }
        for name, contribution in contributions.items()
    ]
    return pl.DataFrame(told)


def test_facts_that_rest_on_one_record_are_paired_one_by_one() -> None:
    paired = paired_rows(rows(a=3.0, b=2.0, c=1.0), rows(a=2.5, b=2.0, c=0.5))

    assert paired.select("evidence_id", "evidence_id_after").rows() == [(f"S1/F1/{name}",) * 2 for name in "abc"]
    assert paired.select((pl.col("contribution_after") - pl.col("contribution")).sum()).item() == -1.0


def test_a_fact_that_is_new_on_a_known_record_stands_alone() -> None:
    paired = paired_rows(rows(a=3.0), rows(a=3.0, b=1.0))

    assert paired.select("evidence_id", "evidence_id_after").rows() == [("S1/F1/a", "S1/F1/a"), (None, "S1/F1/b")]
