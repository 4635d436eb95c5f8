"""The interfaces that the tests read: for each a small declaration, and how it is configured."""

from dataclasses import dataclass, field
from typing import Any

from tests.protocol.server import ASSET, TOKEN, ProtocolServer

CREDENTIAL = "paged_test"
SECRET = {"TIERLINE_CREDENTIAL_PAGED_TEST": TOKEN}

_HEAD = """
id: {id}
title: {id}
publisher: Test
licence: {{name: none}}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: {sensitivity}
reference_namespace: test
shape_checked: false
volume: {{minimum: 0}}
"""
_RELEASES = """
format: {kind: json, records: "$.releases[*]"}
key: ["$.ocid", "$.id", "$.date"]
mapping:
  - table: supplier
    each: "$.parties[*]"
    fields:
      supplier_ref: {path: "$.id"}
      name: {path: "$.name"}
  - table: award
    each: ["$.awards[*]", "$.suppliers[*]"]
    fields:
      award_ref: {sql: "(record->>'$.ocid') || '|' || (item_1->>'$.id')"}
      process_ref: {parent_path: "$.ocid"}
      supplier_ref: {path: "$.id"}
      supplier_name: {path: "$.name"}
      awarded_on: {parent_path: "$.date", level: 1}
      amount: {parent_path: "$.value.amount", level: 1}
      currency: {parent_path: "$.value.currency", level: 1}
"""
_ANSWERS = """
format: {kind: json, records: "$.results[*]"}
key: ['$."meta/rootUuid"']
key_keeps: last
survey: {place: offsite_survey}
mapping:
  - table: survey_answer
    questions:
      '$."q/documents_held"': {indicator: F07, adverse: ["yes"], not_adverse: ["no"]}
      '$."q/wages_late"': {indicator: F08, adverse: ["yes"], not_adverse: ["no"]}
    fields:
      respondent_key: {path: '$."meta/rootUuid"'}
      facility_ref: {path: '$."site/site_id"'}
      supplier_ref: {path: '$."site/vendor_id"'}
      submitted_on: {path: "$._submission_time"}
"""
_LOCATIONS = """
format: {kind: json, records: "$.data[*]"}
key: ["$.os_id"]
mapping:
  - table: supplier
    fields:
      supplier_ref: {path: "$.os_id"}
      name: {path: "$.name"}
      country_code: {path: "$.country.alpha_2"}
  - table: facility
    fields:
      facility_ref: {path: "$.os_id"}
      supplier_ref: {path: "$.os_id"}
      name: {path: "$.name"}
      latitude: {path: "$.coordinates.lat"}
      longitude: {path: "$.coordinates.lng"}
"""
_ROWS = """
format: {kind: json, records: "$.data[*]"}
key: ["$.id"]
key_keeps: last
mapping:
  - table: supplier
    fields:
      supplier_ref: {path: "$.id"}
      name: {path: "$.name"}
      country_code: {path: "$.country"}
  - table: facility
    fields:
      facility_ref: {path: "$.site.id"}
      supplier_ref: {path: "$.id"}
      name: {path: "$.site.name"}
"""
_KEPT_SHORT = {"retries": 2, "requests_per_minute": 6000, "total_timeout_seconds": 60, "read_timeout_seconds": 10}


@dataclass(frozen=True)
class Interface:
    """One interface of the server: the declaration, the connection, and the query of its second page."""

    name: str
    path: str
    declaration: str
    connection: dict[str, Any]
    tables: tuple[str, ...]
    second_page: dict[str, str] = field(default_factory=dict)
    sensitivity: str = "public"
    credential: str | None = None

    def source(self, server: ProtocolServer, **changes: Any) -> dict[str, Any]:
        """Gives the text of its declaration, with the address of the server in it."""
        address = "" if self.connection["kind"] == "kobo_api" else self.path
        return {"url": server.url(address), **_KEPT_SHORT, **self.connection, **changes}

    def head(self) -> str:
        return _HEAD.format(id=self.name, sensitivity=self.sensitivity) + self.declaration


_WINDOWS = {"start": "2026-01-01", "window_days": 5, "overlap_days": 10, "size_parameter": "limit", "page_size": 4}
_RELEASE_TABLES = ("supplier", "award")
_ROW_TABLES = ("supplier", "facility")


def _rest(name: str, second_page: dict[str, str], **connection: Any) -> Interface:
    return Interface(
        f"rest_{name}", f"/rest/{name}", _ROWS, {"kind": "rest_json", **connection}, _ROW_TABLES, second_page
    )


INTERFACES = {
    interface.name: interface
    for interface in (
        Interface(
            "ocds_links",
            "/ocds/links",
            _RELEASES,
            {"kind": "ocds_api", "paging": "next_link", "reads_twice": True, **_WINDOWS},
            _RELEASE_TABLES,
            {"offset": "4"},
        ),
        Interface(
            "ocds_cursor",
            "/ocds/cursor",
            _RELEASES,
            {"kind": "ocds_api", "paging": "cursor", **_WINDOWS},
            _RELEASE_TABLES,
            {"cursor": "2026-01-02T06:00:00Z|ocds-test01-00003-1"},
        ),
        Interface(
            "kobo",
            f"/api/v2/assets/{ASSET}/data/",
            _ANSWERS,
            {"kind": "kobo_api", "asset": ASSET, "page_size": 4},
            ("survey_answer",),
            {"start": "4"},
            "restricted",
            CREDENTIAL,
        ),
        Interface(
            "open_supply_hub",
            "/api/v1/production-locations/",
            _LOCATIONS,
            {"kind": "opensupplyhub_api", "page_size": 4},
            _ROW_TABLES,
            {"search_after[value]": "Mill 001"},
            credential=CREDENTIAL,
        ),
        _rest("whole", {}),
        _rest("pages", {"page": "2"}, paging="page"),
        _rest("offset", {"offset": "4"}, paging="offset", total_path="$.total", record_id="$.id"),
        _rest("links", {"from": "4"}, paging="next_link", reads_twice=True),
        _rest("cursor", {"cursor": "r0003"}, paging="cursor", cursor_path="$.meta.cursor"),
    )
}
