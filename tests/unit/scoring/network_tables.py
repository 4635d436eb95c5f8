"""The tables that network exposure reads: two suppliers under one owner, one of them on a list."""

import polars as pl

TIES = {
    **dict.fromkeys(("edge_id", "row_id", "source_id", "snapshot_sha256"), pl.String),
    "record_no": pl.Int64,
    **dict.fromkeys(("edge_kind", "subject_id", "party_id", "supplier_id", "party_supplier_id"), pl.String),
    "carries_to_party": pl.Boolean,
}
CASES = {
    **dict.fromkeys(("case_id", "supplier_id", "indicator_id", "told_by"), pl.String),
    "in_force": pl.Boolean,
    "fades_from": pl.Date,
}


def network_tables(owned: tuple[str, ...] = (), listed: tuple[str, ...] = ()) -> dict[str, pl.DataFrame]:
    """Gives the tables by schema and name: `owned` suppliers belong to one company, `listed` ones are cases."""
    ties = [
        (f"e{name}", f"row of e{name}", "erp", "ab", 1, "ownership", name, "C1", name, None, True) for name in owned
    ]
    names = [(name, "supplier", f"{name} Ltd") for name in owned] + [("C1", "company", "Holding")]
    return {
        "features.ftr_network_tie": pl.DataFrame(ties, schema=TIES, orient="row"),
        "marts.dim_network_party": pl.DataFrame(
            names, schema=dict.fromkeys(("party_id", "party_kind", "name"), pl.String), orient="row"
        ),
        "marts.fct_confirmed_case": pl.DataFrame(
            [(f"case of {name}", name, "A01", "a list", True, None) for name in listed], schema=CASES, orient="row"
        ),
        "intermediate.int_case_sources_told": pl.DataFrame(
            [("lists", "A01")], schema={"source_id": pl.String, "indicator_id": pl.String}, orient="row"
        ),
    }
