"""The way back: from a row to the exact bytes of the record that it came from, in the landing."""

from ingest.origin.address import RecordAddress, parse_address
from ingest.origin.finding import Origin, find_origin

__all__ = ["Origin", "RecordAddress", "find_origin", "parse_address"]
