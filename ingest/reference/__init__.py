"""Reference data of ingest; `country_names.csv` says which names and codes mean which country, and who says so."""

from pathlib import Path

COUNTRY_NAMES = Path(__file__).resolve().parent / "country_names.csv"
