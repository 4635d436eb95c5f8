"""A mapping turns text into typed rows, or says why it cannot."""

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.ingest.conftest import CSV_SOURCE, JSON_LINES_SOURCE, Installation

HEADING = "id,name,country,workers,opened,share,parent\n"

FINDINGS = """
id: visits
title: Visits
publisher: Test
licence: {name: none}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: public
reference_namespace: mine
shape_checked: false
format: {kind: csv}
columns: [visit, seen_on, forced, children, grade]
enumerations: {outcomes: {"1": adverse, "0": clean}, grades: {bad: major, fair: null}}
mapping:
  - table: audit_finding
    when: {each_column: answer, not_blank: true}
    each_of: [{issue: forced labour, answer: forced}, {issue: child labour, answer: children}]
    fields:
      finding_ref: {join: [visit, seen_on]}
      scheme: {value: TEST}
      issue_code: {each: issue}
      outcome: {each_column: answer, enumeration: outcomes}
      grade: {column: grade, enumeration: grades}
      found_on: {column: seen_on, formats: ["%d/%m/%Y", "%Y-%m-%d"]}
      source_type: {value: field_visit}
"""


def test_fields_are_typed_and_references_get_their_namespace(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + " M1 , Ada Mills ,Viet Nam,1200,,,P9\nM2,Bo Ltd,Atlantis,n/a,,,\n")

    makers.load()

    assert makers.query(
        "SELECT row_id, supplier_ref, name, country_code, country_text, workers, parent_ref, item_no, known_on "
        "FROM canonical.supplier ORDER BY record_no"
    ) == [
        (makers.query("SELECT row_id FROM canonical.supplier WHERE record_no = 1")[0][0], "erp:M1", "Ada Mills", "VN",
         "Viet Nam", 1200, "erp:P9", None, None),
        (makers.query("SELECT row_id FROM canonical.supplier WHERE record_no = 2")[0][0], "erp:M2", "Bo Ltd", None,
         "Atlantis", None, None, None, None),
    ]  # fmt: skip
    ((row_id, sha),) = makers.query("SELECT row_id, snapshot_sha256 FROM canonical.supplier WHERE record_no = 2")
    assert row_id == f"makers:{sha[:12]}:2"


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\ufeff", "\n", " \u00a0 "])
def test_blanks_of_any_kind_around_a_text_are_no_part_of_it(makers: Installation, blank: str) -> None:
    makers.write("makers.csv", HEADING + f'M1,"{blank}Ada\nMills é{blank}","{blank}VN","{blank}n/a{blank}",,,\n')

    makers.load()

    assert makers.query("SELECT name, country_text, workers FROM canonical.supplier") == [("Ada\nMills é", "VN", None)]


def test_raw_keeps_the_text_as_it_is(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + ' M1 ,"=HYPERLINK(""x"")",VN,01200,,,n/a\n')

    makers.load(run_id="r7")

    assert makers.query("SELECT id, name, workers, parent, _record_no, _source_id, _run_id FROM raw.makers") == [
        (" M1 ", '=HYPERLINK("x")', "01200", "n/a", 1, "makers", "r7")
    ]


@pytest.mark.parametrize(
    ("workers", "code"),
    [
        ("12.5", "not a number"),
        ("many", "not a number"),
        ("1,200", "not a number"),
        ("=1+1", "not a number"),
        ("NaN", "not a number"),
        ("Infinity", "not a number"),
        ("1e9999", "out of range"),
        ("-1", "out of range"),
        ("99999999999999999999", "out of range"),
    ],
)
def test_what_is_no_number_goes_to_quarantine(makers: Installation, workers: str, code: str) -> None:
    makers.write("makers.csv", HEADING + f'M1,Ada,VN,"{workers}",,,\nM2,Bo,VN,1e3,,,\n')

    makers.load()

    assert makers.quarantine() == [(1, code)]
    assert makers.query("SELECT workers FROM canonical.supplier") == [(1000,)]
    ((reason,),) = makers.query("SELECT reason FROM ingest.quarantined_record")
    assert 'column "workers"' in reason
    assert workers not in reason


def test_thousands_are_read_where_the_declaration_says_how(installation: Installation) -> None:
    field = "{column: workers, thousands_separator: '.', decimal_mark: ','}"
    installation.declare(CSV_SOURCE.replace("{column: workers}", field), "makers.csv")
    installation.write("makers.csv", HEADING + 'M1,Ada,VN,"1.200,0",,,\n')

    installation.load()

    assert installation.query("SELECT workers FROM canonical.supplier") == [(1200,)]


@pytest.mark.parametrize(
    ("opened", "code"),
    [
        ("2020-02-30", "not a date"),
        ("31.12.2020", "not a date"),
        ("0001-01-01", "out of range"),
        ("2077-01-01", "out of range"),
    ],
)
def test_impossible_dates_go_to_quarantine(installation: Installation, opened: str, code: str) -> None:
    installation.declare(FINDINGS.replace('formats: ["%d/%m/%Y", "%Y-%m-%d"]', "formats: []"), "visits.csv")
    installation.write(
        "visits.csv", f"visit,seen_on,forced,children,grade\nV1,{opened},1,,\nV2,2020-02-29T10:00:00Z,1,,\n"
    )

    installation.load()

    assert installation.quarantine() == [(1, code)]
    assert installation.query("SELECT found_on FROM canonical.audit_finding") == [(date(2020, 2, 29),)]


def test_each_of_gives_a_row_for_each_entry_that_meets_the_conditions(installation: Installation) -> None:
    installation.declare(FINDINGS, "visits.csv")
    installation.write(
        "visits.csv", "visit,seen_on,forced,children,grade\nV1,05/02/2020,1,0,bad\nV2,2020-02-06,,1,fair\n"
    )

    installation.load()

    assert installation.query(
        "SELECT finding_ref, issue_code, outcome, grade, found_on, item_no FROM canonical.audit_finding ORDER BY ALL"
    ) == [
        ("mine:V1|05/02/2020", "child labour", "clean", "major", date(2020, 2, 5), 2),
        ("mine:V1|05/02/2020", "forced labour", "adverse", "major", date(2020, 2, 5), 1),
        ("mine:V2|2020-02-06", "child labour", "adverse", None, date(2020, 2, 6), 2),
    ]


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        ("bad", "major"),
        ("fair", None),
        ("fair; bad", "major"),
        ("new;bad", "major"),
        ("worse;bad", "critical"),
        ("bad;worse", "critical"),
        ("fair;fair; ", None),
        ("", None),
        ("fair;new", "unknown value"),
        ("new", "unknown value"),
        (";", "unknown value"),
    ],
)
def test_of_several_values_the_first_entry_that_gives_something_decides(
    installation: Installation, cell: str, grade: str | None
) -> None:
    several = FINDINGS.replace("grades: {bad:", "grades: {worse: critical, bad:").replace(
        "{column: grade, enumeration: grades}", '{column: grade, split: [";"], enumeration: grades}'
    )
    installation.declare(several, "visits.csv")
    installation.write("visits.csv", f"visit,seen_on,forced,children,grade\nV1,2024-05-06,1,,{cell}\n")

    installation.load()

    found = installation.query("SELECT grade FROM canonical.audit_finding")
    assert (found or installation.query("SELECT reason_code FROM ingest.quarantined_record")) == [(grade,)]


def test_a_value_outside_of_its_enumeration_is_never_guessed(installation: Installation) -> None:
    installation.declare(FINDINGS, "visits.csv")
    installation.write("visits.csv", "visit,seen_on,forced,children,grade\nV1,2020-02-05,1,perhaps,bad\n")

    installation.load()

    assert installation.quarantine() == [(1, "unknown value")]
    assert installation.query("SELECT count(*) FROM canonical.audit_finding") == [(0,)]


def test_a_record_is_quarantined_whole_over_all_its_mappings(installation: Installation) -> None:
    facility = """
  - table: facility
    fields:
      facility_ref: {column: id}
      supplier_ref: {column: id}
      name: {column: name}
      migrant_share: {column: share}
"""
    installation.declare(CSV_SOURCE + facility, "makers.csv")
    installation.write("makers.csv", HEADING + "M1,Ada,VN,,,1.5,\nM2,Bo,VN,,,0.5,\n")

    installation.load()

    assert installation.quarantine() == [(1, "out of range")]
    assert installation.query("SELECT supplier_ref FROM canonical.supplier") == [("erp:M2",)]
    assert installation.query("SELECT supplier_ref, migrant_share FROM canonical.facility") == [("erp:M2", 0.5)]


@pytest.mark.parametrize("capacity", ["1e9999", "-1", "NaN"])
def test_a_number_without_an_upper_bound_is_finite_all_the_same(installation: Installation, capacity: str) -> None:
    facility = """
  - table: facility
    fields:
      facility_ref: {column: id}
      supplier_ref: {column: id}
      name: {column: name}
      capacity_units: {column: share}
"""
    installation.declare(CSV_SOURCE + facility, "makers.csv")
    installation.write("makers.csv", HEADING + f"M1,Ada,VN,,,{capacity},\nM2,Bo,VN,,,1e6,\n")

    installation.load()

    assert [record for record, _ in installation.quarantine()] == [1]
    assert installation.query("SELECT capacity_units FROM canonical.facility") == [(1e6,)]


def test_two_mappings_to_one_table_give_unique_row_ids(installation: Installation) -> None:
    parent = """
  - table: supplier
    when: {column: parent, not_blank: true}
    fields:
      supplier_ref: {column: parent}
      name: {join: [parent, name], separator: " of "}
"""
    installation.declare(CSV_SOURCE + parent, "makers.csv")
    installation.write("makers.csv", HEADING + "M1,Ada,VN,,,,P1\nM2,Bo,VN,,,,\n")

    installation.load()

    rows = installation.query("SELECT row_id, name FROM canonical.supplier ORDER BY row_id")
    assert len({row_id for row_id, _ in rows}) == 3
    assert {name for _, name in rows} == {"Ada", "Bo", "P1 of Ada"}


def test_arrays_are_unnested_level_by_level(notices: Installation) -> None:
    notices.write(
        "notices.jsonl",
        '{"id":"r1","ocid":"o1","awards":[{"id":"a1","date":"2020-05-01T00:00:00Z","value/amount":10.5,"suppliers":'
        '[{"id":"s1","name":"One"},{"id":"s2"}]},{"id":"a2","suppliers":{"id":"s3"}}]}\n{"id":"r2","ocid":"o2"}\n',
    )

    outcome = notices.load()

    assert outcome["sources"]["notices"]["loaded"] == 2
    assert notices.query(
        "SELECT award_ref, process_ref, supplier_ref, supplier_name, awarded_on, amount, item_no "
        "FROM canonical.award ORDER BY item_no"
    ) == [
        ("ocds:a1", "ocds:o1", "ocds:s1", "One", date(2020, 5, 1), Decimal("10.50"), 1),
        ("ocds:a1", "ocds:o1", "ocds:s2", None, date(2020, 5, 1), Decimal("10.50"), 2),
        ("ocds:a2", "ocds:o1", "ocds:s3", None, None, None, 3),
    ]


def test_a_number_beyond_all_bounds_in_json_goes_to_quarantine(notices: Installation) -> None:
    notices.write("notices.jsonl", '{"id":"r1","awards":[{"id":"a","value/amount":1e9999,"suppliers":[{"id":"s"}]}]}\n')

    notices.load()

    assert notices.quarantine() == [(1, "out of range")]


def test_the_declaration_may_use_sql_over_record_and_item(installation: Installation) -> None:
    declared = JSON_LINES_SOURCE.replace(
        'supplier_name: {path: "$.name"}', "supplier_name: {sql: \"upper(item->>'$.name') || (record->>'$.ocid')\"}"
    )
    installation.declare(declared, "notices.jsonl")
    installation.write(
        "notices.jsonl", '{"id":"r","ocid":"o","awards":[{"id":"a","suppliers":[{"id":"s","name":"x"}]}]}'
    )

    installation.load()

    assert installation.query("SELECT supplier_name FROM canonical.award") == [("Xo",)]


def test_a_mapping_that_is_no_sql_fails_its_source_alone(makers: Installation) -> None:
    makers.declare(JSON_LINES_SOURCE.replace('{path: "$.name"}', '{sql: "no_such_function(item)"}'), "notices.jsonl")
    makers.write("notices.jsonl", '{"id":"r"}\n')
    makers.write("makers.csv", HEADING + "M1,Ada,VN,,,,\n")

    outcome = makers.load()

    assert "no_such_function" in outcome["degraded"]["notices"]
    assert outcome["sources"]["makers"]["loaded"] == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Burma", "MM"), ("ENGLAND", "GB"), ("UK", "GB"), ("Ivory Coast", "CI"), ("Côte d’Ivoire", "CI"),
        ("Swaziland", "SZ"), ("Viet Nam", "VN"), ("Congo, Democratic Republic of the", "CD"), ("Alemania", "DE"),
        ("Chine", "CN"), ("BRA", "BR"), ("no", "NO"), ("Trinidad & Tobago", "TT"), ("Türkiye", "TR"), ("Narnia", None),
    ],
)  # fmt: skip
def test_countries_are_known_by_name_and_code(makers: Installation, text: str, code: str | None) -> None:
    makers.write("makers.csv", HEADING + f'M1,Ada,"{text}",,,,\n')

    makers.load()

    assert makers.query("SELECT country_code, country_text FROM canonical.supplier") == [(code, text)]
