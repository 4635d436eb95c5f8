"""Which supplier is meant by what somebody typed: an id, a reference or number in a source, or a name."""

import polars as pl

from serving.reports.published import Published
from tierline.errors import ConfigError

_SUGGESTED = 10


def found_supplier(published: Published, text: str) -> str:
    """Gives the id of the one supplier that is meant.

    An id wins, then a reference as sources have it (`erp:V12`, or `V12` where one supplier alone has it), then a whole
    name of the supplier or of one of its records, whatever its capital letters. Raises ConfigError that lists the
    candidates where none or several are meant.
    """
    wanted = text.strip()
    about = published.table("dim_supplier").select("supplier_id", "name", "country_code").collect()
    records = published.table("dim_supplier_record").select("supplier_id", "supplier_ref", "name").collect()
    for found in (
        about.filter(pl.col("supplier_id") == wanted)["supplier_id"],
        records.filter(pl.col("supplier_ref") == wanted)["supplier_id"],
        records.filter(_local_part() == wanted.casefold())["supplier_id"],
        pl.concat([_named(about, wanted), _named(records, wanted)]),
    ):
        ids = found.unique().sort()
        if len(ids) == 1:
            return str(ids[0])
        if len(ids):
            raise _several(wanted, about.filter(pl.col("supplier_id").is_in(ids.implode())))
    raise _none(wanted, about)


def _local_part() -> pl.Expr:
    return pl.col("supplier_ref").str.split(":").list.last().str.to_lowercase()


def _named(rows: pl.DataFrame, wanted: str) -> pl.Series:
    return rows.filter(pl.col("name").str.to_lowercase() == wanted.lower())["supplier_id"]


def _several(wanted: str, candidates: pl.DataFrame) -> ConfigError:
    return ConfigError(
        f"'{wanted}' may be any of {candidates.height} suppliers",
        remedy="Name the id of one:\n" + _listed(candidates),
    )


def _none(wanted: str, about: pl.DataFrame) -> ConfigError:
    near = (
        about.filter(pl.col("name").str.to_lowercase().str.contains(wanted.lower(), literal=True)) if wanted else about
    )
    remedy = (
        "Did you mean one of these?\n" + _listed(near) if near.height else "Name an id, a reference or a whole name."
    )
    return ConfigError(f"no supplier is '{wanted}'", remedy=remedy)


def _listed(candidates: pl.DataFrame) -> str:
    first = candidates.sort("name", "supplier_id").head(_SUGGESTED)
    lines = [
        f"    {row['supplier_id']}  {row['name']} ({row['country_code'] or 'country not known'})"
        for row in first.iter_rows(named=True)
    ]
    left = candidates.height - first.height
    return "\n".join([*lines, *([f"    … and {left} more"] if left else [])])
