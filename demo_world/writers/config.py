"""The configuration file of a demo world."""

from datetime import date
from pathlib import Path

# Declaration of the source: its files, relative to the configuration.
SOURCES = {
    "ocds_bulk_jsonl": "sources/procurement/ocds-*.jsonl",
    "ocds_release_package": "sources/procurement/package-*.json",
    "erp_vendor_master": "sources/erp/vendor_master.csv",
    "erp_purchase_orders": "sources/erp/purchase_orders-*.csv",
    "audit_findings_csv": "sources/audits/audit_findings.csv",
    "kobo_survey": "sources/surveys/kobo-*.json",
    "grievance_csv": "sources/surveys/grievances-*.csv",
    "media_reports_csv": "sources/accounts/media_reports-*.csv",
    "mitigation_csv": "sources/accounts/mitigation-*.csv",
    "labour_agents_csv": "sources/accounts/labour_agents-*.csv",
    "supply_links_csv": "sources/erp/supply_links.csv",
    "us_cbp_wro": "sources/lists/cbp_wro.csv",
    "us_dol_tvpra": "sources/lists/tvpra_goods.csv",
    "opensanctions_simple": "sources/lists/opensanctions_targets.csv",
    "match_verdicts": "sources/lists/match_verdicts.csv",
    "bods_ownership": "sources/ownership/bods-*.json",
    "country_tip": "sources/country/tip_tiers.csv",
    "country_cpi": "sources/country/cpi.csv",
    "labour_cost_csv": "sources/country/labour_cost.csv",
}


_FIRST_LINE = "# A demo world: all names are invented, and so is everything said about countries and companies."


def is_demo(path: Path) -> bool:
    """Tells whether the file is the configuration of a demo world."""
    return path.is_file() and path.read_text(encoding="utf-8", errors="replace").startswith(_FIRST_LINE)


def write_config(path: Path, seed: int, as_of: date) -> None:
    """Writes a configuration that names the demo's sources."""
    lines = [
        _FIRST_LINE,
        "title: Demo world (fictional)",
        "fictional: true",
        f"as_of: {as_of}",
        f"seed: {seed}",
        "home: home",
        # The file only has the shape of OpenSanctions' one: nothing in it is theirs, so there is nothing to license.
        "accepted_licences: [opensanctions_simple]",
        "sources:",
        *(f'  - {{id: {source}, path: "{pattern}"}}' for source, pattern in SOURCES.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
