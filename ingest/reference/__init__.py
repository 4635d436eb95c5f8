"""Reference data of ingest: names and codes of countries, with who says so, and headings that mean a field."""

from pathlib import Path

COUNTRY_NAMES = Path(__file__).resolve().parent / "country_names.csv"
HEADING_SYNONYMS = Path(__file__).resolve().parent / "heading_synonyms.csv"
"""Headings in several languages that mean a canonical field; our own list, for guesses that a person checks."""
