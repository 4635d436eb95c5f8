"""Debarred employers among the employers of all guest-worker certifications, by name, city and state.

    python -m tests.benchmarks.linkage_employers [--list]

The answer to each pair that could be one was read off the printed rows and is kept in linkage_employers_reviewed.csv by
the number of the debarment and a hash of the employer's row, without names. An unclear pair counts as wrong where it is
linked and is no miss where it is not; one that nobody judged is told. It is a measure on a public register, where
people who employ others appear under their own names; a run of Tierline joins no natural person by name.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl

from tests.benchmarks.linkage_names import SHARED, prepared_names
from tests.benchmarks.linkage_statistics import wilson

OUT = Path("build") / "bench"
EMPLOYERS = SHARED / "audits" / "us-h2-employers" / "h2_certifications_2000_2015.csv.gz"
DEBARRED = SHARED / "audits" / "us-h2-employers" / "h2_debarments_2010_2012.csv"
REVIEWED = Path(__file__).with_name("linkage_employers_reviewed.csv")
DEBARMENTS = 48
NAME_SCORE = 0.85
_POOL_SCORE = 0.7
_POOL_SCORE_IN_TOWN = 0.4
_REFERENCE = pl.concat_str("name", "locality", "region", separator="|", ignore_nulls=True)

# Pairs that a person should look at: a like name in the state, a somewhat like one in the town, the same one anywhere.
_POOL = """
    CREATE TEMP TABLE named AS
    WITH spelled AS (
        SELECT supplier_ref, supplier_name AS spelling FROM intermediate.int_supplier_records
        UNION
        SELECT supplier_ref, unnest(aliases) FROM intermediate.int_supplier_records
    )
    SELECT supplier_ref, upper(trim(records.locality)) AS city, upper(trim(records.region)) AS state,
        names.spelling, names.name_key, names.name_feature
    FROM spelled
    JOIN intermediate.int_supplier_records AS records USING (supplier_ref)
    JOIN intermediate.int_name_keys AS names USING (spelling);
    CREATE TEMP TABLE debarred AS FROM named WHERE starts_with(supplier_ref, 'debarred:');
    CREATE TEMP TABLE employer AS FROM named WHERE starts_with(supplier_ref, 'employer:');
    CREATE TEMP TABLE pool AS
    WITH met AS (
        SELECT debarred, employer FROM debarred JOIN employer ON debarred.state = employer.state
        UNION
        SELECT debarred, employer FROM debarred JOIN employer ON debarred.name_key = employer.name_key
    )
    SELECT debarred.supplier_ref AS debarred_ref, employer.supplier_ref AS employer_ref,
        max(CASE WHEN debarred.name_key = employer.name_key THEN 1 ELSE {similarity} END) AS score,
        bool_or(debarred.state = employer.state) AS same_state,
        bool_or(debarred.state = employer.state AND debarred.city = employer.city) AS same_place
    FROM met
    GROUP BY ALL;
"""
_LINKS = """
    SELECT pool.*, coalesce(pairs.is_automatic, false) AS is_automatic, pairs.match_weight,
        debarred.supplier_name AS debarred_name, debarred.locality AS debarred_city, debarred.region AS debarred_state,
        employers.supplier_name AS employer_name, employers.locality AS employer_city,
        employers.region AS employer_state
    FROM pool
    JOIN intermediate.int_supplier_records AS debarred ON debarred.supplier_ref = debarred_ref
    JOIN intermediate.int_supplier_records AS employers ON employers.supplier_ref = employer_ref
    LEFT JOIN matching.supplier_pair AS pairs
        ON pairs.left_ref = least(debarred_ref, employer_ref) AND pairs.right_ref = greatest(debarred_ref, employer_ref)
    WHERE score >= $score OR (same_place AND score >= $score_in_town) OR pairs.match_weight IS NOT NULL
    ORDER BY CAST(split_part(debarred_ref, ':', 2) AS INTEGER), score DESC, employer_ref
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints Markdown and writes it to build/bench; gives 0, also where the files are absent."""
    parser = argparse.ArgumentParser(description="Debarred employers among 52,000 names of employers.")
    parser.add_argument("--list", action="store_true", help="list every pair to be judged with its answer")
    options = parser.parse_args([] if arguments is None else arguments)
    if not EMPLOYERS.exists():
        print(f"{EMPLOYERS.parent.name} are absent: nothing measured", file=sys.stderr)
        return 0
    links, names = _links()
    answers = reviewed()
    if options.list:
        _list(links, answers)
    text = table(links, answers, names)
    (OUT / "linkage_employers.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def reviewed() -> dict[tuple[str, str], bool]:
    """Gives the answer of the person who read the rows, by number of the debarment and hash of the employer's row."""
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        return {(row["debarment"], row["employer"]): row["is_same"] == "true" for row in csv.DictReader(file)}


def table(links: pl.DataFrame, answers: dict[tuple[str, str], bool], names: int) -> str:
    """Gives the Markdown table of precision and recall of each way to link."""
    judged = links.with_columns(
        is_same=pl.Series(
            [answers.get(key) for key in zip(links["debarment"], links["employer"], strict=True)], dtype=pl.Boolean
        )
    )
    matches = judged.filter(pl.col("is_same"))
    lines = [
        "## Debarred employers among employers",
        "",
        f"{DEBARMENTS} debarments against {names:,} distinct names of employers; {len(matches)} pairs are the same"
        f" employer, of {len(judged)} looked at. Wilson intervals of 95 %; recall is over the pairs looked at.",
        "",
        "| links | found | wrong | not judged | precision | recall |",
        "|---|---:|---:|---:|---|---|",
    ]
    for label, rule in (
        ("automatic, by the linkage model", pl.col("is_automatic")),
        ("automatic or in the queue", pl.col("match_weight").is_not_null()),
        (f"name at least {NAME_SCORE}, same city and state", (pl.col("score") >= NAME_SCORE) & pl.col("same_place")),
        (f"name at least {NAME_SCORE}, same state", (pl.col("score") >= NAME_SCORE) & pl.col("same_state")),
    ):
        chosen = judged.filter(rule)
        right = chosen["is_same"].sum()
        unknown = chosen["is_same"].null_count()
        precision, recall = wilson(right, len(chosen)), wilson(right, len(matches))
        lines.append(
            f"| {label} | {len(chosen)} | {len(chosen) - right - unknown} | {unknown} | {precision} | {recall} |"
        )
    return "\n".join(lines) + "\n"


def _links() -> tuple[pl.DataFrame, int]:
    from matching.name_comparison import similarity_sql
    from matching.pairs import write_supplier_pairs

    with prepared_names(_records(), OUT / "linkage_employers") as connection:
        write_supplier_pairs(connection)
        connection.execute(_POOL.format(similarity=similarity_sql("debarred.name_feature", "employer.name_feature")))
        links = connection.execute(_LINKS, {"score": _POOL_SCORE, "score_in_town": _POOL_SCORE_IN_TOWN}).pl()
        names = _count_of_names(connection)
    hashed = [sha256(reference.encode()).hexdigest()[:12] for reference in links["employer_ref"]]
    return links.with_columns(
        debarment=links["debarred_ref"].str.strip_prefix("debarred:"), employer=pl.Series(hashed)
    ), names


def _count_of_names(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(
        "SELECT count(DISTINCT name_key) FROM named WHERE starts_with(supplier_ref, 'employer:')"
    ).fetchone()
    return int(row[0]) if row else 0


def _records() -> pl.DataFrame:
    from matching.list_names import names_in

    employers = (
        pl.read_csv(EMPLOYERS, columns=["employer", "city", "state"], infer_schema=False)
        .rename({"employer": "name", "city": "locality", "state": "region"})
        .with_columns(pl.col("name", "locality", "region").str.to_uppercase().str.strip_chars())
        .filter(pl.col("name") != "")
        .unique()
        .sort("name", "locality", "region")
        .with_columns(supplier_ref=pl.concat_str(pl.lit("employer:"), _REFERENCE))
    )
    debarred = (
        pl.read_csv(DEBARRED, columns=["Entity Debarred", "City", "State"], infer_schema=False)
        .rename({"Entity Debarred": "name", "City": "locality", "State": "region"})
        .with_row_index("number", offset=1)
        .select("name", "locality", "region", supplier_ref=pl.concat_str(pl.lit("debarred:"), "number"))
    )
    records = pl.concat([employers, debarred])
    aliases = [
        [] if "B" not in name.upper() else [found.spelling for found in names_in(name, is_note=False)]
        for name in records["name"]
    ]
    return records.with_columns(aliases=pl.Series(aliases, dtype=pl.List(pl.String)), country_code=pl.lit("US"))


def _list(links: pl.DataFrame, answers: dict[tuple[str, str], bool]) -> None:
    for row in links.iter_rows(named=True):
        answer = answers.get((row["debarment"], row["employer"]))
        weight = "" if row["match_weight"] is None else f"{row['match_weight']:.1f}"
        print(
            f"{row['debarment']},{row['employer']} {row['score']:.2f} {weight}{'*' if row['is_automatic'] else ''}"
            f" {answer} | {row['debarred_name']}, {row['debarred_city']} {row['debarred_state']}"
            f" | {row['employer_name']}, {row['employer_city']} {row['employer_state']}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
