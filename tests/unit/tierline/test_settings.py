"""What a configuration file may say, and what a wrong one gets told."""

import json
from pathlib import Path

import pytest

from tierline.errors import ConfigError
from tierline.run import PROJECT, open_run, run_id_of_scheduler
from tierline.settings import load_settings, settings_schema

MINIMAL = "sources:\n  - id: erp_vendor_master\n    path: vendors.csv\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "tierline.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_minimal_file_is_enough(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, MINIMAL), environment={})

    assert settings.home == tmp_path / "data"
    assert settings.source("erp_vendor_master").path == "vendors.csv"


def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown key 'as_off'; did you mean as_of\?"):
        load_settings(write(tmp_path, MINIMAL + "as_off: 2026-01-01\n"), environment={})


def test_an_unknown_key_of_a_source_is_told_with_its_place(tmp_path: Path) -> None:
    text = "sources:\n  - id: a\n    path: b\n    requird: true\n"

    with pytest.raises(ConfigError, match=r"sources\.0\.requird.*did you mean required"):
        load_settings(write(tmp_path, text), environment={})


def test_a_key_that_no_other_is_near_to_is_answered_with_all_that_are_known(tmp_path: Path) -> None:
    text = "sources:\n  - {id: a, path: b, date: 2026-01-01}\n"

    with pytest.raises(ConfigError, match=r"unknown key 'sources\.0\.date'; known are id, path, connection"):
        load_settings(write(tmp_path, text), environment={})


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    text = "sources:\n  - {id: a, path: b}\n  - {id: a, path: c}\n"

    with pytest.raises(ConfigError, match="two sources have the name a"):
        load_settings(write(tmp_path, text), environment={})


def test_the_environment_wins_over_the_file_and_the_argument_over_both(tmp_path: Path) -> None:
    path = write(tmp_path, MINIMAL + "seed: 1\nhome: here\n")
    environment = {"TIERLINE_SEED": "7", "TIERLINE_HOME": str(tmp_path / "elsewhere")}

    assert load_settings(path, environment=environment).seed == 7
    assert load_settings(path, environment=environment).home == tmp_path / "elsewhere"
    assert load_settings(path, environment=environment, home=tmp_path / "third").home == tmp_path / "third"


def test_a_wrong_value_in_the_environment_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="seed"):
        load_settings(write(tmp_path, MINIMAL), environment={"TIERLINE_SEED": "many"})


@pytest.mark.parametrize("text", ["", "just words", "sources: [", "- a\n- b\n"])
def test_a_file_that_is_no_configuration_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load_settings(write(tmp_path, text), environment={})


def test_a_missing_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tierline demo"):
        load_settings(tmp_path / "none.yml", environment={})


def test_an_unknown_source_name_gets_the_nearest(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, MINIMAL), environment={})

    with pytest.raises(ConfigError, match="did you mean erp_vendor_master"):
        settings.source("erp_vendor_mastr")


@pytest.mark.parametrize("run_id", ["", "current", "latest", "../up", "a/b", "a b", "x" * 101])
def test_a_run_id_that_is_no_folder_name_is_refused(tmp_path: Path, run_id: str) -> None:
    import datetime

    with pytest.raises(ConfigError, match="is no run id"):
        open_run(write(tmp_path, MINIMAL), run_id=run_id, today=datetime.date(2026, 1, 1))


def test_the_day_is_the_argument_then_the_file_then_today(tmp_path: Path) -> None:
    from datetime import date

    path = write(tmp_path, MINIMAL + "as_of: 2026-02-02\n")
    today = date(2026, 3, 3)

    assert open_run(path, run_id="r", today=today, as_of=date(2026, 1, 1)).as_of == date(2026, 1, 1)
    assert open_run(path, run_id="r", today=today).as_of == date(2026, 2, 2)
    path.write_text(MINIMAL)
    assert open_run(path, run_id="r", today=today).as_of == today


def test_a_schedulers_run_id_becomes_a_folder_name() -> None:
    assert run_id_of_scheduler("scheduled__2026-11-01T05:00:00+00:00") == "scheduled__2026-11-01T05-00-00+00-00"


def test_the_committed_schema_is_the_one_of_the_code() -> None:
    committed = json.loads((PROJECT / "docs" / "configuration.schema.json").read_text(encoding="utf-8"))

    assert committed == settings_schema(), "run `make docs`"
