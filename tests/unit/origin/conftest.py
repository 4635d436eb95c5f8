"""The installations of the ingest tests, for the way back from a row to its record."""

from tests.unit.command_line import command_line
from tests.unit.ingest.conftest import answers, installation, makers, notices

__all__ = ["answers", "command_line", "installation", "makers", "notices"]
