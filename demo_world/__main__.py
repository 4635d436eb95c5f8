"""Writes a demo world from the command line: python -m demo_world DIR --as-of DATE [--suppliers N] [--seed S]."""

import argparse
import dataclasses
import sys
from datetime import date
from pathlib import Path

from demo_world import write


def main() -> None:
    """Writes the world that the arguments ask for and tells what was written."""
    parser = argparse.ArgumentParser(prog="python -m demo_world", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--suppliers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    wanted = parser.parse_args()
    summary = write(wanted.directory, suppliers=wanted.suppliers, seed=wanted.seed, as_of=wanted.as_of)
    for name, value in dataclasses.asdict(summary).items():
        sys.stdout.write(f"{name:22} {value}\n")


if __name__ == "__main__":
    main()
