"""Which of the five states a cell is in, and the sentence that says why (METHOD §1)."""

from collections.abc import Sequence

import polars as pl

from scoring.keys import ABSENT, CONTRADICTED, NOT_APPLICABLE, NOT_ASSESSABLE, PRESENT

_NEEDED = {
    "A03": "reports of NGOs or the media on this supplier; silence clears nothing",
    "M01": "remedy, an agreement or union access that workers verified",
    "N03": "share of migrant or agency workers",
    "W01": "ownership, agents, addresses or subcontractors",
    "W02": "labour agents",
    "Q01": "an audit and a word of workers on the same indicator in one window",
    "Q02": "a worker survey that tells enough to judge its answers by (protected classes do not)",
}
"""What an indicator needs where nothing at all is told: named once, and not for every supplier."""

TOLD: dict[str, type[pl.DataType]] = {
    "adverse_weight": pl.Float64,
    "adverse_sources": pl.String,
    "clean_weight": pl.Float64,
    "clean_sources": pl.String,
    "mitigation_weight": pl.Float64,
    "verifying_sources": pl.String,
    "last_look": pl.Int32,
    "not_applicable_reason": pl.String,
    "asked_in_vain": pl.Boolean,
    "named_missing": pl.String,
    "derived_state": pl.String,
    "derived_reason": pl.String,
}
"""What facts and gaps tell of a cell; empty where they do not."""

_DERIVED = pl.col("derived_state").is_not_null()
_ADVERSE_LIVE = pl.col("adverse_weight").is_not_null()
_CLEAN_LIVE = pl.col("clean_sources").is_not_null()
_CANNOT_APPLY = pl.col("not_applicable_reason").is_not_null()


def with_state_and_reason(cells: pl.DataFrame, present_minimum: float) -> pl.DataFrame:
    """Adds state and reason to cells that carry what is told of them (TOLD), `missing` and columns of their indicator.

    A sentence is put together at the cells alone that it is said of.
    """
    stated = cells.with_columns(_state(present_minimum).alias("state")).with_columns(_wording().alias("wording"))
    numbered = stated.with_row_index("row")
    said = [
        part.select("row", _WORDINGS[part["wording"][0]][1].alias("reason"))
        for part in numbered.partition_by("wording", maintain_order=True)
    ]
    reasons = pl.concat(said).sort("row")["reason"] if said else pl.Series("reason", [], pl.String)
    return stated.drop("wording").with_columns(reasons)


def _state(present_minimum: float) -> pl.Expr:
    inherent = pl.col("indicator_kind") == "inherent"
    return (
        pl.when(_DERIVED)
        .then("derived_state")
        .when(_ADVERSE_LIVE & _CLEAN_LIVE)
        .then(pl.lit(CONTRADICTED))
        .when(pl.max_horizontal("adverse_weight", "mitigation_weight") >= present_minimum)
        .then(pl.lit(PRESENT))
        .when(_CLEAN_LIVE & ~_CANNOT_APPLY)
        .then(pl.lit(ABSENT))
        .when(_CANNOT_APPLY & ~_ADVERSE_LIVE)
        .then(pl.lit(NOT_APPLICABLE))
        .when(inherent & (pl.col("missing") == ""))
        .then(pl.lit(NOT_APPLICABLE))
        .otherwise(pl.lit(NOT_ASSESSABLE))
    )


def _wording() -> pl.Expr:
    """Gives the number of the first wording whose condition holds."""
    return pl.coalesce(pl.when(condition).then(pl.lit(number)) for number, (condition, _) in enumerate(_WORDINGS))


def _worded(state: str) -> pl.Expr:
    return pl.col("state") == state


_WEIGHT = pl.col("adverse_weight").round(2).cast(pl.String)
_WORDINGS: Sequence[tuple[pl.Expr, pl.Expr]] = (
    (_DERIVED, pl.col("derived_reason")),
    (_worded(CONTRADICTED), pl.format("reported by {}; found clean by {}", "adverse_sources", "clean_sources")),
    (
        _worded(PRESENT) & pl.col("mitigation_weight").is_not_null(),
        pl.format("verified by workers through {}", "verifying_sources"),
    ),
    (_worded(PRESENT), pl.format("reported by {}, weight {}", "adverse_sources", _WEIGHT)),
    (_worded(ABSENT), pl.format("found clean by {}", "clean_sources")),
    (_worded(NOT_APPLICABLE) & _CANNOT_APPLY, pl.col("not_applicable_reason")),
    (_worded(NOT_APPLICABLE), pl.lit("inherent risk: it is the base of the score, not an observation")),
    (
        _ADVERSE_LIVE,
        pl.format("what {} reported is too weak or too old to count as present, weight {}", "adverse_sources", _WEIGHT),
    ),
    (pl.col("missing").is_not_null(), pl.format("missing: {}; the portfolio's median stands in", "missing")),
    (
        pl.col("last_look").is_not_null(),
        pl.format(
            "last looked at in {}, too long ago to count; missing: {}",
            "last_look",
            pl.coalesce("named_missing", "eligible_sources"),
        ),
    ),
    (
        pl.col("asked_in_vain"),
        pl.format("a worker survey asked and could not decide; missing: more answers, or {}", "eligible_sources"),
    ),
    (pl.col("named_missing").is_not_null(), pl.format("missing: {}", "named_missing")),
    (
        pl.col("indicator_id").is_in(list(_NEEDED)),
        pl.format("missing: {}", pl.col("indicator_id").replace_strict(_NEEDED, default=None)),
    ),
    (pl.col("eligible_sources").is_not_null(), pl.format("missing: {}", "eligible_sources")),
    (pl.col("indicator_kind") == "context", pl.lit("no source recorded it; nothing here could show its absence")),
    (pl.lit(True), pl.lit("no confirmed entry or report; silence clears nothing")),
)
"""What is said and when: of each cell the first that holds. Those after "inherent risk" tell what is not assessable."""
