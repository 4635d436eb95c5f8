"""The command line, for the tests of its answers and exit codes."""

from tests.unit.command_line import command_line

__all__ = ["command_line"]
