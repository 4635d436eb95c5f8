"""How well suppliers of a demo world were brought together, against its truth file: a synthetic result, plumbing only.

    python -m tests.benchmarks.demo_entities FOLDER_OF_THE_WORLD [RUN]

The generator and the matching share an author's idea of how names are misspelt, so the figures say that the parts work
together and nothing about real data.
"""

import sys
from pathlib import Path

from tierline.warehouse import connect

_MEASURES = """
WITH truth AS (
    SELECT vendor_id,
        CASE source WHEN 'erp_vendor_master' THEN 'erp:' WHEN 'bods_ownership' THEN 'bods:' ELSE 'ocds:' END || record
        AS supplier_ref
    FROM read_csv($truth, all_varchar = true) WHERE source IN ('erp_vendor_master', 'bods_ownership', 'ocds')
),
judged AS (
    SELECT DISTINCT supplier_ref, supplier_id, vendor_id FROM dim_supplier_record JOIN truth USING (supplier_ref)
),
sizes AS (
    SELECT *, count(*) OVER (PARTITION BY supplier_id, vendor_id) AS both_size,
        count(*) OVER (PARTITION BY supplier_id) AS found_size, count(*) OVER (PARTITION BY vendor_id) AS true_size
    FROM judged
)
SELECT count(*) AS reference_count, sum(both_size - 1) / 2 AS right_pairs, sum(found_size - 1) / 2 AS found_pairs,
    sum(true_size - 1) / 2 AS true_pairs, avg(both_size / found_size) AS precision, avg(both_size / true_size) AS recall
FROM sizes
"""


def measured(world: Path, run: str = "current") -> dict[str, float]:
    """Gives pairwise and B-cubed precision and recall over the references that the truth file knows."""
    database = world / "home" / "published" / run / "warehouse.duckdb"
    with connect(database, read_only=True) as connection:
        row = connection.execute(_MEASURES, {"truth": str(world / "truth" / "identities.csv")}).fetchone()
    assert row is not None
    references, right, found, true, precision, recall = map(float, row)
    return {
        "references": references,
        "pairs found": found,
        "pairs true": true,
        "pairwise precision": right / found if found else 1.0,
        "pairwise recall": right / true if true else 1.0,
        "B-cubed precision": precision,
        "B-cubed recall": recall,
        "B-cubed F1": 2 * precision * recall / (precision + recall),
    }


if __name__ == "__main__":
    print("synthetic: a demo world against its own truth file")
    for name, value in measured(Path(sys.argv[1]), *sys.argv[2:3]).items():
        print(f"{name:<20} {value:.4f}")
