"""What the commands for auditors say of a run that is not there."""

from pathlib import Path

import pytest

from tests.unit.command_line import CommandLine, command_line
from tierline.errors import ConfigError

__all__ = ["command_line"]


@pytest.mark.parametrize("words", [("verify", "RUN"), ("sign", "RUN", "--key", "key"), ("diff", "RUN", "RUN")])
def test_a_run_that_is_not_there_is_named_without_a_path_of_the_machine(
    command_line: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    published = tmp_path / "published"
    published.mkdir()

    with pytest.raises(ConfigError, match="there is no publication RUN") as raised:
        command_line(*words, "--published", str(published))

    assert str(tmp_path) not in str(raised.value)
