"""Which connector speaks the protocol of each kind of connection."""

from ingest.connectors import file, kobo_api, ocds_api, opensupplyhub_api, rest_json
from ingest.connectors.fetching import Connector

CONNECTORS: dict[str, Connector] = {
    "file": file.fetch,
    "kobo_api": kobo_api.fetch,
    "ocds_api": ocds_api.fetch,
    "opensupplyhub_api": opensupplyhub_api.fetch,
    "rest_json": rest_json.fetch,
}
