"""`tierline send` as people call it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.unit.command_line import CommandLine, command_line
from tests.unit.mail.conftest import Postbox, mail_to
from tierline.errors import ConfigError, PublishError
from tierline.mail_settings import MailSettings
from tierline.run import Run

__all__ = ["command_line"]

RunOf = Callable[[MailSettings | None], Run]


def configured(run: Run, tmp_path: Path) -> list[str]:
    """Writes a configuration that leads to the run's home; gives the option that names it."""
    mail = run.settings.mail.model_dump(mode="json", exclude_none=True) if run.settings.mail else None
    settings = {"home": "home", "sources": [{"id": "audits", "path": "audits.csv"}], **({"mail": mail} if mail else {})}
    (tmp_path / "tierline.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return ["--config", str(tmp_path / "tierline.yml")]


def test_the_current_run_is_sent_unless_another_is_named(
    command_line: CommandLine, run_of: RunOf, plain_server: Postbox, tmp_path: Path
) -> None:
    options = configured(run_of(mail_to(plain_server)), tmp_path)

    first = command_line("send", *options)
    again = command_line("send", "--run", "good", *options)

    assert first == (0, "good: sent to 1; 0 had it already\n")
    assert again == (0, "good: sent to 0; 1 had it already\n")


def test_a_dry_run_prints_subject_and_body(
    command_line: CommandLine, run_of: RunOf, plain_server: Postbox, tmp_path: Path
) -> None:
    _, told = command_line("send", "--dry-run", *configured(run_of(mail_to(plain_server)), tmp_path))

    assert told.startswith("Risk <b>report</b>: what changed, as of 1 Nov 2026\n")
    assert told.endswith("Nothing was sent.\n")
    assert plain_server.messages == []


@pytest.mark.parametrize(("options", "error"), [([], ConfigError), (["--run", "nowhere"], PublishError)])
def test_what_is_missing_is_told(
    command_line: CommandLine,
    run_of: RunOf,
    plain_server: Postbox,
    tmp_path: Path,
    options: list[str],
    error: type[Exception],
) -> None:
    run = run_of(mail_to(plain_server) if options else None)

    with pytest.raises(error):
        command_line("send", *options, *configured(run, tmp_path))
