"""Counts how many names of companies have each word and writes the seed `name_word_share`.

    python -m tests.benchmarks.linkage_word_shares

The names are those of the GLEIF register (CC0); they are keyed as a run keys them, so legal forms count for nothing.
"""

import csv
import sys
from pathlib import Path

import polars as pl

from tests.benchmarks.linkage_names import SHARED, prepared_names

REGISTER = SHARED / "ownership" / "gleif-lei" / "gleif_entities.parquet"
SEED = Path("dbt_project") / "seeds" / "crosswalks" / "name_word_share.csv"
LEAST_SHARE = 1e-4
_SOURCE = (
    "counted over {count:,} names of the GLEIF register (a part that favours words of sectors; CC0),"
    " legal forms taken off"
)

# "The" is taken off where a name begins with it, so that it is counted before.
_COUNTED = """
    WITH words AS (
        SELECT DISTINCT spelling, unnest(name_feature.words) AS word FROM intermediate.int_name_keys
        UNION
        SELECT spelling, 'THE' FROM intermediate.int_name_keys WHERE regexp_matches(upper(spelling), '\\bTHE\\b')
    )
    SELECT word, round(count(*) / (SELECT count(*) FROM intermediate.int_name_keys), 6) AS share
    FROM words WHERE NOT regexp_matches(word, '^[0-9]') GROUP BY word HAVING share >= ? ORDER BY word
"""


def main() -> int:
    """Writes the seed anew; gives 0, or 1 where the register is absent."""
    if not REGISTER.exists():
        print(f"{REGISTER.name} is absent", file=sys.stderr)
        return 1
    register = pl.read_parquet(REGISTER, columns=["LEI", "Entity.LegalName"])
    names = register.rename({"LEI": "supplier_ref", "Entity.LegalName": "name"}).drop_nulls().unique("supplier_ref")
    with prepared_names(names.sort("supplier_ref"), Path("build") / "bench" / "word_shares") as connection:
        rows = connection.execute(_COUNTED, [LEAST_SHARE]).fetchall()
        (count,) = connection.execute("SELECT count(*) FROM intermediate.int_name_keys").fetchone() or (0,)
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["word", "share", "source"])
        writer.writerows([word, f"{share:.6f}", _SOURCE.format(count=count)] for word, share in rows)
    print(f"{len(rows)} words of {count} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
