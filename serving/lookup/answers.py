"""What the lookup answers, before it is a page or JSON: read from one publication, by key."""

from typing import Any, Final

from serving.lookup.current import Reading

Row = dict[str, Any]
_SCORE: Final = (
    "band", "inherent_level", "band_rule", "band_reason", "action", "buyer_action", "score", "interval_low",
    "interval_high", "severity", "coverage", "confidence", "next_best_fact", "site_count", "unconfirmed_match_count",
)  # fmt: skip


def supplier(reading: Reading, supplier_id: str) -> Row | None:
    """Gives who a supplier is and how it stands, by dim_supplier and supplier_score; None for none."""
    scores = ", ".join(f"scores.{name}" for name in _SCORE)
    return _one(
        reading,
        "SELECT suppliers.supplier_id, suppliers.name, suppliers.country_code, suppliers.sector_label AS sector,"
        f" suppliers.good, suppliers.is_closed, {scores}"
        " FROM dim_supplier AS suppliers JOIN supplier_score AS scores USING (supplier_id)"
        " WHERE suppliers.supplier_id = $supplier_id",
        {"supplier_id": supplier_id},
    )


def country_level(reading: Reading, country: str) -> int | None:
    """Gives the inherent level of a country, 1 to 6; None where the publication does not tell it."""
    if "dim_country_level" not in reading.manifest["tables"]:
        return None
    row = _one(
        reading, "SELECT country_level FROM dim_country_level WHERE country_code = $country", {"country": country}
    )
    return int(row["country_level"]) if row and row["country_level"] is not None else None


def sources(reading: Reading) -> list[Row]:
    """Gives one row a source: who publishes it, how old it is, how many records were read and set aside."""
    return _all(
        reading,
        "SELECT source_name, any_value(title) AS title, any_value(publisher) AS publisher,"
        " max(known_on) AS known_on, sum(read_count)::BIGINT AS read_count,"
        " sum(quarantined_count)::BIGINT AS quarantined_count, any_value(licence) AS licence"
        " FROM source_snapshot GROUP BY source_name ORDER BY source_name",
    )


def band_rules(reading: Reading) -> list[Row]:
    """Gives the rules that decide a band, in their order."""
    return _all(reading, "SELECT band, condition, action FROM band_rule ORDER BY rule_order")


def method_version(reading: Reading) -> str:
    """Gives the version of weights and rules of the publication."""
    row = _one(reading, "SELECT method_version FROM run_manifest")
    return str(row["method_version"]) if row else ""


def _all(reading: Reading, query: str, values: Row | None = None) -> list[Row]:
    rows = reading.connection.execute(query, values or {})
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _one(reading: Reading, query: str, values: Row | None = None) -> Row | None:
    rows = _all(reading, query, values)
    return rows[0] if rows else None
