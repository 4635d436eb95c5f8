"""The audit findings file: two schemes in one neutral table."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from demo_world.audits import ISSUES, Findings
from demo_world.companies import Companies, Sites, second_record_id, site_id
from demo_world.countries import COUNTRIES


def audit_findings(companies: Companies, sites: Sites, findings: Findings) -> pl.DataFrame:
    """Gives the findings of the chunk; an audit that found nothing is a row without an issue code."""
    company = sites.company[findings.site]
    rows, vendor_ids = company.tolist(), companies.vendor_ids()
    places, numbers = sites.place[findings.site].tolist(), companies.number[company].tolist()
    return pl.DataFrame(
        {
            "finding_id": findings.finding_id,
            "audit_id": findings.audit_id,
            "scheme": findings.scheme,
            "vendor_id": [
                second_record_id(number) if older else vendor_ids[row]
                for row, number, older in zip(rows, numbers, findings.older_record.tolist(), strict=True)
            ],
            "site_id": _text(
                site_id(vendor_ids[row], place) if named else ""
                for row, place, named in zip(rows, places, findings.site_named.tolist(), strict=True)
            ),
            "supplier_name": findings.supplier_name,
            "country": [COUNTRIES[nation].name for nation in companies.country[company].tolist()],
            "audit_date": pl.Series(findings.found_on.astype("datetime64[D]")),
            "audit_type": findings.kind,
            "auditor": findings.auditor,
            "issue_code": _text(findings.code),
            "issue_title": _text(ISSUES[code][0] if code else "" for code in findings.code),
            "category": _text(ISSUES[code][1] if code else "" for code in findings.code),
            "severity": findings.grade,
            "status": _text(findings.status),
            "closed_on": pl.Series(findings.closed_on.astype("datetime64[D]")),
            "closure_verified_by": _text(findings.closure_verified_by),
            "workers_interviewed": _interviewed(sites, findings),
        }
    )


def _interviewed(sites: Sites, findings: Findings) -> pl.Series:
    """Gives how many workers each audit interviewed, about the root of the workforce; a self-assessment asks nobody."""
    asked = np.ceil(np.sqrt(sites.workers[findings.site])).astype(np.int64)
    by_itself = pl.Series(findings.kind) == "self-assessment"
    return pl.select(pl.when(~by_itself).then(pl.Series(asked))).to_series()


def _text(values: Iterable[str]) -> pl.Series:
    return pl.Series([value or None for value in values], dtype=pl.String)
