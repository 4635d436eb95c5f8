"""Fields that count rows of published tables."""

from collections.abc import Callable
from typing import Any

from serving.documents.model import Field
from serving.documents.register import Register

Naming = Callable[[Any], str]


def counted(
    register: Register, field_id: str, label: str, query: str, tables: str, naming: Naming, **parameters: Any
) -> Field:
    """Gives a field that lists what a query counts, as `what` with `n`; a gap where it counts nothing.

    `naming` gives the words of `what`; `tables` are the tables it is drawn from, split by blanks.
    """
    not_recorded = register.text("not recorded")
    parts = [
        f"{not_recorded if row['what'] is None else naming(row['what'])}: {register.speech.number(row['n'])}"
        for row in register.rows(query, **parameters)
    ]
    return whole_tables(register, field_id, label, "; ".join(parts) or None, tables)


def number_field(register: Register, field_id: str, label: str, query: str, tables: str) -> Field:
    """Gives a field with the one number `n` of a query; zero is a number, and no gap."""
    return whole_tables(register, field_id, label, register.speech.number(register.one(query)["n"]), tables)


def whole_tables(register: Register, field_id: str, label: str, value: str | None, tables: str) -> Field:
    """Gives a field whose value is drawn from many rows of tables, named split by blanks."""
    by_whom = register.text("the reporting organisation")
    return register.field(field_id, label, value, register.by_table(*tables.split()), by_whom)


def terms(register: Register) -> Naming:
    """Gives a way to name texts of published tables of the method."""
    return register.speech.term


def tiers(register: Register) -> Naming:
    """Gives a way to name tiers."""
    return lambda tier: register.text("tier {tier}", tier=register.speech.number(tier))
