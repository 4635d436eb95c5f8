"""Which documents there are, and how each is filled for what was chosen."""

from dataclasses import dataclass
from typing import Final

from serving.documents import eu_order, modern_slavery, ppn, uflpa
from serving.documents.model import Document
from serving.documents.register import Register
from tierline.errors import ConfigError

KINDS: Final = (modern_slavery.KIND, ppn.KIND, eu_order.KIND, uflpa.KIND)
_OF_ONE_SUPPLIER: Final = {ppn.KIND: ppn.ppn_document, uflpa.KIND: uflpa.uflpa_document}


@dataclass(frozen=True)
class Choice:
    """What documents are asked for: suppliers by id, countries and sectors and goods as published; empty: all."""

    suppliers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()


def documents(register: Register, kind: str, choice: Choice) -> list[Document]:
    """Gives the documents of a kind: one a supplier for some kinds, one over all that is chosen for the others.

    Raises ConfigError for a kind that there is not, for a choice that a kind does not take, and where a country,
    sector or good is in no row.
    """
    if kind not in KINDS:
        raise ConfigError(f"there is no document '{kind}'", remedy=f"Choose one of: {', '.join(KINDS)}.")
    for_one = _OF_ONE_SUPPLIER.get(kind)
    if for_one is not None:
        _refuse_other_choices(kind, choice)
        return [for_one(register, supplier_id) for supplier_id in choice.suppliers]
    _require_known(register, choice)
    chosen = {
        "suppliers": list(choice.suppliers) or None,
        "countries": list(choice.countries) or None,
        "sectors": list(choice.sectors) or None,
    }
    if kind == eu_order.KIND:
        return [eu_order.eu_order_document(register, **chosen, goods=list(choice.goods) or None)]
    if choice.goods:
        raise ConfigError(f"{kind} takes no good", remedy=f"Leave it out, or ask for {eu_order.KIND}.")
    return [modern_slavery.modern_slavery_document(register, **chosen)]


def _refuse_other_choices(kind: str, choice: Choice) -> None:
    if not choice.suppliers:
        raise ConfigError(f"{kind} is about one supplier", remedy="Name it with --supplier, by id, reference or name.")
    if choice.countries or choice.sectors or choice.goods:
        raise ConfigError(f"{kind} takes no country, sector or good", remedy="Name suppliers with --supplier only.")


def _require_known(register: Register, choice: Choice) -> None:
    for column, label, values in (
        ("country_code", "country", choice.countries),
        ("sector_key", "sector", choice.sectors),
        ("good", "good", choice.goods),
    ):
        there = {
            str(row["value"]).lower(): str(row["value"])
            for row in register.rows(f"SELECT DISTINCT {column} AS value FROM dim_supplier WHERE {column} IS NOT NULL")
        }
        for value in values:
            if value.lower() not in there:
                raise ConfigError(
                    f"no supplier of this publication has the {label} '{value}'",
                    remedy=f"Choose one of: {', '.join(sorted(there.values()))}.",
                )
