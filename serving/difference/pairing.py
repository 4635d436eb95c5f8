"""Which row of evidence of one run is which of the other, across new files of the same source."""

import polars as pl

from serving.difference.tags import SITE

_OF_RECORD = [*SITE, "indicator_id", "kind", "record_key"]
_SAME_RECORD = [*_OF_RECORD, "place_of_record"]
_SAME_EVENT = [*SITE, "indicator_id", "kind", "event", "place_in_event"]


def paired_rows(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Gives one row a row of evidence of either run; columns of the later run end in `_after`, absent ones are empty.

    The same record of the same file is the same row. What is left is paired within the event (the audit, the entry of a
    list) in the order of the records, so that a new file of the same content is no change.
    """
    first = _with_keys(before)
    second = _with_keys(after)
    exact = first.join(second, on=_SAME_RECORD, suffix="_after", nulls_equal=True)
    first_left = _numbered(first.join(exact, on="evidence_id", how="anti"))
    second_left = _numbered(
        second.join(exact.select(pl.col("evidence_id_after").alias("evidence_id")), on="evidence_id", how="anti")
    )
    by_event = first_left.join(
        second_left, on=_SAME_EVENT, how="full", suffix="_after", nulls_equal=True, coalesce=True
    )
    columns = [*SITE, "indicator_id", "kind", "event", *_own_columns(before)]
    return pl.concat([exact.with_columns(pl.col("event")).select(columns), by_event.select(columns)]).sort(
        *SITE, pl.coalesce("evidence_id", "evidence_id_after")
    )


def _own_columns(rows: pl.DataFrame) -> list[str]:
    shared = {*SITE, "indicator_id", "kind"}
    own = [name for name in rows.columns if name not in shared]
    return [*own, *(f"{name}_after" for name in own)]


def _with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    prefix = pl.concat_str(*(pl.col(name) + "/" for name in SITE))
    name = pl.col("evidence_id").str.strip_prefix(prefix)
    # base and caps have no record: their name at the site is their key, the same in every run
    key = pl.coalesce("source_key", name)
    keyed = rows.with_columns(key.alias("record_key"), pl.coalesce("origin_event_id", key).alias("event"))
    # several facts may rest on one record, such as one for each origin that a report goes back to
    place = pl.int_range(pl.len()).over(_OF_RECORD)
    return keyed.sort("evidence_id").with_columns(place.alias("place_of_record"))


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort(*SITE, "indicator_id", "kind", "event", "source_record_no", "evidence_id")
    place = pl.int_range(pl.len()).over([*SITE, "indicator_id", "kind", "event"])
    return ordered.with_columns(place.alias("place_in_event"))
