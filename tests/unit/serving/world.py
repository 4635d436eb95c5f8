"""A small working warehouse as the earlier steps leave it, made by hand: suppliers, sites, facts, scores, loading."""

import math
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from serving.descriptions import described_tables
from serving.search.spelling import LegalForm, Spelling
from serving.tables import COPIED
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

AS_OF = date(2026, 11, 1)
CATALOGUE = PROJECT / "dbt_project" / "seeds" / "catalogue"
_SHA = "ab" * 32
_DESCRIBED = described_tables(PROJECT)
TABLES = {
    table: ", ".join(f"{name} {text.data_type}" for name, text in _DESCRIBED[table].columns.items())
    for table in sorted({published.origin for published in COPIED})
    if not table.startswith("seeds.")
}
"""The columns of each working table, as the dbt project describes them."""
_STAND_IN_OF_TYPE = {"boolean": False, "bigint": 0, "double": 0.0, "date": AS_OF}
_STAND_INS = {
    table: {
        name: text.allowed[0] if text.allowed else _STAND_IN_OF_TYPE.get(str(text.data_type), "any")
        for name, text in _DESCRIBED[table].columns.items()
        if text.is_required
    }
    for table in TABLES
}
"""What stands in a column that must be filled and that a test does not care about."""
SEEDS = {
    table.name: next((PROJECT / "dbt_project" / "seeds").glob(f"*/{table.name}.csv"))
    for table in COPIED
    if table.origin.startswith("seeds.")
}
SPELLING = Spelling({"LTD": LegalForm(may_lead=False, has_words=False)})
"""How the names of this world are spelled: they have one legal form."""
QUARANTINED_TEXT = "the original text of a quarantined record"
_COUNTRIES = ("BD", "VN", "TR", "IN", "PK", "CN", "KH", "ET", "MX", "PT", "IT", "TH", "MY", None)
_SECTORS = (
    ("garments", "Garments"), ("electronics", "Electronics"), ("fishing", "Fishing"), ("bricks", "Bricks"),
    ("agriculture", "Agriculture"), ("footwear", "Footwear"), (None, None),
)  # fmt: skip
_FIRST = ("Amber", "Blue River", "Cedar", "Delta", "Eastern", "Fairview", "Golden", "Harbour", "Indigo", "Juniper")
_SECOND = ("Textiles", "Works", "Garments", "Components", "Seafood", "Brick", "Apparel", "Trading", "Farms", "Leather")


@dataclass
class Rows:
    """Rows of each working table, by its name."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, **values: Any) -> None:
        self.tables[table].append({**_STAND_INS[table], **values})


def make_run(root: Path, run_id: str = "first", *, fictional: bool = True, title: str = "Test world") -> Run:
    """A run whose home is below `root`, with the outcomes of its load and check steps."""
    settings = Settings(
        title=title, fictional=fictional, home=root / "home", sources=(SourceConfig(id="audits", path="audits.csv"),),
        threads=2,
    )  # fmt: skip
    run = Run(run_id=run_id, as_of=AS_OF, settings=settings)
    run.write_outcome("load", {"sources": {}, "degraded": {}})
    run.write_outcome("check", {"degraded": {}})
    return run


def make_rows(suppliers: int = 12, seed: int = 1, names: tuple[str, ...] = ()) -> Rows:
    """A consistent world: every score is the sum of its evidence, every site has every state."""
    chance = random.Random(seed)
    rows = Rows()
    _add_sources(rows)
    for form_key in SPELLING.forms:
        rows.add("intermediate.int_legal_forms", form_key=form_key, kind="any", may_lead=False, has_words=False)
    indicators = pl.read_csv(CATALOGUE / "indicator.csv").filter(pl.col("kind") != "learned")["indicator_id"].to_list()
    for number in range(suppliers):
        name = names[number] if number < len(names) else _name(chance, number)
        _add_supplier(rows, number, name, indicators, chance)
    _rank(rows)
    return rows


def write_warehouse(run: Run, rows: Rows) -> None:
    """Writes the rows as the working warehouse of the run."""
    run.home.warehouse.unlink(missing_ok=True)
    with connect(run.home.warehouse) as connection:
        for schema in sorted({table.partition(".")[0] for table in TABLES} | {"seeds"}):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
            _insert(connection, table, rows.tables[table])
        for seed, path in SEEDS.items():
            connection.execute(f"CREATE TABLE seeds.{seed} AS FROM read_csv('{path}')")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        connection.register("frame", frame)
        connection.execute(f"INSERT INTO {table} BY NAME FROM frame")
        connection.unregister("frame")


def _name(chance: random.Random, number: int) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {number:04d} Ltd"


def _add_sources(rows: Rows) -> None:
    for name, sensitivity, read, quarantined, status in (
        ("audits", "internal", 120, 2, "loaded"),
        ("surveys", "restricted", 400, 1, "unchanged"),
        ("us_cbp_wro", "public", 54, 0, "loaded"),
        ("bods_ownership", "public", 0, 0, "failed"),
    ):
        rows.add(
            "ingest.source_load", source_name=name, declared_id=name, snapshot_sha256=_SHA, file_name=f"{name}.csv",
            bytes=1000, read_count=read, loaded_count=read - quarantined, quarantined_count=quarantined, status=status,
            error="the file is empty" if status == "failed" else None, known_on=date(2026, 9, 1),
            sensitivity=sensitivity, licence="CC BY 4.0", licence_url=f"https://example.org/{name}",
            licence_consent_required=name == "us_cbp_wro", licence_share_alike=name == "us_cbp_wro",
            licence_attribution=f"Contains data of {name}", repeated_count=min(quarantined, 1),
            publisher="A publisher", title=f"Title of {name}",
            citation="A citation, 2026", shape_checked=status != "failed",
        )  # fmt: skip
        for number in range(quarantined):
            rows.add(
                "ingest.quarantined_record", source_name=name, snapshot_sha256=_SHA, record_no=number + 7,
                reason_code="not a date", reason="audit_date is not a date", remedy="Correct the date.",
                original_text=None if sensitivity == "restricted" else QUARANTINED_TEXT,
            )  # fmt: skip
    for run_id in ("first", "second"):
        for success in (True, False):
            rows.add(
                "ingest.data_quality", run_id=run_id, source_name="audits", column_name="audit_date",
                expectation="values not null" if success else "dates in order", severity="warn", success=success,
                observed_count=120, unexpected_count=0 if success else 3, detail="3 of 120" if not success else "",
            )  # fmt: skip


def _add_supplier(rows: Rows, number: int, name: str, indicators: list[str], chance: random.Random) -> None:
    supplier = f"S{number:012x}"
    country = chance.choice(_COUNTRIES)
    key, label = chance.choice(_SECTORS)
    sites = [f"F{number:08x}{site:04x}" for site in range(chance.choice((1, 1, 1, 2, 3)))]
    rows.add(
        "marts.dim_supplier", supplier_id=supplier, name=name, country_code=country, sector_key=key,
        sector_label=label, good=None, parent_supplier_id=None, site_count=len(sites), record_count=2,
        is_natural_person=False, source_ids="audits",
    )  # fmt: skip
    rows.add(
        "marts.dim_supplier_record", supplier_id=supplier, row_id=f"erp:{number}", supplier_ref=f"erp:V{number}",
        source_id="erp", name=name, matched_by="tax_number",
    )  # fmt: skip
    add_name(rows, supplier, name)
    rows.add(
        "marts.dim_supplier_identifier", supplier_id=supplier, method="tax_number",
        link_key=f"tax_number BD {700_000 + number}",
    )  # fmt: skip
    scores = []
    for position, site in enumerate(sites):
        rows.add(
            "marts.dim_facility", facility_id=site, supplier_id=supplier, name=f"Works {position + 1} of {name}",
            country_code=country, address="1 Mill Road", workers=chance.randrange(20, 2000),
            has_dormitory=position == 0, record_count=1,
        )  # fmt: skip
        scores.append(_add_site(rows, supplier, site, indicators, chance))
        rows.tables["scores.site_score"][-1]["site_name"] = f"Works {position + 1} of {name}"
    worst = max(scores, key=lambda score: (score["severity"], score["score"]))
    matches = _add_possible_match(rows, supplier, name, number)
    rows.add(
        "scores.supplier_score",
        **{k: v for k, v in worst.items() if k not in {"site_id", "site_name", "is_unknown_site"}},
        worst_site_id=worst["site_id"], site_count=len(sites), unconfirmed_match_count=matches, review_rank=0,
    )  # fmt: skip
    rows.add(
        "scores.supplier_anomaly", supplier_id=supplier, anomaly_score=chance.random(), anomaly_rank=number + 1,
        top_feature="median_payment_days", shadow=True,
    )  # fmt: skip


def add_name(rows: Rows, supplier: str, name: str, kind: str = "name") -> None:
    """Adds a name that the supplier is found by, unless it has no letter."""
    key = SPELLING.key(name)
    if key:
        rows.add("marts.dim_supplier_name", supplier_id=supplier, name=name, kind=kind, name_key=key)


def _add_possible_match(rows: Rows, supplier: str, name: str, number: int) -> int:
    if number % 9 != 4:
        return 0
    row_id = f"us_cbp_wro:{number}"
    rows.add(
        "marts.dim_list_entry", source_id="us_cbp_wro", snapshot_sha256=_SHA, record_no=number, row_id=row_id,
        entry_ref=f"cbp:{number}", list_name="CBP WRO", programme="WRO", entry_kind="company", name=name,
        listed_on=date(2021, 3, 4), status="in_force", feeds_indicator="A01", second_hand=False,
    )  # fmt: skip
    rows.add(
        "marts.fct_list_match", match_id=f"M{number}", supplier_id=supplier, list_name="CBP WRO",
        entry_ref=f"cbp:{number}", entry_name_published=name, programme="WRO", matched_on="exact normalised name",
        match_status="possible", confirmed_by=None, list_status="in_force", listed_on=date(2021, 3, 4),
        feeds_indicator="A01", gates=False, second_hand=False, source_id="us_cbp_wro", snapshot_sha256=_SHA,
        record_no=number, row_id=row_id,
    )  # fmt: skip
    return 1


def _add_site(rows: Rows, supplier: str, site: str, indicators: list[str], chance: random.Random) -> dict[str, Any]:
    base = round(chance.uniform(5.3, 44.4), 3)
    contributions = [_add_base(rows, supplier, site, base)]
    states = dict.fromkeys(indicators, ("not assessable", "no source that could tell was given"))
    states["P03"] = ("not applicable", "no orders")
    found = chance.sample(["F02", "F03", "F07", "F08", "F09", "F10", "F11"], chance.choice((0, 0, 1, 1, 2, 3)))
    for indicator in found:
        contributions.append(_add_finding(rows, supplier, site, indicator, chance))
        contributed = chance.random() < 0.2
        states[indicator] = ("contradicted" if contributed else "present", None)
    if chance.random() < 0.15:
        contributions.append(_add_survey(rows, supplier, site))
        states["F09"] = ("present", None)
    if chance.random() < 0.5:
        states["F05"] = ("absent", None)
    for indicator, (state, reason) in states.items():
        rows.add(
            "scores.supplier_indicator", supplier_id=supplier, site_id=site, indicator_id=indicator, state=state,
            reason=reason, adverse_weight=0.6 if state in {"present", "contradicted"} else 0.0,
            clean_weight=0.2 if state in {"absent", "contradicted"} else 0.0,
        )  # fmt: skip
    score = _score(supplier, site, math.fsum(contributions), len(contributions), chance)
    rows.add("scores.site_score", **score)
    return score


def _score(supplier: str, site: str, raw: float, facts: int, chance: random.Random) -> dict[str, Any]:
    score = min(100.0, max(0.0, raw))
    band, rule, reason, action = _band(score, facts)
    return {
        "site_id": site, "is_unknown_site": False, "supplier_id": supplier,
        "raw_score": raw, "clip_adjustment": score - raw, "score": score,
        "band": band, "inherent_level": "Moderate" if score >= 30 else "Lower", "band_rule": rule,
        "band_reason": reason, "action": action, "severity": float(min(5, 1 + facts)),
        "coverage": round(chance.uniform(0.05, 0.7), 3), "confidence": round(chance.uniform(0.1, 0.8), 3),
        "probability_critical": 0.25, "probability_high": 0.75, "probability_elevated": 0.0,
        "probability_moderate": 0.0, "probability_unknown": 0.0, "probability_lower": 0.0,
        "next_best_fact": "An off-site worker survey at this site: no worker has been heard there.",
        "interval_low": max(0.0, score - 12), "interval_high": min(100.0, score + 12), "rule_version": "1.0.0",
    }  # fmt: skip


def _band(score: float, facts: int) -> tuple[str, str, str, str]:
    if facts > 3:
        return (
            "Critical", "involuntary_and_menace",
            "Debt bondage and retention of identity documents at one site within 24 months.",
            "Off-site, worker-led investigation within 14 days; protect sources; remedy plan",
        )  # fmt: skip
    if score >= 70:
        return "High", "high_score", "The score is 70 or more.", "Unannounced audit and worker survey"
    if score >= 50:
        return "Elevated", "raised_score", "The score lies between 50 and 70.", "Targeted verification"
    if score >= 30:
        return "Moderate", "middle_score", "The score lies between 30 and 50.", "Risk-based questionnaire"
    return "Unknown", "coverage_too_thin", "Too little is known: coverage is below 30 %.", "Collect the one item"


def _evidence(rows: Rows, supplier: str, site: str, **values: Any) -> float:
    number = len(rows.tables["scores.score_evidence"])
    rows.add(
        "scores.score_evidence",
        evidence_id=f"E{number:08d}",
        supplier_id=supplier,
        site_id=site,
        rule_version="1.0.0",
        **values,
    )
    return float(values["contribution"])


def _add_base(rows: Rows, supplier: str, site: str, base: float) -> float:
    return _evidence(
        rows, supplier, site, kind="base", contribution=base, points=base,
        description="Inherent risk: country level 4 of 6 (2026), sector level 3 of 4, good level 1 of 2.",
    )  # fmt: skip


def _add_finding(rows: Rows, supplier: str, site: str, indicator: str, chance: random.Random) -> float:
    number = len(rows.tables["marts.fct_audit_finding"])
    row_id = f"audits:{_SHA[:12]}:{number}"
    found_on = AS_OF - timedelta(days=chance.randrange(20, 1200))
    rows.add(
        "marts.fct_audit_finding", finding_id=row_id,
        source_id="audits", snapshot_sha256=_SHA, record_no=number, row_id=row_id,
        supplier_id=supplier, facility_id=site, indicator_id=indicator, audit_ref=f"AU{number}", scheme="ETHICAL-A",
        mapping_state="verified",
        issue_code="A1.1", title="Documents are held by the employer", grade="critical", outcome="adverse",
        status="open", found_on=found_on, closure_verified_by="none", source_type="announced_audit",
    )  # fmt: skip
    freshness = 2 ** (-((AS_OF - found_on).days / 30.44) / 24)
    return _evidence(
        rows, supplier, site, indicator_id=indicator, kind="adverse", contribution=30 * 0.75 * freshness, points=30.0,
        reliability=0.75, freshness=freshness, rank=1, origin_event_id=row_id, event_date=found_on,
        description="Audit finding, critical: documents are held by the employer", source_type="announced_audit",
        source_table="fct_audit_finding", source_key=row_id, source_id="audits", snapshot_sha256=_SHA,
        source_record_no=number, bears_on_state=True,
    )  # fmt: skip


def _add_survey(rows: Rows, supplier: str, site: str) -> float:
    release = f"R{len(rows.tables['marts.fct_survey_indicator']):06d}"
    rows.add(
        "marts.fct_survey_indicator", release_id=release, supplier_id=supplier, facility_id=site, indicator_id="F09",
        wave_id="2026Q2", wave_closed_on=date(2026, 7, 30), **{"class": "fires"}, source_type="offsite_survey",
    )  # fmt: skip
    return _evidence(
        rows, supplier, site, indicator_id="F09", kind="adverse", contribution=12.5, points=16.0, reliability=0.85,
        freshness=0.92, rank=1, event_date=date(2026, 7, 30), description="Worker survey off site: the indicator fires",
        source_type="offsite_survey", source_table="fct_survey_indicator", release_id=release,
        bears_on_state=True,
    )  # fmt: skip


def _rank(rows: Rows) -> None:
    order = ("Critical", "High", "Elevated", "Moderate", "Unknown", "Lower")
    scores = rows.tables["scores.supplier_score"]
    scores.sort(key=lambda row: (order.index(row["band"]), -row["severity"], -row["score"], row["supplier_id"]))
    for position, row in enumerate(scores, start=1):
        row["review_rank"] = position
