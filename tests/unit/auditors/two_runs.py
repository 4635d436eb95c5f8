"""Two small publications, as far as a difference reads them, made by hand: one supplier, one or two sites."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from serving.difference import Difference, compare_runs

SUPPLIER = "S1"
SITE = "F1"
BASE = 20.0
TEXT, NUMBER, DAY, FLAG, COUNT = pl.String, pl.Float64, pl.Date, pl.Boolean, pl.Int64
SCHEMAS: dict[str, dict[str, Any]] = {
    "supplier_score": {
        "supplier_id": TEXT, "worst_site_id": TEXT, "score": NUMBER, "band": TEXT, "band_reason": TEXT,
    },
    "site_score": {"supplier_id": TEXT, "site_id": TEXT, "score": NUMBER, "clip_adjustment": NUMBER},
    "score_evidence": {
        "evidence_id": TEXT, "supplier_id": TEXT, "site_id": TEXT, "indicator_id": TEXT, "kind": TEXT,
        "contribution": NUMBER, "points": NUMBER, "reliability": NUMBER, "freshness": NUMBER, "origin_event_id": TEXT,
        "event_date": DAY, "in_force": FLAG, "set_aside": TEXT, "description": TEXT, "source_table": TEXT,
        "source_key": TEXT, "source_record_no": COUNT, "rule_version": TEXT,
    },
    "site_level": {
        "supplier_id": TEXT, "site_id": TEXT, "country_code": TEXT, "sector_key": TEXT, "good": TEXT,
        "country_level": NUMBER, "country_level_basis": TEXT, "sector_level": NUMBER, "sector_level_basis": TEXT,
        "good_level": NUMBER, "good_level_basis": TEXT,
    },
    "dim_supplier": {"supplier_id": TEXT, "name": TEXT},
    "dim_supplier_record": {"supplier_ref": TEXT, "supplier_id": TEXT},
    "fct_list_match": {
        "supplier_id": TEXT, "row_id": TEXT, "list_name": TEXT, "entry_ref": TEXT, "match_status": TEXT,
        "confirmed_by": TEXT,
    },
    "dim_list_entry": {"list_name": TEXT, "entry_ref": TEXT},
    "fct_audit_finding": {
        "row_id": TEXT, "source_id": TEXT, "audit_ref": TEXT, "scheme": TEXT, "issue_code": TEXT, "supplier_id": TEXT,
        "facility_id": TEXT,
    },
    "fct_survey_indicator": {"release_id": TEXT, "supplier_id": TEXT, "facility_id": TEXT},
}  # fmt: skip


@dataclass
class Publication:
    """One of the two: rows by table, the day it speaks for and the version of its method."""

    as_of: date = date(2026, 11, 1)
    method: str = "1.0.0"
    band: str = "Moderate"
    snapshot: str = "aaaaaaaaaaaa"
    country_level: float = 4.0
    country_basis: str = "TIP tier 2 (2025)"
    country_code: str = "BD"
    base: float = BASE
    references: dict[str, str] = field(default_factory=lambda: {"erp:V1": SUPPLIER})
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in SCHEMAS})

    def finding(
        self, audit: str, indicator: str, *, points: float = 30.0, freshness: float = 1.0, rank: int = 1,
        supplier: str = SUPPLIER, site: str = SITE, record: int = 1, **more: Any,
    ) -> None:  # fmt: skip
        """Adds a finding and its row of evidence, r = .5, each rank half of the one before."""
        row_id = f"audits:{self.snapshot}:{record}"
        self.tables["fct_audit_finding"].append(
            {"row_id": row_id, "source_id": "audits", "audit_ref": audit, "scheme": "A", "issue_code": indicator,
             "supplier_id": supplier, "facility_id": site}
        )  # fmt: skip
        self.evidence(
            indicator, points * 0.5 * freshness * 0.5 ** (rank - 1), supplier=supplier, site=site, points=points,
            reliability=0.5, freshness=freshness, origin_event_id=f"audit {audit}", source_table="fct_audit_finding",
            source_key=row_id, source_record_no=record, event_date=date(2026, 5, 1), **more,
        )  # fmt: skip

    def listed(self, status: str, by: str | None = None, *, is_scored: bool = True, entry: str = "E1") -> None:
        """Adds an entry of a list, its match, and the evidence of a confirmed one."""
        row_id = f"list:{self.snapshot}:{entry}"
        self.tables["dim_list_entry"].append({"list_name": "L", "entry_ref": entry})
        self.tables["fct_list_match"].append(
            {"supplier_id": SUPPLIER, "row_id": row_id, "list_name": "L", "entry_ref": entry, "match_status": status,
             "confirmed_by": by}
        )  # fmt: skip
        if is_scored:
            self.evidence(
                "A01", 30.0, points=30.0, reliability=1.0, freshness=1.0, origin_event_id=f"list L {entry}",
                source_table="fct_list_match", source_key=row_id, source_record_no=1, in_force=True,
            )  # fmt: skip

    def evidence(
        self, indicator: str | None, contribution: float, *, kind: str = "adverse", name: str | None = None,
        supplier: str = SUPPLIER, site: str = SITE, **more: Any,
    ) -> None:  # fmt: skip
        """Adds a row of evidence."""
        row_name = name or more.get("source_key") or indicator
        self.tables["score_evidence"].append(
            {"evidence_id": f"{supplier}/{site}/{row_name}", "supplier_id": supplier, "site_id": site,
             "indicator_id": indicator, "kind": kind, "contribution": contribution, "rule_version": self.method,
             "description": f"{kind} {row_name}", **more}
        )  # fmt: skip

    def write(self, folder: Path) -> None:
        """Writes what a difference reads: base rows, sums of sites, the worst site, and a manifest."""
        sites = sorted({(row["supplier_id"], row["site_id"]) for row in self.tables["score_evidence"]} | {
            (SUPPLIER, SITE)
        })  # fmt: skip
        for supplier, site in sites:
            self.evidence("N01", self.base, kind="base", name="base", supplier=supplier, site=site, points=self.base)
            raw = sum(
                row["contribution"]
                for row in self.tables["score_evidence"]
                if (row["supplier_id"], row["site_id"]) == (supplier, site)
            )
            score = min(100.0, max(0.0, raw))
            self.tables["site_score"].append(
                {"supplier_id": supplier, "site_id": site, "score": score, "clip_adjustment": score - raw}
            )
            self.tables["site_level"].append(
                {"supplier_id": supplier, "site_id": site, "country_code": self.country_code,
                 "country_level": self.country_level, "country_level_basis": self.country_basis, "sector_level": 3.0,
                 "good_level": 1.0}
            )  # fmt: skip
        for supplier in sorted({supplier for supplier, _ in sites}):
            own = [row for row in self.tables["site_score"] if row["supplier_id"] == supplier]
            worst = max(own, key=lambda row: row["score"])
            self.tables["supplier_score"].append(
                {"supplier_id": supplier, "worst_site_id": worst["site_id"], "score": worst["score"],
                 "band": self.band, "band_reason": "because"}
            )  # fmt: skip
        self.tables["dim_supplier"] = [
            {"supplier_id": row["supplier_id"], "name": f"Mill {row['supplier_id']}"}
            for row in self.tables["supplier_score"]
        ]
        self.tables["dim_supplier_record"] = [
            {"supplier_ref": reference, "supplier_id": supplier} for reference, supplier in self.references.items()
        ]
        (folder / "parquet").mkdir(parents=True)
        for table, schema in SCHEMAS.items():
            frame = pl.DataFrame(self.tables[table], schema=schema)
            frame.write_parquet(folder / "parquet" / f"{table}.parquet")
        manifest = {
            "as_of": self.as_of.isoformat(),
            "method_version": self.method,
            "code_version": "1",
            "tables": {name: {} for name in SCHEMAS},
        }
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def difference(folder: Path, before: Publication, after: Publication) -> Difference:
    """Writes both and compares them; the comparison itself refuses parts that do not add up."""
    before.write(folder / "before")
    after.write(folder / "after")
    return compare_runs(folder, "before", "after")


def points_by_tag(found: Difference, supplier: str = SUPPLIER) -> dict[str, float]:
    """Gives tag → points of one supplier, rounded."""
    rows = found.by_tag().filter(pl.col("supplier_id") == supplier)
    return {row["tag"]: round(row["points"], 9) for row in rows.iter_rows(named=True)}
