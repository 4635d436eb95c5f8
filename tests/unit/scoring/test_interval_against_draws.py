"""Interval and probability of bands against 10,000 draws a site, on 500 suppliers with every kind of fact.

The draws know the published evidence and the seeds alone: they weigh each row anew, cut every sum at every limit of the
method, cut the score to its scale and ask for its band. What they share with the scoring is the ranks (ADR 17).
"""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from scoring.inherent import portfolio_medians
from scoring.score import scored
from tests.benchmarks.scoring_population import feature_tables

SUPPLIERS, FACTS, DRAWS = 500, 7_000, 10_000
POINTS, PROBABILITY = 1.0, 0.03
WEAK = ("announced_audit", "self_assessment")
BANDS = ("critical", "high", "elevated", "moderate", "unknown", "lower")
BY_SCORE = ("high_score", "raised_score_and_severe", "coverage_too_thin", "raised_score", "middle_score")
BY_LOW_SCORE = ("low_score_well_covered", "low_score_thinly_covered")


class Reference:
    """Draws of one portfolio from its published tables."""

    def __init__(self, scores, severe_sites, missing_levels, catalogue, generator):
        self.scores, self.severe, self.missing = scores, severe_sites, missing_levels
        self.caps, self.parameters, self.generator = catalogue.caps, catalogue.parameters, generator
        self.sigma = {"S": 0.3, "M": 0.4, "W": 0.5}
        facts = catalogue.indicators.select("indicator_id", "kind", "own_points", "default_strength").rows()
        self.kind_of = {row[0]: row[1] for row in facts}
        self.own_points = {row[0]: row[2] or 0.0 for row in facts}
        self.own_strength = {row[0]: row[3] for row in facts}

    def multiplier(self, row):
        strength = row["strength"] if row["kind"] == "adverse" else self.own_strength[row["indicator_id"]]
        points = self.generator.standard_normal(DRAWS) * self.sigma.get(strength, 0.0)
        reliability = self.generator.standard_normal(DRAWS) * self.parameters["reliability_sigma"]
        return np.exp(points + reliability - (self.sigma.get(strength, 0.0) ** 2 + 0.01) / 2)

    def base(self, rows, site):
        deviation = np.sqrt(25 + 25 * self.missing[site])
        drawn = sum(row["contribution"] for row in rows) + deviation * self.generator.standard_normal(DRAWS)
        return np.minimum(drawn, self.caps["inherent_raw"])

    def clean(self, rows):
        """Credit of all rows and of the strong sources alone, each ranked for itself, by the same drawn rows."""
        drawn = {row["evidence_id"]: self.multiplier(row) for row in rows}
        counted = [row for row in rows if row["rank"] is not None]
        strong = [row for row in rows if row["source_type"] not in WEAK]
        every, alone = self.credit(counted, drawn), self.credit(once_an_event(strong), drawn)
        weak = np.maximum(every - alone, self.caps["clean_weak_source"])
        return np.maximum(alone + weak, self.caps["clean"])

    def credit(self, rows, drawn):
        total = np.zeros(DRAWS)
        for indicator in {row["indicator_id"] for row in rows}:
            of_indicator = [row for row in rows if row["indicator_id"] == indicator]
            of_indicator.sort(key=lambda row: (-abs(size(row)), row["evidence_id"]))
            credit = sum(drawn[row["evidence_id"]] * size(row) * 0.5**place for place, row in enumerate(of_indicator))
            total += np.maximum(credit, -self.own_points[indicator])
        return total

    def raw(self, rows, site):
        of_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in ("base", "clean")}
        total = self.base(of_kind["base"], site)
        total += self.clean([row for row in of_kind["clean"] if speaks(row)])
        parts = {}
        for row in rows:
            if row["kind"] not in ("base", "clean", "cap") and row["contribution"]:
                part = self.kind_of[row["indicator_id"]] if row["kind"] == "adverse" else row["kind"]
                parts[part] = parts.get(part, 0.0) + row["contribution"] * self.multiplier(row)
        for part, drawn in parts.items():
            limit = self.caps.get(part)
            total += drawn if limit is None else (np.minimum if limit > 0 else np.maximum)(drawn, limit)
        return total

    def bands(self, row, score):
        """Bands of METHOD §4 for scores of a site whose severity, coverage and confidence are what they are."""
        high = (score >= 70) | ((score >= 50) & (row["site_id"] in self.severe))
        if row["coverage"] < 0.3:
            return np.where(high, "high", "unknown")
        low = "lower" if row["coverage"] >= 0.6 and row["confidence"] >= 0.5 else "unknown"
        return np.select([high, score >= 50, score >= 30], ["high", "elevated", "moderate"], low)

    def compared(self):
        """Yields a row a site: the differences of both ends and of every band."""
        by_site = self.scores.evidence.partition_by("site_id", as_dict=True)
        for row in self.scores.sites.iter_rows(named=True):
            score = np.clip(self.raw(by_site[(row["site_id"],)].to_dicts(), row["site_id"]), 0, 100)
            ends = np.quantile(score, [0.1, 0.9]) - [row["interval_low"], row["interval_high"]]
            gated = row["band_rule"] not in (*BY_SCORE, *BY_LOW_SCORE)
            drawn = np.full(1, row["band"].lower()) if gated else self.bands(row, score)
            bands = {band: row[f"probability_{band}"] - (drawn == band).mean() for band in BANDS}
            yield {"site": row["site_id"], "low": ends[0], "high_end": ends[1], "gated": gated, **bands}


def size(row):
    return row["points"] * row["freshness"]


def speaks(row):
    return row["set_aside"] is None or "event counts once" in row["set_aside"]


def once_an_event(rows):
    largest = {}
    for row in sorted(rows, key=lambda row: (-abs(size(row)), row["evidence_id"])):
        largest.setdefault((row["indicator_id"], row["origin_event_id"] or row["evidence_id"]), row)
    return list(largest.values())


def severe_sites(features, medians, catalogue, as_of):
    """Gives the sites where a raised score would make the band High, by asking for a raised score of none."""
    lowered = [
        replace(rule, score_minimum=-1.0, rule_order=65) if rule.rule_id == "raised_score_and_severe" else rule
        for rule in catalogue.band_rules
    ]
    asked = replace(catalogue, band_rules=tuple(sorted(lowered, key=lambda rule: rule.rule_order)))
    sites = scored(features, medians, asked, as_of).sites
    return set(sites.filter(pl.col("band_rule") == "raised_score_and_severe")["site_id"])


@pytest.fixture(scope="module")
def compared(catalogue, portfolio):
    made = feature_tables(catalogue, SUPPLIERS, FACTS, as_of=portfolio.as_of, seed=4)
    medians = portfolio_medians(made.features.sites, catalogue.inherent)
    scores = scored(made.features, medians, catalogue, portfolio.as_of)
    levels = made.features.sites.select("site_id", missing=pl.sum_horizontal(pl.col("^.*_level$").is_null()))
    reference = Reference(
        scores,
        severe_sites(made.features, medians, catalogue, portfolio.as_of),
        dict(levels.iter_rows()),
        catalogue,
        np.random.default_rng(11),
    )
    return scores, pl.DataFrame(list(reference.compared()))


def test_both_ends_of_every_interval_lie_within_a_point(compared):
    _, differences = compared
    assert len(differences) > SUPPLIERS
    worst = differences.select(pl.col("low", "high_end").abs().max()).row(0)
    assert max(worst) < POINTS, differences.filter(pl.max_horizontal(pl.col("low", "high_end").abs()) >= POINTS)


def test_the_probability_of_every_band_lies_within_three_hundredths(compared):
    _, differences = compared
    worst = differences.select(pl.max_horizontal(pl.col(*BANDS).abs()).max()).item()
    assert worst < PROBABILITY, differences.filter(pl.max_horizontal(pl.col(*BANDS).abs()) >= PROBABILITY)


def test_gated_capped_and_clipped_sites_are_among_them(compared):
    scores, differences = compared
    caps = scores.evidence.filter(pl.col("kind") == "cap")["evidence_id"].str.extract(r"/cap:(.*)$").value_counts()
    held = dict(caps.iter_rows())
    assert differences["gated"].sum() > 100
    assert len(scores.sites.filter(pl.col("clip_adjustment") != 0)) > 20
    assert held["clean"] > 100
    assert held["clean_weak_source"] > 5
    assert held["clean_F11"] > 2
    assert held["procurement"] > 20
    assert held["network"] > 2
