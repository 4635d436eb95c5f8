"""Pairs with a known answer: names alone, beside what others do; factories by name and address.

    python -m tests.benchmarks.linkage_pairs [--nomenklatura PYTHON]

PYTHON, or the variable NOMENKLATURA_PYTHON, is the interpreter of an environment of its own in which nomenklatura is
installed, for it needs other versions of some libraries than this project. Without it the table says so.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rapidfuzz import fuzz, utils

from tests.benchmarks.linkage_names import SHARED, prepared_names
from tests.benchmarks.linkage_statistics import (
    Scores,
    Truth,
    area_under_curve,
    best_f1,
    bootstrapped,
    recall_at_precision,
    wilson,
)

OUT = Path("build") / "bench"
NAME_PAIRS = SHARED / "linkage" / "name-pairs" / "cases.csv"
FACILITY_PAIRS = SHARED / "linkage" / "facility-pairs" / "training.json"
SCHEMATA = {"Company", "Organization", "LegalEntity"}
SEED = 1
_NOMENKLATURA = Path(__file__).with_name("nomenklatura_scores.py")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints Markdown and writes it to build/bench; gives 0, also where the pairs are absent."""
    parser = argparse.ArgumentParser(description="Name comparison and linkage on pairs with a known answer.")
    parser.add_argument("--nomenklatura", default=os.environ.get("NOMENKLATURA_PYTHON"), help="its interpreter")
    parser.add_argument("--list", action="store_true", help="list every pair with its score, the greatest first")
    options = parser.parse_args([] if arguments is None else arguments)
    if not NAME_PAIRS.exists():
        print(f"{NAME_PAIRS.parent.name} are absent: nothing measured", file=sys.stderr)
        return 0
    pairs = name_pairs()
    truth = np.array([pair["is_match"] for pair in pairs])
    scores = name_scores(pairs, options.nomenklatura)
    if options.list:
        _list(pairs, scores["Tierline: name comparison"])
    print(names := name_table(scores, truth))
    print(factories := facility_table())
    (OUT / "linkage_pairs.md").write_text(names + "\n" + factories, encoding="utf-8")
    return 0


def name_pairs() -> list[dict[str, Any]]:
    """Gives the labelled pairs of names of companies and organisations: left, right, is_match."""
    with NAME_PAIRS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["schema"] in SCHEMATA]
    return [
        {"left": row["name1"], "right": row["name2"], "schema": row["schema"], "is_match": row["is_match"] == "true"}
        for row in rows
    ]


def name_scores(pairs: Sequence[dict[str, Any]], nomenklatura: str | None) -> dict[str, Scores]:
    """Gives the score of every pair by each way to compare names."""
    own, same_key = _own_scores(pairs)
    scores = {
        "Tierline: name comparison": own,
        "Tierline: same key (exact normalised name)": same_key,
        "same letters and digits, case and accents aside": _scored(pairs, _same_letters),
        "RapidFuzz token_set_ratio": _scored(pairs, _token_set_ratio),
        "RapidFuzz WRatio": _scored(pairs, _weighted_ratio),
    }
    if nomenklatura is not None:
        scores.update(_nomenklatura_scores(pairs, nomenklatura))
    return scores


def _own_scores(pairs: Sequence[dict[str, Any]]) -> tuple[Scores, Scores]:
    from matching.name_comparison import similarity_sql

    names = sorted({name for pair in pairs for name in (pair["left"], pair["right"])})
    records = pl.DataFrame({"supplier_ref": [f"name:{number}" for number in range(len(names))], "name": names})
    table = pl.DataFrame(pairs).with_row_index("number")
    with prepared_names(records, OUT / "linkage_pairs") as connection:
        connection.register("pair", table.to_arrow())
        found = connection.execute(
            f"SELECT {similarity_sql('l.name_feature', 'r.name_feature')} AS score, l.name_key = r.name_key AS is_same"
            ' FROM pair JOIN intermediate.int_name_keys AS l ON l.spelling = pair."left"'
            ' JOIN intermediate.int_name_keys AS r ON r.spelling = pair."right" ORDER BY number'
        ).pl()
    return found["score"].to_numpy(), found["is_same"].cast(pl.Float64).to_numpy()


def _scored(pairs: Sequence[dict[str, Any]], compare: Any) -> Scores:
    return np.array([compare(pair["left"], pair["right"]) for pair in pairs], dtype=np.float64)


def _token_set_ratio(left: str, right: str) -> float:
    return fuzz.token_set_ratio(left, right, processor=utils.default_process)


def _weighted_ratio(left: str, right: str) -> float:
    return fuzz.WRatio(left, right, processor=utils.default_process)


def _same_letters(left: str, right: str) -> float:
    return float(utils.default_process(left) == utils.default_process(right))


def _nomenklatura_scores(pairs: Sequence[dict[str, Any]], python: str) -> dict[str, Scores]:
    finished = subprocess.run(
        [python, str(_NOMENKLATURA)], input=json.dumps(pairs), capture_output=True, text=True, check=True
    )
    return {f"nomenklatura {name}": np.array(values) for name, values in json.loads(finished.stdout).items()}


def name_table(scores: dict[str, Scores], truth: Truth) -> str:
    """Gives the Markdown table of figures of each way to compare names."""
    lines = [
        "## Names alone",
        "",
        f"{int(truth.sum())} pairs that mean one company or organisation and {int((~truth).sum())} that do not.",
        "Bootstrap intervals of 95 %.",
        "",
        "| comparison | area under the ROC | recall at precision .99 | its threshold | best F1 | its threshold |",
        "|---|---|---|---:|---:|---:|",
    ]
    for name, values in scores.items():
        area = bootstrapped(area_under_curve, values, truth, seed=SEED)
        recall = bootstrapped(lambda s, t: recall_at_precision(s, t)[0], values, truth, seed=SEED)
        (f1, f1_threshold), threshold = best_f1(values, truth), recall_at_precision(values, truth)[1]
        lines.append(f"| {name} | {area} | {recall} | {threshold:.3f} | {f1:.3f} | {f1_threshold:.3f} |")
    if not any(name.startswith("nomenklatura") for name in scores):
        lines += ["", "nomenklatura was not run: no interpreter with it was given."]
    return "\n".join(lines) + "\n"


def facility_table() -> str:
    """Gives the Markdown table of the linkage of factories by name, address and country."""
    pairs = _facility_pairs()
    found = _linked(pairs)
    lines = [
        "## Factories by name and address",
        "",
        f"{sum(pair['is_match'] for pair in pairs)} pairs that are one factory and"
        f" {sum(not pair['is_match'] for pair in pairs)} that are not. Wilson intervals of 95 %.",
        "",
        "| links | found | wrong | precision | recall |",
        "|---|---:|---:|---|---|",
    ]
    for label, chosen in (
        ("automatic", [weight for weight in found if weight.get("is_automatic")]),
        ("automatic or in the queue", found),
    ):
        right, matches = (sum(pair["is_match"] for pair in counted) for counted in (chosen, pairs))
        precision, recall = wilson(right, len(chosen)), wilson(right, matches)
        lines.append(f"| {label} | {len(chosen)} | {len(chosen) - right} | {precision} | {recall} |")
    wrong = [pair for pair in found if not pair["is_match"]]
    lines += ["", "Links that the labels call wrong:", ""]
    lines += [f"- {pair['left']['name']} / {pair['right']['name']}: weight {pair['weight']:.1f}" for pair in wrong]
    return "\n".join(lines) + "\n"


def _facility_pairs() -> list[dict[str, Any]]:
    labelled = json.loads(FACILITY_PAIRS.read_text(encoding="utf-8"))
    return [
        {"left": left, "right": right, "is_match": label == "match"}
        for label in ("match", "distinct")
        for left, right in (pair["__value__"] for pair in labelled[label])
    ]


def _linked(pairs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    from matching.pairs import write_supplier_pairs

    records = pl.DataFrame(
        [
            {
                "supplier_ref": f"factory:{number:03}{side}",
                "name": pair[side]["name"],
                "address": pair[side]["address"],
                "country_code": pair[side]["country"].upper(),
            }
            for number, pair in enumerate(pairs)
            for side in ("left", "right")
        ]
    )
    with prepared_names(records, OUT / "linkage_facilities") as connection:
        write_supplier_pairs(connection)
        rows = connection.execute(
            "SELECT left_ref, match_weight, is_automatic FROM matching.supplier_pair"
            " WHERE right_ref = replace(left_ref, 'left', 'right')"
        ).fetchall()
    return [
        pairs[int(reference.removeprefix("factory:").removesuffix("left"))]
        | {"weight": weight, "is_automatic": is_automatic}
        for reference, weight, is_automatic in sorted(rows)
    ]


def _list(pairs: Sequence[dict[str, Any]], scores: Scores) -> None:
    for place in np.argsort(-scores, kind="stable"):
        pair = pairs[place]
        print(f"{scores[place]:.3f} {'match' if pair['is_match'] else 'other'}  {pair['left']} | {pair['right']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
