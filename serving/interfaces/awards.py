"""Awards with what leads to their release: ids as the Open Contracting Data Standard has them."""

from typing import Final

from serving.interfaces.facts import Row, rows
from serving.lookup.current import Reading

OCDS_PREFIX: Final = "ocds:"
LINKS: Final = """
    SELECT award_ref,
        CASE WHEN starts_with(process_ref, 'ocds:') THEN substr(process_ref, 6) END AS ocid,
        CASE WHEN starts_with(award_ref, 'ocds:') AND contains(award_ref, '|')
            THEN substr(award_ref, strpos(award_ref, '|') + 1) END AS award_id,
        {release_id} AS release_id, {package_url} AS package_url,
        buyer_name, awarded_on, status, amount::DOUBLE AS amount, currency, source_id, snapshot_sha256, record_no
"""
"""Columns of `fct_award` and the ids within its references; `ocds:` is the namespace of open contracting sources."""
MOST_AWARDS: Final = 100


def link_columns(known: set[str]) -> str:
    """Gives the columns; a publication of an older version keeps neither release nor package."""
    return LINKS.format(**{name: name if name in known else "NULL::VARCHAR" for name in ("release_id", "package_url")})


def awards_of(reading: Reading, supplier_id: str) -> list[Row]:
    """Gives the awards of a supplier, the newest first, at most 100."""
    known = set(reading.manifest["tables"]["fct_award"]["columns"])
    return rows(
        reading,
        f"{link_columns(known)} FROM fct_award WHERE supplier_id = $supplier_id"
        f" ORDER BY awarded_on DESC NULLS LAST, row_id LIMIT {MOST_AWARDS}",
        {"supplier_id": supplier_id},
    )
