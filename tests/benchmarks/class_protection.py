"""What protecting classes costs: which sites fire or are clean, by true rate and size, and how a demo world ranks.

Chances are computed, not drawn. The demo world is fictional, and its key is fixed, so that it is the same every time.
"""

import json
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl

from ingest.releases.class_rule import class_decay
from tests.class_chances import COMMON, GRAVE, word_chances, words_of_counts
from tests.conftest import World, make_world
from tierline.errors import EXIT_DEGRADED, TierlineError
from tierline.run import PROJECT

OUTPUT = PROJECT / "build" / "bench" / "class_protection.json"
SIZES, RATES = (10, 20, 40, 80), (0.0, 0.05, 0.1, 0.2, 0.4)
DESIGN_EFFECT = 1.5
"""That of the bundled surveys."""
SUPPLIERS = 300
_KEY = "5a" * 32


def main(parts: list[str]) -> int:
    """Measures what is named, the chances alone where nothing is, and writes the results; gives 0."""
    measured: dict[str, Any] = {"chances": chances()}
    if "ranking" in parts:
        with tempfile.TemporaryDirectory() as folder:
            measured["ranking"] = ranking(Path(folder))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=2))
    return 0


def chances() -> list[dict[str, Any]]:
    """Gives, by indicator, size and true rate, in percent how often a site fires and how often it is clean."""
    kinds = {"exact": None, "protected": 1}
    told = {
        (kind, indicator): words_of_counts(SIZES, indicator, DESIGN_EFFECT, counted_in=counted_in)
        for (kind, counted_in), indicator in product(kinds.items(), (COMMON, GRAVE))
    }
    return [
        {
            "indicator": indicator,
            "respondents": size,
            "true_rate_percent": round(100 * rate),
            **{kind: _percents(told[kind, indicator][size], rate, counted_in) for kind, counted_in in kinds.items()},
        }
        for indicator, size, rate in product((COMMON, GRAVE), SIZES, RATES)
    ]


def ranking(folder: Path) -> dict[str, Any]:
    """Gives how a demo world ranks with protected classes against exact ones."""
    from scipy.stats import spearmanr

    exact, protected = (_scores(folder / kind, kind) for kind in ("exact", "protected"))
    both = exact.join(protected, on="supplier_id", suffix="_protected")
    return {
        "suppliers": both.height,
        "rank_correlation": round(float(spearmanr(both["score"], both["score_protected"]).statistic), 3),
        "other_bands": int((both["band"] != both["band_protected"]).sum()),
        "lower_scores": int((both["score_protected"] < both["score"] - 1e-9).sum()),
        "higher_scores": int((both["score_protected"] > both["score"] + 1e-9).sum()),
    }


def _percents(words: list[str], rate: float, counted_in: int | None) -> dict[str, float]:
    from scipy.stats import binom

    decay = None if counted_in is None else class_decay(counted_in)
    size = len(words) - 1
    laws = [word_chances(words, adverse, decay) for adverse in range(size + 1)]
    weights = [float(binom.pmf(adverse, size, rate)) for adverse in range(size + 1)]
    fires, clean = (
        sum(weight * float(sum(law[word] for word in named)) for weight, law in zip(weights, laws, strict=True))
        for named in (("fires", "fires_strongly"), ("clean",))
    )
    return {"fires": round(100 * fires, 2), "clean": round(100 * clean, 2)}


def _scores(folder: Path, kind: str) -> pl.DataFrame:
    world: World = make_world(folder, suppliers=SUPPLIERS, survey_classes=kind)
    keys = world.home / "keys"
    keys.mkdir(mode=0o700, parents=True)
    key = keys / "pseudonym.key"
    key.touch(mode=0o600)
    key.write_text(_KEY + "\n", encoding="ascii")
    finished = world.tierline("run", "--run-id", kind)
    if finished.code not in {0, EXIT_DEGRADED}:
        raise TierlineError(f"the run failed: {finished.stderr[-2000:]}", remedy="Mend it and run again.")
    return pl.read_parquet(
        world.published(kind) / "parquet" / "supplier_score.parquet", columns=["supplier_id", "score", "band"]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
