"""How well suppliers of demo worlds are brought together, against their truth files: synthetic, so plumbing only.

The generator and the matching share an author's idea of how names are misspelt, so the figures say that the parts work
together and nothing about real data.
"""

from pathlib import Path

import duckdb

MEASURES = ("pairwise precision", "pairwise recall", "B-cubed precision", "B-cubed recall", "B-cubed F1")

_MEASURES = """
    WITH truth AS (
        SELECT vendor_id,
            CASE source WHEN 'erp_vendor_master' THEN 'erp:' WHEN 'bods_ownership' THEN 'bods:' ELSE 'ocds:' END
                || record AS supplier_ref
        FROM read_csv($truth, all_varchar = true) WHERE source IN ('erp_vendor_master', 'bods_ownership', 'ocds')
    ),
    judged AS (
        SELECT DISTINCT supplier_ref, supplier_id, vendor_id
        FROM marts.dim_supplier_record JOIN truth USING (supplier_ref)
    ),
    sizes AS (
        SELECT *, count(*) OVER (PARTITION BY supplier_id, vendor_id) AS both_size,
            count(*) OVER (PARTITION BY supplier_id) AS found_size, count(*) OVER (PARTITION BY vendor_id) AS true_size
        FROM judged
    )
    SELECT sum(both_size - 1) / 2 AS right_pairs, sum(found_size - 1) / 2 AS found_pairs,
        sum(true_size - 1) / 2 AS true_pairs, avg(both_size / found_size) AS precision,
        avg(both_size / true_size) AS recall
    FROM sizes
"""


def entity_measures(warehouse: duckdb.DuckDBPyConnection, truth: Path) -> dict[str, float]:
    """Gives pairwise and B-cubed precision and recall over the references that a world's truth file knows."""
    row = warehouse.execute(_MEASURES, {"truth": str(truth / "identities.csv")}).fetchone()
    assert row is not None
    right, found, true, precision, recall = map(float, row)
    figures = (
        right / found if found else 1.0,
        right / true if true else 1.0,
        *(precision, recall),
        2 * precision * recall / (precision + recall),
    )
    return dict(zip(MEASURES, figures, strict=True))
