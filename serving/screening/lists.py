"""Bidders against every published entry of every list: by identifier, or by a name that is much alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from serving.screening.bidders import Bidder
from serving.screening.pairs import alike_names
from serving.screening.reading import Publication, Row, has_table, rows_of

ALIKE: Final = 0.86
"""Names less alike than this are no possible match."""
ALIKE_IN_PLACE: Final = 0.8
"""Where the country agrees too, names may be a little less alike."""
MOST_HITS: Final = 10
"""The most entries told of one bidder; those most alike stay, and the answer counts the rest."""

_ENTRY: Final = """
    SELECT row_id, source_id, entry_id, entry_ref, list_name, programme, entry_kind, name AS entry_name, country_code,
        listed_on, ended_on, status, feeds_indicator, second_hand
    FROM dim_list_entry
"""
# A natural person is never found by name, and goods name nobody.
_NAMES: Final = "SELECT row_id, name, name_role, name_key FROM dim_list_entry_name"
_NAMES_OF_OLD: Final = """
    SELECT row_id, name, 'name' AS name_role FROM dim_list_entry WHERE entry_kind NOT IN ('person', 'good')
"""
_HIT: Final = pl.Schema(
    {"number": pl.Int64, "row_id": pl.String, "basis": pl.String, "method": pl.String, "matched_name": pl.String,
     "name_role": pl.String, "score": pl.Float64}
)  # fmt: skip


def list_hits(
    publication: Publication, bidders: Sequence[Bidder], keys: Mapping[int, str], checked_on: date
) -> dict[int, Row]:
    """Gives, by number of a bidder, what lists say: hits, entries that are over, and how many were left out.

    A hit by identifier is confirmed by it; one by name alone is a possible match, unconfirmed. An entry whose end has
    come by the day of the check is history. A like name in another country is counted and not shown.
    """
    found = pl.concat([_by_identifier(publication, bidders), _by_name(publication, bidders, keys)])
    if found.is_empty():
        return {}
    entries = publication.connection.execute(_ENTRY).pl()
    about = pl.DataFrame(
        {"number": [one.number for one in bidders], "bidder_country": [one.country_code for one in bidders]},
        schema={"number": pl.Int64, "bidder_country": pl.String},
    )
    joined = found.join(entries, on="row_id").join(about, on="number").with_columns(_country(), _is_past(checked_on))
    best = joined.sort(
        "number", pl.col("basis") == "identifier", "score", pl.col("name_role") == "name", "matched_name",
        descending=[False, True, True, True, False], nulls_last=True,
    ).unique(["number", "row_id"], keep="first", maintain_order=True)  # fmt: skip
    return {int(key[0]): _told(rows) for key, rows in best.group_by("number", maintain_order=True)}


def _by_identifier(publication: Publication, bidders: Sequence[Bidder]) -> pl.DataFrame:
    if not has_table(publication, "dim_list_entry_identifier"):
        return pl.DataFrame(schema=_HIT)
    numbers = [
        {"number": one.number, "link_key": identifier.link_key, "method": identifier.method}
        for one in bidders
        for identifier in one.identifiers
        if identifier.is_sound is not False
    ]
    asked = pl.DataFrame(numbers, schema={"number": pl.Int64, "link_key": pl.String, "method": pl.String})
    listed = publication.connection.execute("SELECT row_id, link_key FROM dim_list_entry_identifier").pl()
    joined = asked.join(listed, on="link_key")
    empty = {"matched_name": pl.String, "name_role": pl.String, "score": pl.Float64}
    return joined.with_columns(
        pl.lit("identifier").alias("basis"), *(pl.lit(None, kind).alias(name) for name, kind in empty.items())
    ).select(_HIT.names())


def _by_name(publication: Publication, bidders: Sequence[Bidder], keys: Mapping[int, str]) -> pl.DataFrame:
    named = pl.DataFrame(
        [(one.number, keys[one.number], one.country_code) for one in bidders if keys.get(one.number)],
        schema={"number": pl.Int64, "bidder_key": pl.String, "bidder_country": pl.String}, orient="row",
    )  # fmt: skip
    listed = listed_names(publication)
    if named.is_empty() or listed.is_empty():
        return pl.DataFrame(schema=_HIT)
    pairs = alike_names(publication, named["bidder_key"].unique().sort(), listed, ALIKE_IN_PLACE)
    joined = named.join(pairs, on="bidder_key").join(listed, on="name_key")
    countries = publication.connection.execute("SELECT row_id, country_code AS entry_country FROM dim_list_entry").pl()
    placed = joined.join(countries, on="row_id")
    is_there = (pl.col("bidder_country") == pl.col("entry_country")).fill_null(False)
    return (
        placed.filter((pl.col("score") >= ALIKE) | is_there)
        .with_columns(pl.lit("name").alias("basis"), pl.lit(None, pl.String).alias("method"))
        .rename({"name": "matched_name"})
        .select(_HIT.names())
    )


def listed_names(publication: Publication) -> pl.DataFrame:
    """Gives row_id, name, name_role and name_key of every name on a list that may be compared.

    A publication of an earlier version has no other names; their keys are then made here.
    """
    if has_table(publication, "dim_list_entry_name"):
        return publication.connection.execute(_NAMES).pl()
    names = publication.connection.execute(_NAMES_OF_OLD).pl()
    keys = pl.Series("name_key", [publication.index.key(name) for name in names["name"]], dtype=pl.String)
    return names.with_columns(keys).filter(pl.col("name_key") != "")


def lists_checked(publication: Publication) -> list[Row]:
    """Gives one row a list: who publishes it, its days, how many entries were compared and how many cannot be.

    Lists that name goods of countries are context; a natural person is compared with nobody.
    """
    return rows_of(publication, _LISTS)


def countable(rows: Sequence[Row]) -> int:
    """Gives how many entries were compared in all."""
    return sum(int(row["compared"]) for row in rows)


_LISTS: Final = """
    WITH listed AS (
        SELECT list_name, source_id,
            count(*) FILTER (WHERE entry_kind NOT IN ('person', 'good')) AS compared,
            count(*) FILTER (WHERE entry_kind = 'person') AS persons,
            count(*) FILTER (WHERE entry_kind = 'good') AS goods,
            max(listed_on) AS newest_entry_on
        FROM dim_list_entry GROUP BY ALL
        UNION ALL
        SELECT source_id, source_id, 0, 0, count(DISTINCT row_id), NULL
        FROM fct_level_source WHERE level_kind = 'good' GROUP BY source_id
    ),
    described AS (
        SELECT source_name, any_value(title ORDER BY file_name) AS title, max(known_on) AS known_on,
            any_value(publisher ORDER BY file_name) AS publisher, bool_or(status = 'failed') AS has_failed,
            list(DISTINCT snapshot_sha256 ORDER BY snapshot_sha256) AS files
        FROM source_snapshot GROUP BY source_name
    )
    SELECT list_name, source_id, title, publisher, known_on, newest_entry_on, compared, persons, goods, has_failed,
        files
    FROM listed LEFT JOIN described ON source_name = source_id ORDER BY list_name, source_id
"""


def _country() -> pl.Expr:
    known = pl.col("bidder_country").is_not_null() & pl.col("country_code").is_not_null()
    agrees = pl.col("bidder_country") == pl.col("country_code")
    return (
        pl.when(~known).then(pl.lit("not known")).when(agrees).then(pl.lit("agrees")).otherwise(pl.lit("differs"))
    ).alias("country_level")  # fmt: skip


def _is_past(checked_on: date) -> pl.Expr:
    over = pl.col("ended_on").is_not_null() & (pl.col("ended_on") <= checked_on)
    return ((pl.col("status") == "ended") | over).alias("is_past")


def _told(rows: pl.DataFrame) -> Row:
    elsewhere = (pl.col("basis") == "name") & (pl.col("country_level") == "differs")
    shown = rows.filter(~elsewhere)
    hits, past = shown.filter(~pl.col("is_past")), shown.filter(pl.col("is_past"))
    return {
        "hits": [_entry(row) for row in hits.head(MOST_HITS).to_dicts()],
        "past": [_entry(row) for row in past.head(MOST_HITS).to_dicts()],
        "elsewhere": rows.filter(elsewhere & ~pl.col("is_past")).height,
        "more": max(0, hits.height - MOST_HITS) + max(0, past.height - MOST_HITS),
    }


_OF_ENTRY: Final = (
    *("list_name", "entry_id", "entry_name", "programme", "status", "feeds_indicator", "second_hand"),
    "source_id",
)


def _entry(row: Mapping[str, Any]) -> Row:
    by_number = row["basis"] == "identifier"
    name = [] if by_number else [{"feature": "name", "level": row["name_role"], "value": row["matched_name"],
                                  "likeness": row["score"]}]  # fmt: skip
    return {
        **{key: row[key] for key in _OF_ENTRY},
        "entry_country": row["country_code"],
        "listed_on": _day(row["listed_on"]),
        "ended_on": _day(row["ended_on"]),
        "basis": row["basis"],
        "state": _state(row),
        "features": [
            *name,
            {"feature": "country", "level": row["country_level"]},
            {"feature": "identifier", "level": "agrees" if by_number else "not known", "value": row["method"]},
        ],
    }


def _state(row: Mapping[str, Any]) -> str:
    if row["is_past"]:
        return "past"
    return "confirmed by identifier" if row["basis"] == "identifier" else "possible match, unconfirmed"


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
