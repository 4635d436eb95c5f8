"""docs/sources.md is what the declarations say."""

from pathlib import Path

from ingest.catalogue.document import DOCUMENT, DOMAINS, domain_of, sources_document
from ingest.catalogue.listing import declared_sources
from ingest.contracts import CONTRACTS
from ingest.spec import load_spec
from tierline.run import PROJECT


def _row(source: str) -> str:
    return next(line for line in sources_document().splitlines() if f"`{source}`" in line)


def test_the_page_is_what_the_declarations_give() -> None:
    written = (PROJECT / DOCUMENT).read_text(encoding="utf-8")

    assert written == sources_document(), "run `make docs`"


def test_every_source_stands_on_the_page_once() -> None:
    page = sources_document()

    for spec in declared_sources():
        assert page.count(f"** `{spec.id}`") == 1


def test_every_canonical_table_has_one_domain() -> None:
    assert sorted(table for tables in DOMAINS.values() for table in tables) == sorted(CONTRACTS)


def test_a_visit_that_also_tells_sites_stands_under_conditions() -> None:
    assert domain_of(load_spec("ipis_mine_visits")).startswith("Conditions")


def test_a_row_tells_terms_and_what_each_programme_feeds() -> None:
    assert "share-alike" in _row("open_supply_hub")
    assert "consent required" in _row("open_supply_hub")
    assert "US-UFLPA → A01<br>" in _row("opensanctions_simple")
    assert "DEMO-FRAUD → none: context" in _row("opensanctions_simple")
    assert "by issue code" in _row("audit_findings_csv")
    assert "| **no** |" in _row("us_cbp_wro")
    assert "(second-hand)" in _row("us_h2_debarments")
    assert "730 days" in _row("kobo_survey")


def test_no_cell_breaks_the_table(tmp_path: Path) -> None:
    rows = [line for line in sources_document().splitlines() if line.startswith("| ")]

    assert {line.replace("\\|", "").count("|") for line in rows} == {10}
