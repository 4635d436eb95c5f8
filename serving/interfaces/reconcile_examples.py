"""Examples for the description of the reconciliation service."""

import json
from typing import Any, Final

QUERIES: Final[dict[str, Any]] = {
    "q0": {"query": "Amber Textils", "limit": 3, "properties": [{"pid": "country", "v": "BD"}]},
    "q1": {"properties": [{"pid": "lei", "v": "5493001KJTIIGC8Y1R12"}]},
}
EXTEND: Final[dict[str, Any]] = {
    "ids": ["S0000000000ab"],
    "properties": [{"id": "band"}, {"id": "indicator:F07"}, {"id": "as_of"}],
}
FORMS: Final[dict[str, Any]] = {
    "queries": {"summary": "Candidates for two companies", "value": {"queries": json.dumps(QUERIES)}},
    "extend": {"summary": "Band and one indicator of one supplier", "value": {"extend": json.dumps(EXTEND)}},
}
