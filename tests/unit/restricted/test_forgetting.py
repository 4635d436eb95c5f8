"""Withdrawal and retention: what is deleted is in no file any more, stays away, and reaches the outputs late."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest import forgetting, rewriting
from ingest.forgetting import purge, withdraw
from ingest.sealed_store import sealed_store
from ingest.steps import fetch_source, load, survey
from tierline.errors import ConfigError, FetchError
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

AS_OF = date(2026, 8, 1)
HEADINGS = "response_id,submitted_on,site_id,vendor_id,place,documents_held,comment"
SOURCE = "survey"


def line(number: int, *, site: str = "S1", day: str = "2026-05-04", answer: str = "no") -> str:
    """One sheet whose reference and comment are canaries."""
    return f"CANARY-REF-{number:04d},{day},{site},V1,offsite,{answer},CANARY-TEXT-{number:04d} it is bad"


class House:
    """One survey file and its home."""

    def __init__(self, root: Path, *, encrypt: bool = True) -> None:
        self.root, self.encrypt = root, encrypt
        self.path = root / "answers.csv"

    def write(self, *lines: str) -> None:
        self.path.write_text("\n".join([HEADINGS, *lines]) + "\n")

    def run(self, as_of: date = AS_OF, run_id: str = "r1") -> Run:
        source = SourceConfig(id="survey_csv", name=SOURCE, path=str(self.path))
        settings = Settings(home=self.root / "home", sources=(source,), threads=1, encrypt_restricted=self.encrypt)
        return Run(run_id, as_of, settings, PROJECT)

    def load(self, as_of: date = AS_OF, run_id: str = "r1") -> dict[str, str]:
        run = self.run(as_of, run_id)
        fetch_source(run, SOURCE)
        degraded: dict[str, str] = load(run)["degraded"]
        return degraded

    def classes(self, as_of: date = AS_OF) -> list[tuple[str, str, int | None]]:
        """Site, class and least number of respondents of every class that is out."""
        survey(self.run(as_of))
        with connect(self.run().home.warehouse, read_only=True) as warehouse:
            return warehouse.execute(
                "SELECT facility_ref, class, respondents_at_least FROM canonical.survey_class ORDER BY 1"
            ).fetchall()

    def respondents(self) -> int:
        with sealed_store(self.run(), read_only=True) as store:
            row = store.execute("SELECT count(DISTINCT respondent_key) FROM canonical.survey_answer").fetchone()
            return int(row[0]) if row else 0

    def files_with(self, text: str) -> list[str]:
        """Names of the files below the home that hold the text; no failure quotes a file."""
        home = self.run().home.root
        return [path.name for path in home.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def plain(tmp_path: Path) -> House:
    """Nothing is encrypted, so that a search for bytes is able to find what was left."""
    return House(tmp_path, encrypt=False)


def test_landed_answers_are_sealed_and_read_again(house: House) -> None:
    house.write(*map(line, range(12)))

    assert house.load() == {}

    assert house.respondents() == 12
    assert house.files_with("CANARY") == []
    assert house.load(run_id="r2") == {}


def test_what_an_earlier_version_landed_plain_is_sealed_by_the_next_load(house: House) -> None:
    house.encrypt = False
    house.write(*map(line, range(12)))
    house.load()
    assert "answers.csv" in house.files_with("CANARY-TEXT")

    house.encrypt = True

    assert house.load(run_id="r2") == {}
    assert house.files_with("CANARY") == []
    assert house.respondents() == 12


def test_a_sealed_file_that_was_changed_is_refused(house: House) -> None:
    house.write(*map(line, range(12)))
    house.load()
    (landed,) = house.run().home.restricted.glob(f"landing/{SOURCE}/*/answers.csv")
    changed = bytearray(landed.read_bytes())
    changed[-20] ^= 1
    landed.write_bytes(changed)

    assert "cannot be opened" in load(house.run())["degraded"][SOURCE]


def test_one_who_withdraws_is_in_no_file_any_more(plain: House) -> None:
    plain.write(*map(line, range(30)))
    plain.load()
    assert len(plain.files_with("CANARY-TEXT-0007")) >= 1, "the search is able to find it"

    told = withdraw(plain.run(), SOURCE, ["CANARY-REF-0007"])

    assert told == {"source": SOURCE, "withdrawn": 1, "records": 1, "files_removed": 0}
    assert plain.files_with("CANARY-REF-0007") == []
    assert plain.files_with("CANARY-TEXT-0007") == []
    assert plain.files_with("CANARY-TEXT-0008") == ["answers.csv"], "the others stay"
    load(plain.run())
    assert plain.respondents() == 29


def test_a_later_fetch_does_not_bring_an_answer_back(plain: House) -> None:
    plain.write(*map(line, range(30)))
    plain.load()
    withdraw(plain.run(), SOURCE, ["CANARY-REF-0007"])

    assert plain.load(run_id="r2") == {}
    assert plain.respondents() == 29
    plain.write(*map(line, range(31)))
    assert plain.load(run_id="r3") == {}

    assert plain.respondents() == 30
    assert plain.files_with("CANARY-TEXT-0007") == []


def test_withdrawing_twice_changes_nothing_more(house: House) -> None:
    house.write(*map(line, range(30)))
    house.load()
    withdraw(house.run(), SOURCE, ["CANARY-REF-0007"])

    assert withdraw(house.run(), SOURCE, ["CANARY-REF-0007"])["records"] == 0
    load(house.run())
    assert house.respondents() == 29


@pytest.mark.parametrize("killed_in", ["forget_source", "_withhold_everywhere"])
def test_a_withdrawal_that_was_killed_is_ended_by_the_next_load(
    plain: House, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    plain.write(*map(line, range(30)))
    plain.load()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, killed_in, killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(plain.run(), SOURCE, ["CANARY-REF-0007"])
    if killed_in == "forget_source":
        withdraw(plain.run(), SOURCE, ["CANARY-REF-0007"])
    load(plain.run())

    assert plain.respondents() == 29
    assert plain.files_with("CANARY-TEXT-0007") == []


def test_withdrawals_reach_the_class_of_a_site_ten_at_a_time(house: House) -> None:
    house.write(*(line(number, answer="yes" if number < 9 else "no") for number in range(40)))
    house.load()
    before = house.classes()
    assert before == [("erp:S1", "fires_strongly", 40)]

    withdraw(house.run(), SOURCE, [f"CANARY-REF-{number:04d}" for number in range(9)])
    load(house.run())
    assert house.classes() == before, "nine changes are too few"

    withdraw(house.run(), SOURCE, ["CANARY-REF-0020"])
    load(house.run())
    assert house.classes(date(2026, 8, 2)) == [("erp:S1", "undetermined", 30)]
    assert house.classes() == before, "the day before is as it was"


def test_fewer_withdrawals_reach_it_when_the_waves_time_is_over(house: House) -> None:
    house.write(*(line(number, answer="yes" if number < 9 else "no") for number in range(40)))
    house.load()
    house.classes()
    withdraw(house.run(), SOURCE, [f"CANARY-REF-{number:04d}" for number in range(9)])
    load(house.run())

    assert house.classes(date(2028, 7, 28)) == [("erp:S1", "fires_strongly", 40)]
    assert house.classes(date(2028, 7, 29)) == [("erp:S1", "undetermined", 30)]


def test_what_may_be_kept_no_longer_is_in_no_file_any_more(plain: House) -> None:
    old = [line(number, day="2026-05-04") for number in range(20)]
    new = [line(number, day="2027-05-04") for number in range(20, 40)]
    plain.write(*old, *new)
    plain.load()
    assert plain.files_with("CANARY-TEXT-0003") != []

    assert purge(plain.run(date(2028, 7, 28))) == {SOURCE: {"records": 0, "files": 0}}
    told = purge(plain.run(date(2028, 7, 29)))

    assert told == {SOURCE: {"records": 20, "files": 0}}
    for number in range(20):
        assert plain.files_with(f"CANARY-REF-{number:04d}") == []
        assert plain.files_with(f"CANARY-TEXT-{number:04d}") == []
    load(plain.run())
    assert plain.respondents() == 20
    assert plain.files_with("CANARY-TEXT-0003") == []


def test_a_class_is_decided_before_its_answers_are_purged(house: House) -> None:
    house.write(*(line(number, answer="yes") for number in range(20)))
    house.load()

    purge(house.run(date(2028, 7, 29)))
    load(house.run(date(2028, 7, 29)))

    assert house.respondents() == 0
    assert house.classes(date(2028, 7, 29)) == [("erp:S1", "fires_strongly", 20)]


def test_files_that_were_replaced_are_purged(plain: House) -> None:
    plain.write(*map(line, range(20)))
    plain.load()
    plain.write(*map(line, range(10)))
    plain.load(run_id="r2")
    assert plain.files_with("CANARY-TEXT-0015") != []

    purge(plain.run())

    assert plain.files_with("CANARY-TEXT-0015") == []
    assert load(plain.run())["degraded"] == {}
    assert plain.respondents() == 10


def test_a_purge_that_was_killed_is_ended_by_the_next_load(plain: House, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.write(*map(line, range(20)))
    plain.load()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rewriting, "rewrite_store", killed)
        with pytest.raises(KeyboardInterrupt):
            purge(plain.run(date(2028, 7, 29)))
    load(plain.run())

    assert plain.respondents() == 0
    assert plain.files_with("CANARY-TEXT") == []


def test_nothing_stays_open_when_a_load_was_killed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write(*map(line, range(12)))
    house.load()
    left = house.run().home.restricted / ".opened-999999999" / "x"
    left.mkdir(parents=True, mode=0o700)
    left.parent.chmod(0o700)
    (left / "answers.csv").touch(mode=0o600)
    (left / "answers.csv").write_text("CANARY-LEFT")

    load(house.run())

    assert house.files_with("CANARY-LEFT") == []
    assert [path.name for path in house.run().home.restricted.glob(".opened*")] == []


def test_a_packed_file_that_holds_a_withdrawn_answer_goes_whole(house: House) -> None:
    import gzip

    house.path = house.root / "answers.csv.gz"
    content = "\n".join([HEADINGS, *map(line, range(12))]).encode()
    house.path.write_bytes(gzip.compress(content))
    house.load()

    assert withdraw(house.run(), SOURCE, ["CANARY-REF-0003"])["files_removed"] == 1
    assert "fetch" in load(house.run())["degraded"][SOURCE].lower()


def test_an_open_source_has_nobody_to_withdraw(house: House) -> None:
    run = house.run()
    other = SourceConfig(id="erp_vendor_master", name="vendors", path="x.csv")
    run = replace(run, settings=run.settings.model_copy(update={"sources": (*run.settings.sources, other)}))

    with pytest.raises(ConfigError, match="holds no answers of workers"):
        withdraw(run, "vendors", ["V1"])


def test_no_file_of_the_store_is_open_to_others_afterwards(house: House) -> None:
    house.write(*map(line, range(12)))
    house.load()
    withdraw(house.run(), SOURCE, ["CANARY-REF-0003"])
    purge(house.run(date(2028, 7, 29)))

    for path in house.run().home.restricted.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
        assert path.stat().st_uid == os.getuid()


def test_the_error_of_a_sealed_file_quotes_nothing(house: House) -> None:
    house.write(*map(line, range(12)))
    house.load()
    (house.run().home.keys / "restricted.key").write_text("cd" * 32)

    with pytest.raises((ConfigError, FetchError)) as refused:
        load(house.run())

    is_quoted = "CANARY" in str(refused.value) or "cd" * 8 in str(refused.value)
    assert not is_quoted
