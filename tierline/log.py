"""Progress and warnings for the person at the terminal: one line each, on standard error."""

import logging
import sys

_ROOT = "tierline"


def get_logger(name: str) -> logging.Logger:
    """Gives the logger of a module, below the one logger that `configure_logging` sets up."""
    return logging.getLogger(f"{_ROOT}.{name}")


def configure_logging(verbose: bool = False) -> None:
    """Sends Tierline's own messages to standard error, once; a second call changes only the level."""
    root = logging.getLogger(_ROOT)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
        root.addHandler(handler)
