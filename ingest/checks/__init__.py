"""Checks at the raw boundary: what every source must look like before anything is built on it."""

from ingest.checks.step import check

__all__ = ["check"]
