"""Which connector speaks the protocol of each kind of connection."""

from ingest.connectors import (
    file,
    gleif_file,
    http_file,
    kobo_api,
    ocds_api,
    opensanctions_bulk,
    opensupplyhub_api,
    rest_json,
    sam_exclusions,
)
from ingest.connectors.fetching import Connector

CONNECTORS: dict[str, Connector] = {
    "file": file.fetch,
    "http_file": http_file.fetch,
    "opensanctions_bulk": opensanctions_bulk.fetch,
    "gleif_file": gleif_file.fetch,
    "sam_exclusions": sam_exclusions.fetch,
    "kobo_api": kobo_api.fetch,
    "ocds_api": ocds_api.fetch,
    "opensupplyhub_api": opensupplyhub_api.fetch,
    "rest_json": rest_json.fetch,
}
