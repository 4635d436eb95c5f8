"""From a row id back to the record: the account that a person reads, and what is refused."""

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import yaml

from ingest.load import load_sources
from ingest.origin import Origin, find_origin, parse_address
from ingest.origin.account import account_lines, bytes_of
from ingest.sidecar import SUFFIX
from ingest.spec import SOURCES
from ingest.steps import fetch_source
from tests.unit.command_line import CommandLine
from tests.unit.ingest.conftest import AS_OF, CSV_SOURCE, JSON_LINES_SOURCE, Installation
from tierline.errors import ConfigError, ContractError, FetchError
from tierline.run import open_run

HEADING = "id,name,country\n"
RECORDS = 'M1,Ada,VN\nM2,"two\nlines",VN\nX,,VN\n'


@pytest.fixture
def loaded(makers: Installation) -> Installation:
    makers.write("makers.csv", HEADING + RECORDS)
    makers.load()
    return makers


def found(installation: Installation, *words: str, restricted: bool = False) -> Origin:
    return find_origin(installation.run("look"), parse_address(words), restricted=restricted)


def row_ids(installation: Installation, table: str = "supplier") -> list[str]:
    return [row[0] for row in installation.query(f"SELECT row_id FROM canonical.{table} ORDER BY record_no, item_no")]


def sha256(installation: Installation) -> str:
    return str(installation.query("SELECT snapshot_sha256 FROM ingest.source_load")[0][0])


def test_a_row_id_gives_back_the_bytes_of_its_record(loaded: Installation) -> None:
    assert [bytes_of(found(loaded, row)) for row in row_ids(loaded)] == [b"M1,Ada,VN", b'M2,"two\nlines",VN']


def test_a_quarantined_record_is_found_by_source_hash_and_number(loaded: Installation) -> None:
    origin = found(loaded, "makers", sha256(loaded)[:8], "3")

    assert bytes_of(origin) == b"X,,VN"
    assert "in quarantine, missing value" in "\n".join(account_lines(origin))


def test_the_account_says_where_the_record_came_from(loaded: Installation) -> None:
    text = "\n".join(account_lines(found(loaded, row_ids(loaded)[0])))

    for said in ("makers record 1", "makers.csv (", "hash compared", sha256(loaded), "came from", "fetched in run"):
        assert said in text
    assert "publisher         Test" in text
    assert "licence           none" in text
    assert "bytes 16 to 25 of the file (utf-8)" in text
    assert "now               loaded" in text
    assert "    M1,Ada,VN" in text


def test_an_item_of_a_record_leads_to_the_record(notices: Installation) -> None:
    line = '{"id": "r", "ocid": "o", "awards": [{"id": "a", "suppliers": [{"id": "s1"}, {"id": "s2"}]}]}'
    notices.write("notices.jsonl", f"\n{line}\n")
    notices.load()
    last = row_ids(notices, "award")[-1]

    origin = found(notices, last)

    assert last.count(":") == 3
    assert bytes_of(origin) == line.encode()
    account = "\n".join(account_lines(origin))
    assert "item              2 of this record" in account
    assert "text, written anew; --bytes gives it literally" in account


def test_nothing_of_a_record_can_act_on_the_terminal(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + 'M1,"\x1b]0;owned\x07",VN\n')
    makers.load()

    text = "\n".join(account_lines(found(makers, row_ids(makers)[0])))

    assert "\\x1b]0;owned\\x07" in text
    assert not {"\x1b", "\x07"} & set(text)


def test_a_file_that_was_changed_in_the_landing_is_refused(loaded: Installation) -> None:
    row = row_ids(loaded)[0]
    (landed,) = loaded.run().home.landing.glob("makers/*/makers.csv")
    landed.chmod(0o644)
    landed.write_text(HEADING + "M1,Eve,VN\n")

    with pytest.raises(FetchError, match="its bytes changed"):
        found(loaded, row)


def test_an_older_file_is_still_found_after_newer_ones_came(loaded: Installation) -> None:
    row = row_ids(loaded)[0]
    loaded.write("makers.csv", HEADING + "N1,New,VN\n")
    loaded.load("next")

    origin = found(loaded, row)

    assert bytes_of(origin) == b"M1,Ada,VN"
    text = "\n".join(account_lines(origin))
    assert "The source has newer files since" in text
    assert "not part of what is loaded" in text


def test_a_lost_note_is_told_and_the_record_still_given(loaded: Installation) -> None:
    (note,) = loaded.run().home.landing.glob(f"makers/*/*{SUFFIX}")
    note.unlink()

    assert "The note beside the file is lost" in "\n".join(account_lines(found(loaded, row_ids(loaded)[0])))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("makers",), "names no record"),
        (("makers:abcdefabcdef",), "names no record"),
        (("makers", "abc", "1"), "names no record"),
        (("makers", "abcdef", "one"), "names no record"),
        (("makers:abcdefabcdef:0",), "record numbers begin at 1"),
        (("makers", "abcdef", "0"), "record numbers begin at 1"),
        (("makrs", "abcdef", "1"), "no source is named 'makrs'"),
    ],
)
def test_what_names_no_record_is_told(loaded: Installation, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        found(loaded, *words)


def test_the_row_of_a_survey_class_is_said_to_stand_for_many(answers: Installation) -> None:
    with pytest.raises(ConfigError, match="stands for many records"):
        found(answers, "answers:abcdefabcdef:0")


def test_an_unknown_hash_and_a_number_beyond_the_last_are_told(loaded: Installation) -> None:
    with pytest.raises(FetchError, match="no file of makers landed with a hash that begins with"):
        found(loaded, "makers", "0" * 12, "1")
    with pytest.raises(ContractError, match="has 3 records and no number 4"):
        found(loaded, "makers", sha256(loaded), "4")


def test_a_name_with_colons_is_a_name(installation: Installation) -> None:
    installation.declare(CSV_SOURCE, "makers.csv", name="erp:eu:makers")
    installation.write("makers.csv", HEADING + RECORDS)
    installation.load()

    assert bytes_of(found(installation, row_ids(installation)[0])) == b"M1,Ada,VN"


# workbooks and Parquet


def test_a_row_of_a_workbook_is_its_element_and_its_values(installation: Installation) -> None:
    installation.declare(CSV_SOURCE.replace("kind: csv", "kind: xlsx"), "makers.xlsx")
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["id", "name", "country"], ["M1", "Ada & <Bo>", "VN"]):
        book.active.append(row)
    path = installation.write("makers.xlsx", b"")
    book.save(path)
    installation.load()

    origin = found(installation, row_ids(installation)[0])

    assert bytes_of(origin).startswith(b'<row r="2"><c r="A2"')
    text = "\n".join(account_lines(origin))
    assert "of xl/worksheets/sheet1.xml (utf-8)" in text
    assert "    name: Ada & <Bo>" in text


def test_a_row_of_parquet_has_values_and_no_bytes(installation: Installation) -> None:
    installation.declare(CSV_SOURCE.replace("kind: csv", "kind: parquet"), "makers.parquet")
    path = installation.write("makers.parquet", b"")
    pl.DataFrame({"id": ["M1", "M2"], "name": ["Ada", None], "country": ["VN", "VN"]}).write_parquet(path)
    installation.load()

    origin = found(installation, row_ids(installation)[0])
    assert "Parquet keeps columns, so a row has no bytes" in "\n".join(account_lines(origin))
    assert "    name: Ada" in "\n".join(account_lines(origin))
    with pytest.raises(ContractError, match="has no bytes of its own"):
        bytes_of(origin)
    assert (found(installation, "makers", sha256(installation), "2").place.values or {})["name"] is None


def test_a_row_of_a_web_page_is_its_markup(installation: Installation) -> None:
    installation.declare(CSV_SOURCE.replace("kind: csv", "kind: html"), "makers.html")
    first = "<tr class=a><td>M1<td>Ada</td><td>VN</td>\r\n"
    second = "<TR ><td>M2</td><td>é <b>Bo</b><!-- </tr> --></td><td>VN</td></tr >"
    rows = f"<tr><th>id<th>name<th>country</tr>{first}{second}"
    page = f"<html><body><h2>Makers</h2>\r\n<table>{rows}</table></body></html>"
    installation.write("makers.html", page)
    installation.load()

    assert [bytes_of(found(installation, row)).decode() for row in row_ids(installation)] == [first, second]
    assert page.encode()[found(installation, row_ids(installation)[1]).place.start or 0 :].startswith(b"<TR >")


# restricted sources


@pytest.fixture
def asked(answers: Installation) -> Installation:
    answers.write(
        "answers.json",
        json.dumps({"results": [{"_uuid": "u1", "site": "s", "_submission_time": "2026-01-02", "note": "CANARY"}]}),
    )
    answers.load()
    return answers


def test_a_restricted_record_is_refused_unless_its_owner_asks(asked: Installation) -> None:
    with pytest.raises(ConfigError, match="answers of single workers"):
        found(asked, "answers", sha256(asked), "1")


def test_the_owner_of_the_restricted_store_may_look_and_nothing_stays(
    asked: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    before = sorted(asked.root.rglob("*"))

    origin = found(asked, "answers", sha256(asked), "1", restricted=True)

    assert b"CANARY" in bytes_of(origin)
    assert "CANARY" not in caplog.text
    assert sorted(asked.root.rglob("*")) == before


def test_a_store_that_others_may_open_is_not_read(asked: Installation) -> None:
    asked.run().home.restricted.chmod(0o755)

    with pytest.raises(ConfigError, match="other accounts may open"):
        found(asked, "answers", sha256(asked), "1", restricted=True)


# processes with several releases


def test_the_other_releases_of_a_process_are_named(installation: Installation) -> None:
    installation.declare(JSON_LINES_SOURCE + "merge: ocds\n", "releases.jsonl")
    releases = [
        {"ocid": "ocds-1", "id": f"r{number}", "date": f"2026-0{number}-01T00:00:00Z", "tag": ["award"],
         "awards": [{"id": "a", "status": "active", "suppliers": [{"id": "s", "name": "S"}]}]}
        for number in (1, 2, 3)
    ]  # fmt: skip
    installation.write("releases.jsonl", "\n".join(json.dumps(release) for release in releases))
    installation.load()
    digest = sha256(installation)

    origin = found(installation, "notices", digest, "2")

    assert json.loads(bytes_of(origin))["id"] == "r2"
    text = "\n".join(account_lines(origin))
    assert "ocds-1: 2 other releases" in text
    assert f"{digest[:12]} record 1, id r1, 2026-01-01T00:00:00Z" in text
    assert "id r3" in text


def test_the_command_writes_bytes_to_standard_output(tmp_path: Path, command_line: CommandLine) -> None:
    fixture = SOURCES / "erp_vendor_master" / "fixtures" / "vendor_master.csv"
    (tmp_path / "vendors.csv").write_bytes(fixture.read_bytes())
    config = tmp_path / "tierline.yml"
    config.write_text(yaml.safe_dump({"home": "home", "sources": [{"id": "erp_vendor_master", "path": "vendors.csv"}]}))
    run = open_run(config, run_id="first", today=AS_OF)
    fetch_source(run, "erp_vendor_master")
    load_sources(run)
    digest = next(
        path.name for path in (tmp_path / "home" / "landing" / "erp_vendor_master").iterdir() if path.is_dir()
    )

    words = ("erp_vendor_master", digest[:10], "1", "--config", str(config))
    code, content = command_line("origin", *words, "--bytes")

    assert code == 0
    assert content.encode() in fixture.read_bytes()
    assert content.strip()
    assert "erp_vendor_master record 1" in command_line("origin", *words)[1]
