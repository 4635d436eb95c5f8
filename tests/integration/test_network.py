"""The network over the whole pipeline: from statements in files to paths, tiers and circles of the publication."""

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.conftest import REAL_DATA, World
from tests.unit.command_line import CommandLine, command_line

__all__ = ["command_line"]

pytestmark = pytest.mark.integration
Answer = Callable[..., Any]
Tell = Callable[..., str]

VENDORS = """vendor_id,vendor_name,country,city,address,company_number,lei,parent_vendor_id,labour_agent
V1,Fictional Alpha Mills,United Kingdom,Leeds,"1 Canal Street, Leeds",20000010,,,Agent One
V2,Fictional Beta Mills,United Kingdom,York,2 River Lane,20000011,,,
V3,Fictional Gamma Weavers,United Kingdom,Hull,3 Dock Road,20000012,,V2,Agent One
V4,Fictional Delta Dyers,United Kingdom,Leeds,1 Canal Street,20000013,,,
V5,Fictional Epsilon,Panama,Colon,5 Port Road,,DEMONETWORK000000175,,
V6,Fictional Zeta,Germany,Bonn,6 Ring,,DEMONETWORK000000272,,
V7,Alpha Corp Ltd,United Kingdom,London,7 Quay,10000010,,,
V8,Beta Corp Ltd,United Kingdom,London,8 Quay,10000011,,,
V9,Opaque Holdings SA,Panama,Colon,9 Port Road,PA-1000011,,,
"""
ORDERS = """order_id,line,vendor_id,ordered_on,amount,currency
O1,1,V1,2026-01-10,100,EUR
O2,1,V2,2026-02-10,100,EUR
O3,1,V5,2026-02-10,100,EUR
O4,1,V9,2026-02-10,100,EUR
"""
LINKS = """customer_id,supplier_id,supplier_name,country,city,kind,declared,told_on
V1,U1,Fictional Cutting Room,United Kingdom,Hull,subcontract,no,2026-03-01
U1,U2,Fictional Spinners,India,Erode,supply,yes,2026-03-01
U2,V1,Fictional Alpha Mills,United Kingdom,Leeds,supply,yes,2026-03-01
V2,U3,Fictional Later,United Kingdom,Hull,subcontract,yes,2026-12-01
"""
RELATIONSHIPS = """Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,\
Relationship.EndNode.NodeIDType,Relationship.RelationshipType,Relationship.RelationshipStatus
DEMONETWORK000000175,LEI,DEMONETWORK000000369,LEI,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE
DEMONETWORK000000272,LEI,DEMONETWORK000000369,LEI,IS_ULTIMATELY_CONSOLIDATED_BY,ACTIVE
"""


def entity(record: str, name: str, number: str) -> dict[str, Any]:
    details = {"name": name, "identifiers": [{"scheme": "GB-COH", "id": number}], "jurisdiction": {"code": "GB"}}
    return statement(record, "entity", details)


def statement(record: str, kind: str, details: dict[str, Any]) -> dict[str, Any]:
    return {"statementId": f"st-{record}", "recordId": record, "recordType": kind, "recordDetails": details}


def relationship(record: str, subject: str, party: object, interest: str) -> dict[str, Any]:
    interests = [{"type": interest, "share": {"exact": 100}, "startDate": "2020-01-01"}]
    return statement(record, "relationship", {"subject": subject, "interestedParty": party, "interests": interests})


STATEMENTS = [
    entity("alpha", "Fictional Alpha Mills", "20000010"),
    entity("beta", "Fictional Beta Mills", "20000011"),
    entity("gamma", "Fictional Gamma Weavers", "20000012"),
    entity("holding", "Fictional Holding", "99999999"),
    statement("officer", "person", {"names": [{"fullName": "CANARY Person"}]}),
    relationship("r1", "beta", "alpha", "shareholding"),
    relationship("r2", "alpha", "beta", "shareholding"),
    relationship("r3", "gamma", "holding", "votingRights"),
    relationship("r4", "gamma", "officer", "boardMember"),
    relationship("r5", "alpha", "officer", "seniorManagingOfficial"),
    statement("r6", "relationship", {"subject": "holding", "interestedParty": {"reason": "noBeneficialOwners"}}),
]


@pytest.fixture(scope="module")
def network_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("network")
    files = {
        "vendors.csv": VENDORS, "orders.csv": ORDERS, "links.csv": LINKS, "relationships.csv": RELATIONSHIPS,
        "statements.json": json.dumps(STATEMENTS),
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    sources = {
        "erp_vendor_master": "vendors.csv", "erp_purchase_orders": "orders.csv", "supply_links_csv": "links.csv",
        "gleif_level_2": "relationships.csv", "bods_ownership": "statements.json",
    }  # fmt: skip
    if REAL_DATA.exists():
        cases = REAL_DATA / "ownership" / "bods-fixtures"
        sources |= {f"bods_ownership, name: {path.stem}": str(path) for path in sorted(cases.glob("*/*.json"))}
    lines = [f"  - {{id: {source}, path: {json.dumps(path)}}}" for source, path in sources.items()]
    config = folder / "tierline.yml"
    config.write_text(
        "\n".join(["home: home", "as_of: 2026-11-01", "sensitivity_draws: 0", "sources:", *lines]) + "\n",
        encoding="utf-8",
    )
    world = World(config, folder / "home")
    finished = world.tierline("run", "--run-id", "first")
    assert finished.code in {0, 3}, finished.stderr
    return world


@pytest.fixture
def tell(network_world: World, command_line: CommandLine) -> Callable[..., str]:
    """Calls a command on the world and gives what it prints."""

    def told(*words: str) -> str:
        code, printed = command_line(*words, "--config", str(network_world.config))
        assert code == 0
        return printed

    return told


@pytest.fixture
def answer(tell: Tell) -> Callable[..., Any]:
    """Asks the network and gives the JSON that it answers with."""
    return lambda *words: json.loads(tell("network", *words, "--json"))


def names(parties: list[dict[str, Any]]) -> list[str]:
    return [party["name"] for party in parties]


def test_companies_that_own_each_other_are_shown_as_a_circle(answer: Answer, tell: Tell) -> None:
    circles = answer("circles")

    assert ["Fictional Alpha Mills", "Fictional Beta Mills"] in [
        sorted(names(one["parties"])) for one in circles["owners"]
    ]
    around = tell("network", "around", "Fictional Alpha Mills")
    assert "Circle of owners: " in around


def test_an_owner_of_an_owner_is_followed_to_where_nobody_is_named(answer: Answer) -> None:
    owners = answer("around", "Fictional Gamma Weavers")["owners"]

    told = {owner["party"]["name"]: (owner["level"], owner["ending"]) for owner in owners}
    assert told["Fictional Holding"] == (1, None)
    assert told["not disclosed"] == (2, "not disclosed, as the source says")


def test_every_path_names_the_rows_that_tell_of_it(answer: Answer, tell: Tell) -> None:
    found = answer("path", "Fictional Alpha Mills", "Fictional Gamma Weavers", "--all", "--max-length", "2")

    through = {path["parties"][1]["party_kind"] for path in found["paths"]}
    assert through == {"person", "labour_agent", "supplier"}
    ties = [tie for path in found["paths"] for step in path["steps"] for tie in step]
    assert {tie["edge_kind"] for tie in ties} == {"officer", "labour_agent", "ownership", "parent"}
    for tie in ties:
        assert f"record {tie['record_no']}" in tell("origin", tie["row_id"])


def test_suppliers_with_one_owner_by_lei_meet_in_it(answer: Answer) -> None:
    found = answer("path", "Fictional Epsilon", "Fictional Zeta")

    assert [path["parties"][1]["party_kind"] for path in found["paths"]] == ["company"]


def test_one_address_written_two_ways_is_shared(answer: Answer) -> None:
    found = answer("path", "Fictional Alpha Mills", "Fictional Delta Dyers")

    assert [path["parties"][1]["party_kind"] for path in found["paths"]] == ["address"]


def test_tiers_go_up_by_depth_and_what_was_told_later_is_not_known(answer: Answer) -> None:
    upstream = answer("tiers", "Fictional Alpha Mills")["upstream"]

    assert [(one["party"]["name"], one["tiers_up"]) for one in upstream] == [
        ("Fictional Cutting Room", 1),
        ("Fictional Spinners", 2),
    ]
    counts = {(row["tier"], row["basis"]): row["undeclared"] for row in answer("tiers")}
    assert counts[2, "works for a supplier of the tier before"] == 1
    assert answer("tiers", "Fictional Beta Mills")["upstream"] == []


def test_a_buyer_in_common_is_no_tie(answer: Answer) -> None:
    found = answer("path", "Fictional Epsilon", "Opaque Holdings SA", "--max-length", "20")

    assert found["path_count"] == 0


def test_no_natural_person_is_named(tell: Tell, network_world: World) -> None:
    for path in (network_world.published() / "parquet").glob("*.parquet"):
        assert "CANARY" not in pl.read_parquet(path).write_json()
    around = tell("network", "around", "Fictional Gamma Weavers")
    assert "natural person (P" in around
    assert "CANARY" not in around


@pytest.mark.real_data
@pytest.mark.skipif(not REAL_DATA.exists(), reason="../shared/data is absent")
def test_the_circular_and_the_anonymous_statements_of_open_ownership(answer: Answer) -> None:
    circles = answer("circles")["owners"]
    opaque = answer("around", "Opaque Holdings SA")

    assert ["Alpha Corp Ltd", "Beta Corp Ltd"] in [sorted(names(one["parties"])) for one in circles]
    [tie] = [tie for tie in opaque["ties"] if tie["edge_kind"] == "ownership"]
    assert tie["interest"] == "subjectUnableToConfirmOrIdentifyBeneficialOwner"
    assert [owner["ending"] for owner in opaque["owners"]] == ["not disclosed, as the source says"]
