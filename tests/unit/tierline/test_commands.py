"""What the command line says of a configuration, and the exit codes of fetching and loading."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.command_line import CommandLine
from tierline.errors import EXIT_DEGRADED, EXIT_FAILED, EXIT_WRONG_USE, ConfigError, FetchError


def write(folder: Path, sources: str) -> str:
    path = folder / "tierline.yml"
    path.write_text(f"home: home\nsources:\n{sources}", encoding="utf-8")
    return str(path)


def refused(command_line: CommandLine, config: str) -> str:
    with pytest.raises(ConfigError) as told:
        command_line("config", "check", "--config", config)
    assert told.value.exit_code == EXIT_WRONG_USE
    return str(told.value)


def test_a_configuration_whose_files_are_there_is_right(tmp_path: Path, command_line: CommandLine) -> None:
    (tmp_path / "vendors.csv").write_text("id\n")
    code, told = command_line("config", "check", "--config", write(tmp_path, "  - {id: erp_vendor_master, path: v*}\n"))

    assert code == 0
    assert "is right: 1 sources" in told


def test_everything_that_is_wrong_is_listed_at_once(
    tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIERLINE_CREDENTIAL_OWN_KOBO", raising=False)
    told = refused(
        command_line,
        write(
            tmp_path,
            "  - {id: erp_vendor_mastr, path: a.csv}\n"
            "  - {id: erp_vendor_master, path: none.csv}\n"
            "  - {id: erp_purchase_orders}\n"
            "  - {id: ipis_mine_visits, path: none.csv, name: visits}\n"
            "  - {id: kobo_survey, credential: own_kobo}\n"
            "  - {id: us_cbp_wro, connection: {kind: http_file, adress: x}}\n"
            "accepted_licences: [ipis]\n",
        ),
    )

    for words in (
        "erp_vendor_mastr: no source is declared as 'erp_vendor_mastr'. What to do: did you mean erp_vendor_master",
        "erp_vendor_master: no file matches 'none.csv'",
        "erp_purchase_orders: the configuration names no path",
        "visits: its licence",
        "visits: no file matches",
        "kobo_survey: the credential 'own_kobo' is not set. What to do: Set the environment variable"
        " TIERLINE_CREDENTIAL_OWN_KOBO",
        "us_cbp_wro: its connection is not valid",
        "accepted_licences: no source is declared as 'ipis'",
    ):
        assert words in told
    assert told.count("its connection is not valid") == 1


def test_a_credential_that_is_set_is_no_problem_and_told_nowhere(
    tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_OWN_KOBO", "CANARY")
    told = refused(
        command_line, write(tmp_path, "  - {id: kobo_survey, credential: own_kobo}\n  - {id: none, path: a}\n")
    )

    assert "kobo_survey" not in told.partition("known are")[0]
    assert "CANARY" not in told


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = tmp_path / "vendors.csv"
    vendors.write_text("id\n")
    opened = Path.open

    def refuse(path: Path, *words: Any, **named: Any) -> object:
        if path == vendors:
            raise PermissionError(13, "Permission denied")
        return opened(path, *words, **named)

    config = write(tmp_path, "  - {id: erp_vendor_master, path: vendors.csv}\n")
    monkeypatch.setattr(Path, "open", refuse)

    assert "vendors.csv cannot be read: Permission denied" in refused(command_line, config)


def test_one_source_that_cannot_be_fetched_is_a_failure_and_one_of_all_is_degraded(
    tmp_path: Path, command_line: CommandLine
) -> None:
    config = write(tmp_path, "  - {id: erp_vendor_master, path: none.csv}\n")

    with pytest.raises(FetchError) as failed:
        command_line("fetch", "--source", "erp_vendor_master", "--config", config)
    assert failed.value.exit_code == EXIT_FAILED
    code, told = command_line("fetch", "--run-id", "first", "--config", config)
    assert (code, told) == (EXIT_DEGRADED, "Fetched under run id first, without erp_vendor_master\n")
    assert command_line("load", "--run-id", "first", "--config", config)[0] == EXIT_DEGRADED
