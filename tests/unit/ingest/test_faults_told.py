"""A record says all that is wrong with it, and in which of its items."""

import json
from pathlib import Path

from ingest.quarantine_desk import quarantine_counts
from tests.unit.ingest.conftest import CSV_SOURCE, JSON_LINES_SOURCE, Installation

HEADING = "id,name,country,workers,opened,share,parent\n"
FACILITY = """
  - table: facility
    fields:
      facility_ref: {column: id}
      supplier_ref: {column: id}
      name: {column: name}
      workers: {column: workers}
      migrant_share: {column: share}
"""


def reasons(installation: Installation) -> list[tuple[str, str, str]]:
    found = installation.query(
        "SELECT reason_code, reason, remedy FROM ingest.quarantined_record ORDER BY snapshot_sha256, record_no"
    )
    return [(code, reason, remedy) for code, reason, remedy in found]


def test_all_faults_of_a_record_are_told_the_first_decides(installation: Installation) -> None:
    """A fault that two mappings find is told once, and what follows from a fault is none of its own."""
    installation.declare(CSV_SOURCE + FACILITY, "makers.csv")
    installation.write("makers.csv", HEADING + "M1,,VN,many,,12,\nM2,Bo,VN,7,,0.5,\n")

    installation.load()

    assert reasons(installation) == [
        (
            "missing value",
            'column "name" is blank; also column "workers" is no plain number; also '
            'column "share" is not within 0 to 1',
            "Fill it at the source; without it the record cannot be used.",
        )
    ]


def test_no_more_than_five_faults_are_told(installation: Installation) -> None:
    capacity = "".join(f"      {name}: {{column: share}}\n" for name in ("latitude", "longitude", "capacity_units"))
    installation.declare(CSV_SOURCE + FACILITY + capacity + "      labour_hours: {column: opened}\n", "makers.csv")
    installation.write("makers.csv", HEADING + "M1,,VN,many,often,-999,\nM2,Bo,VN,7,1,0.5,\n")

    installation.load()

    [(_, reason, _)] = reasons(installation)
    assert reason.count("; also ") == 4
    assert reason.endswith("; and more")


def test_the_items_with_a_fault_are_numbered(notices: Installation) -> None:
    suppliers = [{"id": "s1"}, {"name": "no id"}, {"id": "s3"}, *({"name": "no id"} for _ in range(7))]
    notices.write("notices.jsonl", json.dumps({"id": "r1", "awards": [{"id": "a1", "suppliers": suppliers}]}) + "\n")

    notices.load()

    assert [reason for _, reason, _ in reasons(notices)] == ['path "$.id" is blank (items 2, 4, 5, 6, 7 and more)']


def test_the_desk_counts_records_with_the_same_first_fault_together(notices: Installation, tmp_path: Path) -> None:
    records = [
        {"id": "r1", "awards": [{"id": "a", "suppliers": [{"name": "x"}]}]},
        {"id": "r2", "awards": [{"id": "a", "suppliers": [{"id": "s"}, {"name": "x"}]}]},
        {"id": "r3", "awards": [{"id": "a", "date": "soon", "suppliers": [{"id": "s"}, {"name": "x"}]}]},
    ]
    notices.write("notices.jsonl", "".join(json.dumps(record) + "\n" for record in records))

    notices.load()

    assert len({reason for _, reason, _ in reasons(notices)}) == 3
    [count] = quarantine_counts(notices.run())
    assert (count.reason, count.records) == ('path "$.id" is blank', 3)


def test_a_share_given_as_percent_is_told_how_to_declare_it(installation: Installation) -> None:
    installation.declare(CSV_SOURCE + FACILITY, "makers.csv")
    installation.write("makers.csv", HEADING + "M1,Ada,VN,7,,12,\n")
    installation.load()
    assert "scale: 0.01" in reasons(installation)[0][2]

    installation.declare(
        (CSV_SOURCE + FACILITY).replace("{column: share}", "{column: share, scale: 0.01}"), "makers.csv"
    )
    installation.write("makers.csv", HEADING + "M1,Ada,VN,7,,57,\nM2,Bo,VN,8,,700,\n")
    installation.load()

    assert installation.query("SELECT migrant_share FROM canonical.facility") == [(0.57,)]
    assert [(code, "scale" in remedy) for code, _, remedy in reasons(installation)] == [("out of range", False)]


def test_a_factor_is_exact_for_counts(installation: Installation) -> None:
    declared = CSV_SOURCE.replace("workers: {column: workers}", "workers: {column: workers, scale: 1000}")
    installation.declare(declared, "makers.csv")
    installation.write("makers.csv", HEADING + "M1,Ada,VN,1.001,,,\nM2,Bo,VN,0.0005,,,\nM3,Cy,VN,,,,\n")

    installation.load()

    assert installation.query("SELECT workers FROM canonical.supplier ORDER BY supplier_ref") == [(1001,), (None,)]
    assert installation.quarantine() == [(2, "not a number")]


JOINED = JSON_LINES_SOURCE.replace(
    'award_ref: {parent_path: "$.id", level: 1}',
    'award_ref: {join: [{parent_path: "$.ocid"}, {parent_path: "$.id", level: 1}, "$.lot"]}',
)


def test_a_reference_is_joined_across_levels_and_needs_all_its_parts(installation: Installation) -> None:
    installation.declare(JOINED, "notices.jsonl")
    records = [
        {
            "id": "r1",
            "ocid": "o1",
            "awards": [{"id": "a", "suppliers": [{"id": "s", "lot": 1}, {"id": "s", "lot": 2}]}],
        },
        {"id": "r2", "ocid": "o2", "awards": [{"id": "a", "suppliers": [{"id": "s", "lot": 1}, {"id": "s"}]}]},
        {"id": "r3", "awards": [{"suppliers": [{"id": "s"}]}]},
    ]
    installation.write("notices.jsonl", "".join(json.dumps(record) + "\n" for record in records))

    installation.load()

    refs = "SELECT award_ref FROM canonical.award ORDER BY 1"
    assert installation.query(refs) == [("ocds:o1|a|1",), ("ocds:o1|a|2",)]
    assert [(code, reason) for code, reason, _ in reasons(installation)] == [
        ("missing value", 'path "$.lot" is blank, which is a part of a reference (item 2)'),
        ("missing value", 'path "$.ocid" and path "$.id" and path "$.lot" is blank (item 1)'),
    ]


def test_parts_may_be_blank_where_the_declaration_says_so(installation: Installation) -> None:
    installation.declare(JOINED.replace('"$.lot"]}', '"$.lot"], optional_parts: true}'), "notices.jsonl")
    record = {"id": "r2", "ocid": "o2", "awards": [{"id": "a", "suppliers": [{"id": "s"}]}]}
    installation.write("notices.jsonl", json.dumps(record) + "\n")

    installation.load()

    assert installation.query("SELECT award_ref FROM canonical.award") == [("ocds:o2|a|",)]


NOTHING_FOUND = """
  - table: contracting_process
    when: {path: "$.awards", blank: true}
    fields: {process_ref: {path: "$.id"}}
"""


def test_what_is_missing_or_empty_is_blank(installation: Installation) -> None:
    installation.declare(JSON_LINES_SOURCE + NOTHING_FOUND, "notices.jsonl")
    values = ['"awards": []', '"awards": [ ]', '"awards": {}', '"awards": null', '"awards": " "', '"other": 1']
    filled = '"awards": [{"id": "a", "suppliers": [{"id": "s"}]}]'
    lines = [f'{{"id": "r{number}", {text}}}' for number, text in enumerate([*values, filled])]
    installation.write("notices.jsonl", "\n".join(lines) + "\n")

    installation.load()

    assert installation.query("SELECT process_ref FROM canonical.contracting_process ORDER BY 1") == [
        (f"ocds:r{number}",) for number in range(len(values))
    ]
    opposite = NOTHING_FOUND.replace("blank", "not_blank")
    installation.declare(JSON_LINES_SOURCE + opposite, "notices.jsonl")
    installation.load()
    assert installation.query("SELECT process_ref FROM canonical.contracting_process") == [(f"ocds:r{len(values)}",)]
