"""The command line inside a test: output and exit code, and the logging of the process as it was before."""

import logging
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner

from tierline.cli import app

CommandLine = Callable[..., tuple[int, str]]
"""Takes words and gives exit code and standard output; an error of Tierline comes through as it is."""


@pytest.fixture
def command_line() -> Iterator[CommandLine]:
    """Calls commands; their log goes to the output that the runner throws away."""
    logger = logging.getLogger("tierline")
    before = (logger.handlers[:], logger.propagate, logger.level)

    def call(*words: str) -> tuple[int, str]:
        logger.handlers.clear()
        answered = CliRunner().invoke(app, list(words))
        if answered.exception is not None and not isinstance(answered.exception, SystemExit):
            raise answered.exception
        return answered.exit_code, answered.stdout

    yield call
    logger.handlers[:], logger.propagate, logger.level = before
