"""Actions that follow from bands: when each was first asked for, who has it, by when, and how it ended (METHOD §4).

An action keeps its id while the same rule asks for it without a break. One that was done stays done though the rule
still decides, because a fact outlives what is done about it; it is asked for anew once the rule had ceased in between.
"""

from datetime import date
from hashlib import sha256

import polars as pl

from scoring.tables import SUPPLIER_ACTION, conform

BUYER_RULE = "buyer"
_PAIR = ["supplier_id", "rule_id"]


def supplier_actions(
    suppliers: pl.DataFrame, known: pl.DataFrame, entries: pl.DataFrame, deadlines: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Gives one row an action ever asked for, sorted by id, with the columns of `SUPPLIER_ACTION`.

    `suppliers` are supplier scores with band_rule, action and buyer_action; `known` the actions of the publication that
    the run goes on from; `entries` those of the ledger that the day knows; `deadlines` rule_id and due_days, in days
    from the first run, empty where no action is tracked.
    """
    ended = _last(entries, "done").select(
        "action_id", "outcome", "amount", "currency", "workers", pl.col("happened_on").alias("done_on")
    )
    before = known.join(ended.select("action_id", pl.lit(True).alias("is_done")), on="action_id", how="left")
    asked = _asked(suppliers, deadlines)
    running = _running(before)
    new = asked.join(running, on=_PAIR, how="anti", maintain_order="left").with_columns(
        pl.lit(as_of).alias("opened_on"), pl.lit(True).alias("is_asked")
    )
    opened = new.with_columns(_action_id(new))
    going_on = _going_on(known, running, asked)
    dated = pl.concat([going_on, opened.select(going_on.columns)]).join(deadlines, on="rule_id", how="left")
    taken_on = _last(entries, "assigned").select("action_id", "owner_role", pl.col("due_on").alias("agreed_on"))
    told = dated.join(taken_on, on="action_id", how="left").join(ended, on="action_id", how="left")
    first_due = pl.col("opened_on").dt.offset_by(pl.format("{}d", pl.col("due_days").fill_null(0)))
    dues = told.with_columns(
        pl.coalesce("agreed_on", first_due).alias("due_on"),
        pl.when(pl.col("outcome").is_null()).then(pl.lit("open")).otherwise(pl.lit("done")).alias("state"),
    )
    overdue = (pl.col("state") == "open") & (pl.col("due_on") < as_of)
    return conform(dues.with_columns(overdue.alias("is_overdue")), SUPPLIER_ACTION).sort("action_id")


def _asked(suppliers: pl.DataFrame, deadlines: pl.DataFrame) -> pl.DataFrame:
    """Gives supplier_id, rule_id, addressee and action of what the scores ask for and somebody is to follow up."""
    of_supplier = suppliers.select(
        "supplier_id", pl.col("band_rule").alias("rule_id"), pl.lit("supplier").alias("addressee"), "action"
    )
    of_buyer = suppliers.filter(pl.col("buyer_action").is_not_null()).select(
        "supplier_id",
        pl.lit(BUYER_RULE).alias("rule_id"),
        pl.lit("buyer").alias("addressee"),
        pl.col("buyer_action").alias("action"),
    )
    tracked = deadlines.filter(pl.col("due_days").is_not_null()).select("rule_id")
    return pl.concat([of_supplier, of_buyer]).join(tracked, on="rule_id", how="semi").sort(_PAIR)


def _running(before: pl.DataFrame) -> pl.DataFrame:
    """Gives supplier_id, rule_id and the newest action of each that is open, or was asked for until now."""
    newest = before.sort(*_PAIR, "opened_on", "action_id").unique(_PAIR, keep="last", maintain_order=True)
    goes_on = pl.col("is_done").is_null() | pl.col("is_asked")
    return newest.filter(goes_on).select(*_PAIR, pl.col("action_id").alias("running_id"))


def _going_on(known: pl.DataFrame, running: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Gives every known action, with whether this run still asks for it, in the words of this run where it does."""
    wanted = asked.join(running, on=_PAIR).select(
        pl.col("running_id").alias("action_id"), pl.col("action").alias("action_now")
    )
    return known.join(wanted, on="action_id", how="left", maintain_order="left").select(
        *("supplier_id", "rule_id", "addressee"),
        pl.coalesce("action_now", "action").alias("action"),
        "opened_on",
        pl.col("action_now").is_not_null().alias("is_asked"),
        "action_id",
    )


def _last(entries: pl.DataFrame, kind: str) -> pl.DataFrame:
    of_kind = entries.filter(pl.col("entry") == kind).sort("entry_no")
    return of_kind.unique("action_id", keep="last", maintain_order=True)


def _action_id(new: pl.DataFrame) -> pl.Series:
    keys = new.select(pl.concat_str(*_PAIR, pl.col("opened_on").cast(pl.String), separator="|"))
    ids = ["A" + sha256(str(key).encode()).hexdigest()[:12] for key in keys.to_series()]
    return pl.Series("action_id", ids, dtype=pl.String)
