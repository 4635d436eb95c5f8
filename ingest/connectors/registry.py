"""Which connector speaks the protocol of each kind of connection."""

from ingest.connectors import file
from ingest.connectors.fetching import Connector

CONNECTORS: dict[str, Connector] = {
    "file": file.fetch,
}
