"""Invented records as each interface gives them; two entities a record, the same for the same numbers."""

from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]

FIRST_MOMENT = datetime(2026, 1, 1, 6, tzinfo=UTC)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_COUNTRIES = (("Bangladesh", "BD"), ("Viet Nam", "VN"), ("Türkiye", "TR"))


def release(number: int, moment: datetime | None = None) -> Record:
    """Gives an OCDS release with one award to two suppliers; by default a release every eight hours."""
    when = moment or FIRST_MOMENT + timedelta(hours=8 * number)
    ocid = f"ocds-test01-{number:05d}"
    suppliers = [{"id": f"GB-COH-{number:06d}{side}", "name": f"Maker {number} {side}"} for side in "AB"]
    return {
        "ocid": ocid,
        "id": f"{ocid}-1",
        "date": when.strftime(_TIME),
        "tag": ["award"],
        "language": "en",
        "initiationType": "tender",
        "buyer": {"id": "GB-LAC-E1", "name": "A council"},
        "parties": [{**supplier, "roles": ["supplier"]} for supplier in suppliers],
        "awards": [
            {
                "id": "a1",
                "status": "active",
                "date": when.strftime(_TIME),
                "value": {"amount": 1000 + number, "currency": "GBP"},
                "suppliers": suppliers,
            }
        ],
    }


def submission(number: int) -> Record:
    """Gives one answered worker survey of KoboToolbox, about a site and its supplier."""
    when = FIRST_MOMENT + timedelta(hours=number)
    return {
        "_id": 1000 + number,
        "_uuid": f"u-{number}",
        "formhub/uuid": "ffff",
        "__version__": "v1",
        "meta/instanceID": f"uuid:u-{number}",
        "meta/rootUuid": f"uuid:u-{number}",
        "_submission_time": when.strftime("%Y-%m-%dT%H:%M:%S"),
        "_submitted_by": None,
        "_geolocation": [None, None],
        "_attachments": [],
        "site/vendor_id": f"V{number % 4:05d}",
        "site/site_id": f"S{number % 5:05d}",
        "design/place": "offsite",
        "q/documents_held": "yes" if number % 3 else "no",
        "q/wages_late": "no" if number % 2 else "yes",
    }


def location(number: int) -> Record:
    """Gives one production location of Open Supply Hub; several have the same name."""
    country, code = _COUNTRIES[number % len(_COUNTRIES)]
    return {
        "os_id": f"{code}2026{number:06d}AAAAA",
        "name": f"Mill {number // 2:03d}",
        "address": f"{number} Weaver Street",
        "country": {"name": country, "alpha_2": code, "alpha_3": code + "X", "numeric": "000"},
        "sector": ["Apparel"],
        "coordinates": {"lat": 10.0 + number / 100, "lng": 20.0 + number / 100},
        "number_of_workers": {"min": 100 + number, "max": 100 + number},
        "parent_company": f"Group {number % 3}",
        "claim_status": "unclaimed",
    }


def row(number: int) -> Record:
    """Gives one record of an interface of nobody in particular: a supplier and its site."""
    country, code = _COUNTRIES[number % len(_COUNTRIES)]
    return {
        "id": f"r{number:04d}",
        "name": f"Maker {number}",
        "country": code,
        "updated": (FIRST_MOMENT + timedelta(days=number)).date().isoformat(),
        "site": {"id": f"s{number:04d}", "name": f"Works {number}, {country}"},
    }
