from pathlib import Path

import pytest

from serving.search import SupplierIndex, open_index
from serving.steps import publish
from tests.unit.serving.world import AS_OF, add_name, make_rows, make_run, write_warehouse

NAMES = (
    "Amber Textiles Ltd", "Blue River Garments Ltd", "Kırmızı Tekstil A.Ş.", "飞庭邦顺业科实业", "Шахтарськ Цегла",
    "Northern Seafood Ltd", "Amber Textiles Ltd", "Łódzkie Zakłady Odzieżowe", "Golden Harvest Farms Ltd",
    "Åkerlund & Søn", "natural person, source erp, record erp:10",
)  # fmt: skip
OTHER_NAMES = {5: "Arctic Fish Processing", 8: "Goldene Ernte"}
PERSON = 10


def supplier_id(number: int) -> str:
    return f"S{number:012x}"


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication of a few suppliers whose names are misspelt in tests; one of them is a person."""
    run = make_run(tmp_path_factory.mktemp("search"))
    rows = make_rows(len(NAMES), names=NAMES)
    for number, name in OTHER_NAMES.items():
        add_name(rows, supplier_id(number), name, "other name")
    rows.tables["marts.dim_supplier"][PERSON]["is_natural_person"] = True
    for table in ("marts.dim_supplier_name", "marts.dim_supplier_identifier"):
        rows.tables[table] = [row for row in rows.tables[table] if row["supplier_id"] != supplier_id(PERSON)]
    for method, number in (
        ("lei", "lei 5493001KJTIIGC8Y1R12"),
        ("other_identifier", "other_identifier GB-COH:01234567"),
    ):
        rows.add("marts.dim_supplier_identifier", supplier_id=supplier_id(1), method=method, link_key=number)
    rows.add(
        "matching.entity_change", change_id="E1", supplier_id=supplier_id(0), kind="rename", changed_on=AS_OF,
        reason="was Old Spinning Mills Ltd, is Amber Textiles Ltd",
    )  # fmt: skip
    write_warehouse(run, rows)
    publish(run)
    return (run.home.published / "current").resolve()


@pytest.fixture(scope="session")
def index(publication: Path) -> SupplierIndex:
    return open_index(publication)
