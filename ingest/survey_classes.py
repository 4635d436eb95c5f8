"""Survey classes: METHOD §2 as numbers from the versioned seeds, and the class that unrounded counts give."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tierline.errors import ConfigError

_CATALOGUE = Path("dbt_project") / "seeds" / "catalogue"
_EVERY_INDICATOR = "*"


@dataclass(frozen=True)
class SurveyRule:
    """When a class is decided: METHOD §2, read from the versioned seeds."""

    fires_probability: float
    fires_strongly_probability: float
    clean_probability: float
    minimum_adverse_respondents: float
    minimum_adverse_protected: float
    minimum_respondents: float
    prior_alpha: float
    prior_beta: float


def decide_classes(cells: pl.DataFrame, rule: SurveyRule, thresholds: pl.DataFrame) -> pl.DataFrame:
    """Gives the cells with the column `class`, from `respondents`, `adverse_respondents`, `design_effect`.

    The rate of adverse answers has the posterior Beta(α + k/d, β + (n - k)/d) for k of n respondents and design effect
    d; `thresholds` (indicator_id, threshold) has the row '*' for indicators that it does not name.
    """
    default = thresholds.filter(pl.col("indicator_id") == _EVERY_INDICATOR)["threshold"].item()
    facts = ["respondents", "adverse_respondents", "design_effect", "threshold"]
    cells = cells.join(thresholds, on="indicator_id", how="left").with_columns(pl.col("threshold").fill_null(default))
    distinct = cells.select(facts).unique(maintain_order=True)
    classes = pl.Series("class", _classes(*(distinct[fact].to_numpy() for fact in facts), rule=rule), dtype=pl.String)
    return cells.join(distinct.with_columns(classes), on=facts, how="left").drop("threshold")


def read_rule(project: Path) -> SurveyRule:
    """Reads the rule of survey classes from the seeds; raises ConfigError where a value is missing or no number."""
    values = read_numbers(project, "survey_rule.csv")
    missing = sorted(SurveyRule.__dataclass_fields__.keys() - values.keys())
    if missing:
        raise ConfigError(f"survey_rule.csv lacks {', '.join(missing)}", remedy="Restore the seed from the repository.")
    return SurveyRule(**{name: values[name] for name in SurveyRule.__dataclass_fields__})


def read_thresholds(project: Path) -> pl.DataFrame:
    """Reads the rate (0–1) above which each indicator counts as present: indicator_id, threshold; '*' is all others."""
    values = read_numbers(project, "survey_threshold.csv", "indicator_id", "threshold")
    if _EVERY_INDICATOR not in values:
        raise ConfigError("survey_threshold.csv lacks the row '*'", remedy="Restore the seed from the repository.")
    return pl.DataFrame({"indicator_id": list(values), "threshold": list(values.values())})


def _classes(
    respondents: NDArray[Any],
    adverse: NDArray[Any],
    design_effect: NDArray[Any],
    threshold: NDArray[Any],
    *,
    rule: SurveyRule,
) -> list[str]:
    from scipy.stats import beta

    posterior = beta(
        rule.prior_alpha + adverse / design_effect, rule.prior_beta + (respondents - adverse) / design_effect
    )
    above, at_or_below = posterior.sf(threshold), posterior.cdf(threshold)
    may_fire = (adverse >= rule.minimum_adverse_respondents) & (respondents >= rule.minimum_respondents)
    chosen: list[str] = np.select(
        [
            may_fire & (above >= rule.fires_strongly_probability),
            may_fire & (above >= rule.fires_probability),
            at_or_below >= rule.clean_probability,
        ],
        ["fires_strongly", "fires", "clean"],
        default="undetermined",
    ).tolist()
    return chosen


def read_numbers(project: Path, name: str, key: str = "name", value: str = "value") -> dict[str, float]:
    """Reads the numbers of a seed of the catalogue by their key; raises ConfigError where it holds none."""
    path = project / _CATALOGUE / name
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return {row[key]: float(row[value]) for row in csv.DictReader(stream)}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"the seed {name} cannot be used: {type(error).__name__} ({error})",
            remedy=f"It needs the columns {key} and {value}, with a number in each row.",
        ) from error
