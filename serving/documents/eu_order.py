"""An order of priority by the criteria of Article 14(2) of Regulation (EU) 2024/3015, and what is unknown for it.

The criteria are (a) scale and severity, including whether forced labour imposed by state authorities could be a
concern, (b) the quantity or volume of products on the Union market, (c) the share of the suspected part in the final
product (OJ L, 2024/3015, 12.12.2024).
"""

from typing import Final

from serving.documents.framing import framed
from serving.documents.model import Document, Field, Group, Section
from serving.documents.register import Register, Row, by_evidence, by_rows

KIND: Final = "eu-2024-3015"
SHOWN: Final = 200
"""Suppliers that the order names; it says how many it leaves out."""
UNKNOWN_SHOWN: Final = 50
_ARTICLE: Final = "Regulation (EU) 2024/3015, Article 14(2) (OJ L, 2024/3015, 12.12.2024)"
_SCOPE: Final = """
    CREATE OR REPLACE TEMP TABLE chosen AS
    SELECT supplier_id, name, country_code, sector_key, good FROM dim_supplier
    WHERE ($countries IS NULL OR list_contains($countries::VARCHAR[], country_code))
        AND ($sectors IS NULL OR list_contains($sectors::VARCHAR[], sector_key))
        AND ($goods IS NULL OR list_contains(list_transform($goods::VARCHAR[], one -> lower(one)), lower(good)))
        AND ($suppliers IS NULL OR list_contains($suppliers::VARCHAR[], supplier_id))
"""
_ORDER: Final = """
    WITH suspected AS (
        SELECT state.supplier_id, state.site_id, state.indicator_id
        FROM supplier_indicator AS state SEMI JOIN chosen USING (supplier_id) JOIN indicator USING (indicator_id)
        WHERE state.state IN ('present', 'contradicted') AND indicator.kind IN ('labour', 'official', 'observed')
    ),
    scale AS (
        SELECT supplier_id, bool_or(indicator_id = 'F12') AS state_imposed,
            list(DISTINCT indicator_id ORDER BY indicator_id) AS indicators,
            list(DISTINCT site_id ORDER BY site_id) AS sites
        FROM suspected GROUP BY supplier_id
    ),
    workers AS (
        SELECT scale.supplier_id, sum(site.workers) AS workers, count(site.workers) AS sites_told
        FROM scale JOIN dim_facility AS site ON list_contains(scale.sites, site.facility_id) GROUP BY ALL
    ),
    volume AS (
        SELECT supplier_id, count(*) AS line_count, sum(quantity) AS quantity,
            sum(amount_converted) AS amount, any_value(conversion_currency) AS currency,
            count(DISTINCT conversion_currency) AS currency_count
        FROM fct_purchase_order_line SEMI JOIN scale USING (supplier_id)
        WHERE ordered_on > $as_of - INTERVAL 12 MONTH AND ordered_on <= $as_of GROUP BY ALL
    )
    SELECT chosen.*, scale.* EXCLUDE (supplier_id), score.severity, workers.workers, workers.sites_told,
        volume.* EXCLUDE (supplier_id)
    FROM scale JOIN chosen USING (supplier_id) JOIN supplier_score AS score USING (supplier_id)
    LEFT JOIN workers USING (supplier_id) LEFT JOIN volume USING (supplier_id)
    ORDER BY state_imposed DESC, severity DESC NULLS LAST, workers DESC NULLS LAST, amount DESC NULLS LAST, supplier_id
"""
_UNKNOWN: Final = """
    SELECT chosen.supplier_id, name, chosen.country_code, chosen.good, score.next_best_fact,
        level.country_level + level.sector_level + level.good_level AS inherent, score.worst_site_id
    FROM chosen JOIN supplier_score AS score USING (supplier_id)
    JOIN site_level AS level ON level.supplier_id = score.supplier_id AND level.site_id = score.worst_site_id
    WHERE NOT EXISTS (
        FROM supplier_indicator AS state JOIN indicator USING (indicator_id)
        WHERE state.supplier_id = chosen.supplier_id AND state.state IN ('present', 'contradicted')
            AND indicator.kind IN ('labour', 'official', 'observed')
    )
    ORDER BY inherent DESC NULLS LAST, supplier_id
"""
_STATE_IMPOSED: Final = """
    SELECT state, count(*) AS n FROM supplier_indicator SEMI JOIN chosen USING (supplier_id)
    WHERE indicator_id = 'F12' GROUP BY ALL ORDER BY state
"""
_SUPPORT: Final = (
    "supplier_id = $supplier_id AND kind = 'adverse' AND set_aside IS NULL AND list_contains($indicators, indicator_id)"
)


def eu_order_document(
    register: Register,
    *,
    suppliers: list[str] | None = None,
    countries: list[str] | None = None,
    sectors: list[str] | None = None,
    goods: list[str] | None = None,
) -> Document:
    """Gives the order over the suppliers chosen by id, country, sector and good; over all where nothing is chosen."""
    register.connection.execute(
        _SCOPE, {"countries": countries, "sectors": sectors, "goods": goods, "suppliers": suppliers}
    )
    say = register.text
    suspected = register.rows(_ORDER, as_of=register.as_of)
    unknown = register.rows(_UNKNOWN)
    return framed(
        register,
        kind=KIND,
        file_name=KIND,
        title=say("Order of priority by the criteria of Regulation (EU) 2024/3015, Article 14"),
        audience=say(
            "Internal. It names suppliers and what is known of them, rows from workers among them as classes of whole"
            " sites; not for suppliers."
        ),
        is_not=(
            say(
                "Article 14 binds the Commission and competent authorities; this applies the same criteria to a"
                " company's own suppliers, and decides nothing."
            ),
        ),
        law=(
            _ARTICLE,
            say(
                "Order here: forced labour imposed by state authorities first, then severity, then workers at the sites"
                " concerned, then what was bought. The Regulation gives the criteria no weights."
            ),
        ),
        sections=[_criteria(register), _order(register, suspected), _unknown(register, unknown)],
        chosen=_choice(register, suppliers, countries, sectors, goods),
    )


def _choice(register: Register, *chosen: list[str] | None) -> str:
    told = "; ".join(register.speech.joined(values) for values in chosen if values)
    return told or register.text("all suppliers of the publication")


def _criteria(register: Register) -> Section:
    say, speech = register.text, register.speech
    states = {row["state"]: row["n"] for row in register.rows(_STATE_IMPOSED)}
    told = say(
        "on record at {present} sites; not assessable at {unknown}; an audit cannot clear it",
        present=speech.number(states.get("present", 0) + states.get("contradicted", 0)),
        unknown=speech.number(states.get("not assessable", 0)),
    )
    importer = say("whoever places the product on the Union market")
    group = register.group(
        say("Over all suppliers chosen"),
        register.field(
            "criteria.state",
            say("(a) Forced labour imposed by state authorities"),
            told if states else None,
            register.by_table("supplier_indicator"),
            importer,
        ),
        register.gap("criteria.volume", say("(b) Quantity or volume placed on the Union market"), importer),
        register.gap("criteria.share", say("(c) Share of the suspected part in the final product"), importer),
    )
    return Section(
        "criteria",
        say("The criteria"),
        say(
            "(a) Scale and severity, including whether forced labour imposed by state authorities could be a concern;"
            " (b) quantity or volume of products; (c) share of the suspected part in the final product."
        ),
        _ARTICLE,
        (group,),
    )


def _order(register: Register, suspected: list[Row]) -> Section:
    say, speech = register.text, register.speech
    asks = speech.plural(
        "{count} supplier with a sign of forced labour at a site; a sign is no finding.",
        "{count} suppliers with a sign of forced labour at a site; a sign is no finding.",
        count=len(suspected),
    )
    if len(suspected) > SHOWN:
        asks = f"{asks} {say('The first {shown} are named here.', shown=speech.number(SHOWN))}"
    groups = [_one(register, row, rank) for rank, row in enumerate(suspected[:SHOWN], start=1)]
    return Section("order", say("Order"), asks, _ARTICLE, tuple(groups))


def _one(register: Register, row: Row, rank: int) -> Group:
    say, speech = register.text, register.speech
    at, buyer = f"order.{row['supplier_id']}", say("the buyer")
    rows = register.evidence(
        _SUPPORT, shareable=False, supplier_id=row["supplier_id"], indicators=list(row["indicators"])
    )
    rests_on = by_evidence(rows)
    return register.group(
        " – ".join(filter(None, (row["name"], speech.country(row["country_code"]), row["good"]))),
        register.field(f"{at}.signs", say("(a) Signs on record"), _signs(register, row), rests_on, buyer),
        register.field(
            f"{at}.severity",
            say("(a) Severity, 1 to 5"),
            None if row["severity"] is None else speech.number(row["severity"], 1),
            rests_on,
            buyer,
        ),
        _state_imposed(register, row, at),
        register.field(
            f"{at}.scale",
            say("(a) Workers at the sites concerned"),
            _workers(register, row),
            by_rows("dim_facility", [{"facility_id": site} for site in row["sites"]]),
            buyer,
        ),
        register.field(
            f"{at}.volume",
            say("(b) Bought from it in the twelve months before; not what is on the Union market"),
            _volume(register, row),
            register.by_table("fct_purchase_order_line", says=f"supplier_id = {row['supplier_id']}"),
            buyer,
        ),
        register.gap(
            f"{at}.share", say("(c) Share in the final product"), say("the buyer, from its bill of materials")
        ),
        rank=rank,
    )


def _signs(register: Register, row: Row) -> str:
    names = {one["indicator_id"]: one["name"] for one in register.rows("SELECT indicator_id, name FROM indicator")}
    return register.speech.joined([register.speech.term(names[indicator]) for indicator in row["indicators"]])


def _state_imposed(register: Register, row: Row, at: str) -> Field:
    label = register.text("(a) Imposed by state authorities")
    if not row["state_imposed"]:
        return register.gap(f"{at}.state", label, register.text("the buyer; nothing on record says so or rules it out"))
    rows = register.evidence(
        "supplier_id = $supplier_id AND kind = 'adverse' AND indicator_id = 'F12'",
        shareable=False,
        supplier_id=row["supplier_id"],
    )
    return register.field(f"{at}.state", label, register.text("on record"), by_evidence(rows), "")


def _workers(register: Register, row: Row) -> str | None:
    if not row["sites_told"]:
        return None
    return register.text(
        "{workers}, at {told} of {sites} sites concerned",
        workers=register.speech.number(row["workers"]),
        told=register.speech.number(row["sites_told"]),
        sites=register.speech.number(len(row["sites"])),
    )


def _volume(register: Register, row: Row) -> str | None:
    if not row["line_count"]:
        return None
    told = [register.speech.plural("{count} order line", "{count} order lines", count=row["line_count"])]
    if row["amount"] is not None and row["currency_count"] == 1:
        told.append(register.speech.currency(float(row["amount"]), row["currency"]))
    return register.speech.joined(told)


def _unknown(register: Register, rows: list[Row]) -> Section:
    say, speech = register.text, register.speech
    asks = speech.plural(
        "{count} supplier without any sign on record. That is not the same as none: the first to look at are named.",
        "{count} suppliers without any sign on record. That is not the same as none: the first to look at are named.",
        count=len(rows),
    )
    groups = [_to_look_at(register, row) for row in rows[:UNKNOWN_SHOWN]]
    return Section("unknown", say("What is unknown"), asks, _ARTICLE, tuple(groups))


def _to_look_at(register: Register, row: Row) -> Group:
    say, speech = register.text, register.speech
    base = register.evidence(
        "supplier_id = $supplier_id AND site_id = $site_id AND kind = 'base'",
        shareable=True,
        supplier_id=row["supplier_id"],
        site_id=row["worst_site_id"],
    )
    at = f"unknown.{row['supplier_id']}"
    return register.group(
        " – ".join(filter(None, (row["name"], speech.country(row["country_code"]), row["good"]))),
        register.field(
            f"{at}.inherent",
            say("Inherent level of country, sector and good, 2 to 10"),
            None if row["inherent"] is None else speech.number(min(max(row["inherent"], 2), 10), 1),
            by_evidence(base),
            say("the buyer"),
        ),
        register.gap(
            f"{at}.signs",
            say("(a) Signs on record"),
            say("the buyer: {fact}", fact=speech.term(row["next_best_fact"]) or "–"),
        ),
    )
