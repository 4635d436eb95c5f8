"""Records that come twice: a repeat or an older version is accounted for, and is no fault of the source."""

from ingest.checks import check
from tests.unit.ingest.conftest import CSV_SOURCE, Installation

HEADING = "id,name,country\n"
SOUND = "".join(f"M{number},Maker {number},VN\n" for number in range(1, 31))


def test_the_older_version_is_superseded_where_the_last_is_kept(installation: Installation) -> None:
    installation.declare(CSV_SOURCE + "key_keeps: last\n", "makers*.csv")
    installation.write("makers-1.csv", HEADING + "M1,Old,VN\n")
    installation.write("makers-2.csv", HEADING + "M1,New,VN\n")

    installation.load()

    assert installation.query("SELECT name FROM canonical.supplier") == [("New",)]
    assert installation.quarantine() == [(1, "superseded")]


def test_of_three_versions_the_last_is_loaded_and_its_copy_is_a_repeat(installation: Installation) -> None:
    installation.declare(CSV_SOURCE + "key_keeps: last\n", "makers.csv")
    installation.write("makers.csv", HEADING + "M1,Old,VN\nM1,New,VN\nM1,New,VN\n")

    installation.load()

    assert installation.quarantine() == [(1, "superseded"), (2, "identical repeat")]
    counted = installation.query(
        "SELECT read_count, loaded_count, quarantined_count, repeated_count FROM ingest.source_load"
    )
    assert counted == [(3, 1, 2, 2)]


def test_a_conflict_is_no_repeat(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\nM1,Bo,VN\n")

    outcome = makers.load()

    assert makers.quarantine() == [(2, "duplicate key")]
    assert outcome["sources"]["makers"]["repeated"] == 0


def test_records_that_differ_only_beyond_the_text_that_is_kept_are_no_repeats(notices: Installation) -> None:
    long = "x" * 70_000
    notices.write("notices.jsonl", f'{{"id": "r1", "long": "{long}a"}}\n{{"id": "r1", "long": "{long}b"}}\n')

    notices.load()

    assert notices.quarantine() == [(2, "duplicate key")]


def test_many_repeats_do_not_leave_a_source_out(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + SOUND * 5)

    outcome = makers.load()
    checked = check(makers.run())

    assert outcome["sources"]["makers"]["repeated"] == 120
    assert checked["degraded"] == {}
    assert not any("of the records are loaded" in told for told in checked["warnings"].values())


def test_repeats_do_not_hide_that_most_other_records_are_faulty(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n" * 50 + "X,,VN\nY,,VN\n")

    makers.load()
    told = check(makers.run())["degraded"]["makers"]

    assert "at least half of the records are loaded" in told
    assert "(2 of 3 rows do not meet it)" in told
