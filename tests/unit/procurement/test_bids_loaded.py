"""Bids and legal costs of labour as the declared sources bring them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.ingest.conftest import Installation, installation
from tests.unit.ocds.conftest import bulk, declaration, record_package

__all__ = ["bulk", "installation", "record_package"]
Json = dict[str, Any]
BIDDER = {"id": "GB-COH-07654321", "name": "Invented Cleaning Ltd"}


def release(ocid: str, *bids: Json, number: int = 1, **content: Any) -> Json:
    return {
        "ocid": ocid,
        "id": f"{ocid}-{number}",
        "date": f"2026-03-0{number}T09:00:00Z",
        "tag": ["award"],
        "buyer": {"id": "GB-LAC-X1", "name": "Example Borough Council"},
        "parties": [{**BIDDER, "roles": ["supplier"]}],
        "tender": {"id": "T", "title": "Cleaning"},
        "bids": {"details": list(bids)},
        "awards": [{"id": "a1", "status": "active", "suppliers": [BIDDER], "value": {"amount": 1, "currency": "GBP"}}],
        **content,
    }


def bid(name: str, *tenderers: Json, amount: float | None = None, **content: Any) -> Json:
    value = {} if amount is None else {"value": {"amount": amount, "currency": "GBP"}}
    return {"id": name, "tenderers": list(tenderers), **value, **content}


def told(installation: Installation) -> list[tuple[Any, ...]]:
    return installation.query(
        "SELECT bid_ref, state_no, supplier_ref, tenderer_count, status, amount, currency FROM canonical.bid "
        "ORDER BY bid_ref, state_no"
    )


def test_a_bid_keeps_its_bidder_status_and_amount(bulk: Callable[..., Installation]) -> None:
    two = [{"id": "org-3", "name": "Third"}, {"id": "org-4", "name": "Fourth"}]
    loaded = bulk([
        release(
            "ocds-1",
            bid("b1", BIDDER, amount=100, status="valid"),
            bid("b2", {"id": "org-2", "name": "Second"}, amount=120.5, status="withdrawn"),
            bid("b3", *two, amount=150),
            bid("b4"),
        )
    ])  # fmt: skip
    assert told(loaded) == [
        ("ocds:ocds-1|b1", None, "ocds:GB-COH-07654321", 1, "valid", 100, "GBP"),
        ("ocds:ocds-1|b2", None, "ocds:ocds-1|org-2", 1, "withdrawn", 120.5, "GBP"),
        ("ocds:ocds-1|b3", None, None, 2, None, 150, "GBP"),
        ("ocds:ocds-1|b4", None, None, 0, None, None, None),
    ]


def test_one_bid_or_bidder_written_as_an_object_is_a_list_of_one(bulk: Callable[..., Installation]) -> None:
    loaded = bulk([release("ocds-1", bids={"details": {"id": "b1", "tenderers": BIDDER, "value": {"amount": 7}}})])
    assert told(loaded) == [("ocds:ocds-1|b1", None, "ocds:GB-COH-07654321", 1, None, 7, None)]


def test_each_state_of_a_process_tells_its_bids(bulk: Callable[..., Installation]) -> None:
    first = release("ocds-1", bid("b1", BIDDER, amount=100))
    second = release("ocds-1", bid("b1", BIDDER, amount=100, status="withdrawn"), number=2)
    assert [(row[1], row[4]) for row in told(bulk([first, second]))] == [(1, None), (2, "withdrawn")]


def test_records_tell_their_bids_as_releases_do(record_package: Callable[..., Installation]) -> None:
    compiled = release("ocds-1", bid("b1", BIDDER, amount=100), bid("b2", {"id": "org-2"}, amount=110))
    loaded = record_package([{"ocid": "ocds-1", "compiledRelease": {**compiled, "tag": ["compiled"]}}])
    assert [(row[0], row[2], row[5]) for row in told(loaded)] == [
        ("ocds:ocds-1|b1", "ocds:GB-COH-07654321", 100),
        ("ocds:ocds-1|b2", "ocds:ocds-1|org-2", 110),
    ]


def test_a_cost_of_labour_needs_country_amount_and_a_law(installation: Installation) -> None:
    installation.declare(declaration("labour_cost_csv"), "costs.csv")
    lines = [
        "country,currency,hourly_cost,valid_from,valid_until,basis,source",
        "Bangladesh,BDT,61.5,2026-01-01,2026-12-31,minimum wage,Fictional Act",
        "Atlantis,EUR,9,2026-01-01,,,Fictional Act",
        "India,INR,-1,2026-01-01,,,Fictional Act",
        "India,INR,48,2026-01-01,,,",
    ]
    installation.write("costs.csv", "\n".join(lines) + "\n")
    installation.load()
    columns = "country_code, currency, hourly_cost, valid_until, legal_source"
    (row,) = installation.query(f"SELECT {columns} FROM canonical.labour_cost")
    assert (row[0], row[1], float(row[2]), str(row[3]), row[4]) == ("BD", "BDT", 61.5, "2026-12-31", "Fictional Act")
    (waiting,) = installation.query("SELECT count(*) FROM ingest.quarantined_record")
    assert waiting == (3,)


@pytest.mark.parametrize("amount", ["no number", "1e9999"])
def test_a_bid_that_is_no_amount_sends_its_release_to_quarantine(
    bulk: Callable[..., Installation], amount: str
) -> None:
    broken = release("ocds-1", {"id": "b1", "tenderers": [BIDDER], "value": {"amount": amount}})
    loaded = bulk([broken, release("ocds-2", bid("b1", BIDDER, amount=1))])
    assert [row[0] for row in told(loaded)] == ["ocds:ocds-2|b1"]
