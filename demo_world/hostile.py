"""Records that are wrong on purpose: few, known, and present in every demo world.

They are added to the first chunk's files and stand for no supplier of the world; README.md lists them.
"""

import copy
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

_NUMBER_TOO_LARGE = "1e9999"
_PLACE_OF_NUMBER = "@too-large@"
FORMULA = '=HYPERLINK("http://attacker.example","Click")'
HTML = '<script>alert("demo")</script> Fasteners Ltd'
REVERSED = "Marlwick \u202e.dtL slairetaM"


@dataclass(frozen=True)
class Case:
    """One kind of wrong record: in which source, what is wrong, how many, and whether it should be loaded."""

    source: str
    what: str
    records: int
    loads: bool


CASES = (
    Case("erp_vendor_master", "HTML in a name", 1, True),
    Case("erp_vendor_master", "formula in a cell", 1, True),
    Case("erp_vendor_master", "text direction override in a name", 1, True),
    Case("erp_vendor_master", "duplicate vendor and site", 1, False),
    Case("erp_vendor_master", "migrant share in words", 1, False),
    Case("erp_vendor_master", "negative number of workers", 1, False),
    Case("erp_vendor_master", "negative annual sales", 1, False),
    Case("erp_vendor_master", "blank name", 1, False),
    Case("erp_purchase_orders", "amount 1e9999", 1, False),
    Case("erp_purchase_orders", "30 February", 1, False),
    Case("erp_purchase_orders", "ordered in 1825", 1, False),
    Case("erp_purchase_orders", "duplicate order line", 1, False),
    Case("erp_purchase_orders", "ordered after the day of the world", 1, True),
    Case("audit_findings_csv", "duplicate finding id, same content", 1, False),
    Case("audit_findings_csv", "duplicate finding id, other content", 1, False),
    Case("audit_findings_csv", "31 February", 1, False),
    Case("audit_findings_csv", "unknown severity", 1, False),
    Case("audit_findings_csv", "found after the day of the world", 1, True),
    Case("kobo_survey", "the same submission twice", 1, False),
    Case("kobo_survey", "impossible submission time", 1, False),
    Case("kobo_survey", "answer that is no choice", 1, True),
    Case("ocds_bulk_jsonl", "release without ocid", 1, False),
    Case("ocds_bulk_jsonl", "duplicate release id", 1, False),
    Case("ocds_bulk_jsonl", "amount 1e9999", 1, False),
    Case("ocds_bulk_jsonl", "tenderers as an object", 1, True),
    Case("us_cbp_wro", "impossible date", 1, False),
    Case("opensanctions_simple", "duplicate id", 1, False),
    Case("match_verdicts", "unknown verdict", 1, False),
)

Row = dict[str, str]


def vendor_rows(row: Row) -> list[Row]:
    """Gives wrong rows of the vendor master, made from a right one."""
    made = [
        {"vendor_name": HTML, "also_known_as": "", "workers": "40", "migrant_share": "0.10"},
        {"vendor_name": "Coldmere Fittings Ltd", "also_known_as": FORMULA, "workers": "40", "migrant_share": "0.10"},
        {"vendor_name": REVERSED, "also_known_as": "", "workers": "40", "migrant_share": "0.10"},
        {"vendor_name": "Wickgate Tools Ltd", "migrant_share": "forty percent"},
        {"vendor_name": "Ashdale Tools Ltd", "workers": "-12"},
        {"vendor_name": "Kelbrook Tools Ltd", "annual_sales": "-40000"},
        {"vendor_name": ""},
    ]
    strangers = {"tax_number": "", "company_number": "", "lei": "", "parent_vendor_id": "", "labour_agent": ""}
    return [
        {**row, **strangers, **wrong, "vendor_id": f"X{place + 1:07d}", "site_id": f"X{place + 1:07d}-S1",
         "site_name": wrong["vendor_name"] or "Unit 1"}
        for place, wrong in enumerate(made)
    ] + [row]  # fmt: skip


def order_rows(row: Row, as_of: date) -> list[Row]:
    """Gives wrong order lines, made from a right one."""
    made = [
        {"amount": _NUMBER_TOO_LARGE},
        {"ordered_on": f"{as_of.year - 1}-02-30"},
        {"ordered_on": "1825-04-02"},
        {"ordered_on": str(as_of + timedelta(days=40))},
    ]
    return [{**row, **wrong, "order_id": f"PO-9999-{place + 1:07d}"} for place, wrong in enumerate(made)] + [row]


def finding_rows(row: Row, as_of: date) -> list[Row]:
    """Gives wrong findings, made from a right one."""
    made = [
        {"audit_date": f"{as_of.year - 1}-02-31"},
        {"severity": "catastrophic"},
        {"audit_date": str(as_of + timedelta(days=40))},
    ]
    fresh = [{**row, **wrong, "finding_id": f"AU-9999-{place + 1:06d}-F1"} for place, wrong in enumerate(made)]
    return [*fresh, row, {**row, "issue_title": "Another text under the same number", "auditor": "supplier"}]


def submissions(line: str, as_of: date) -> list[str]:
    """Gives wrong submissions (JSON texts), made from a right one."""
    made = [
        {"_id": 9_999_001, "_submission_time": f"{as_of.year - 1}-02-31T25:61:00"},
        {"_id": 9_999_002, "q/threats": "maybe"},
    ]
    wrong = []
    for place, change in enumerate(made):
        uuid = f"00000000-0000-4000-8000-{place + 1:012d}"
        ids = {"_uuid": uuid, "meta/instanceID": f"uuid:{uuid}", "meta/rootUuid": f"uuid:{uuid}"}
        wrong.append(json.dumps({**json.loads(line), **ids, **change}, ensure_ascii=False, separators=(",", ":")))
    return [*wrong, line]


def releases(content: dict[str, Any]) -> list[str]:
    """Gives wrong releases (JSON texts), made from a right one that stands in the same file."""
    nameless = _fresh(content, 1)
    del nameless["ocid"]
    too_large = _fresh(content, 2)
    too_large["awards"][0]["value"]["amount"] = _PLACE_OF_NUMBER
    lone = _fresh(content, 3)
    winner = lone["awards"][0]["suppliers"][0]
    lone["bids"] = {
        "details": [{"id": "B-1", "status": "valid", "tenderers": {"id": winner["id"], "name": winner["name"]}}]
    }
    texts = [
        json.dumps(made, ensure_ascii=False, separators=(",", ":")) for made in (nameless, too_large, lone, content)
    ]
    return [text.replace(f'"{_PLACE_OF_NUMBER}"', _NUMBER_TOO_LARGE) for text in texts]


def _fresh(content: dict[str, Any], number: int) -> dict[str, Any]:
    """Gives a copy under an id of its own."""
    made = copy.deepcopy(content)
    made["ocid"] = f"ocds-d3m0wd-9999-{number:06d}"
    made["id"] = f"{made['ocid']}-award-1"
    made["awards"][0]["id"] = f"A-9999-{number:06d}"
    return made


def customs_rows(row: Row) -> list[Row]:
    """Gives a wrong customs order."""
    return [{**row, "Entity": "Coldmere Fittings Ltd", "Effective Date": "13/45/2021"}]


def screening_rows(row: Row) -> list[Row]:
    """Gives a second entry under the id of a right one."""
    return [{**row, "name": f"{row['name']} (second entry)"}]


def verdict_rows(row: Row) -> list[Row]:
    """Gives a verdict that is none of the three."""
    return [{**row, "verdict": "probably", "decided_on": "2020-01-31"}]
