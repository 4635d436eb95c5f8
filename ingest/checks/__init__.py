"""Checks at the raw boundary: what every source must look like before anything is built on it."""

from ingest.checks.step import check, why_left_out

__all__ = ["check", "why_left_out"]
