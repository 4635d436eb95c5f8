"""The anomaly layer: an isolation forest over supplier features, in shadow, worth zero points."""

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from sklearn.ensemble import IsolationForest

TREES = 200
SUPPLIERS_PER_TREE = 256
SMALLEST_PEER_GROUP = 20
LARGEST_Z = 10.0
SUPPLIERS_AT_ONCE = 100_000
_DEVIATION_OF_NORMAL = 1.4826


def isolation_forest(seed: int) -> "IsolationForest":
    """Gives an unfitted forest; the same seed and data give the same scores."""
    from sklearn.ensemble import IsolationForest

    return IsolationForest(n_estimators=TREES, max_samples="auto", random_state=seed)


def anomalies(suppliers: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Gives supplier_id, anomaly_score (higher is more unusual), anomaly_rank from 1, top_feature and shadow.

    `suppliers` has supplier_id, peer_group and numeric features, NULL where unknown. Without suppliers or features the
    result is empty. Sorted by supplier_id; ties in rank go to the smaller id.
    """
    features = feature_names(suppliers)
    ordered = suppliers.sort("supplier_id")
    if ordered.is_empty() or not features:
        return _result(ordered.clear().select("supplier_id"), pl.Series(dtype=pl.Float64), pl.Series(dtype=pl.String))
    robust = robust_z(ordered, features)
    return _result(ordered.select("supplier_id"), _scores(robust, seed), _top_features(robust))


def feature_names(suppliers: pl.DataFrame) -> list[str]:
    """Gives the numeric columns that hold at least one value, sorted."""
    numeric = suppliers.select(pl.selectors.numeric()).columns
    return sorted(name for name in numeric if suppliers[name].null_count() < len(suppliers))


def robust_z(suppliers: pl.DataFrame, features: list[str]) -> pl.DataFrame:
    """Gives each feature as its distance from the peers' median in robust deviations, cut at ±10; 0 where unknown."""
    typed = suppliers.select("peer_group", pl.col(features).cast(pl.Float64))
    return typed.with_columns(_robust_z(name) for name in features).select(features)


def _robust_z(name: str) -> pl.Expr:
    value = pl.col(name)
    enough = (value.count().over("peer_group") >= SMALLEST_PEER_GROUP) & pl.col("peer_group").is_not_null()
    from_peers = value - value.median().over("peer_group")
    from_all = value - value.median()
    deviation_of_peers = from_peers.abs().median().over("peer_group")
    distance = pl.when(enough).then(from_peers).otherwise(from_all)
    deviation = pl.when(enough).then(deviation_of_peers).otherwise(from_all.abs().median()) * _DEVIATION_OF_NORMAL
    z = pl.when(deviation > 0).then(distance / deviation).otherwise(0.0)
    return z.clip(-LARGEST_Z, LARGEST_Z).fill_null(0.0).alias(name)


def _scores(robust: pl.DataFrame, seed: int) -> pl.Series:
    forest = isolation_forest(seed).fit(robust.to_numpy())
    slices = robust.iter_slices(SUPPLIERS_AT_ONCE)
    return pl.concat([pl.Series(-forest.score_samples(part.to_numpy())) for part in slices])


def _top_features(robust: pl.DataFrame) -> pl.Series:
    sizes = pl.concat_list(pl.col(name).abs() for name in robust.columns)
    largest = pl.max_horizontal(pl.col(name).abs() for name in robust.columns)
    names = pl.lit(robust.columns).list.get(sizes.list.arg_max())
    return robust.select(pl.when(largest > 0).then(names).alias("top_feature"))["top_feature"]


def _result(suppliers: pl.DataFrame, scores: pl.Series, top_features: pl.Series) -> pl.DataFrame:
    scored = suppliers.with_columns(
        scores.alias("anomaly_score"), top_features.alias("top_feature"), pl.lit(True).alias("shadow")
    )
    by_rank = scored.sort("anomaly_score", "supplier_id", descending=[True, False])
    ranked = by_rank.with_columns(pl.int_range(1, pl.len() + 1).alias("anomaly_rank"))
    return ranked.sort("supplier_id")
