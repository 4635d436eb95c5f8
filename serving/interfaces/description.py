"""What the OpenAPI description says of the parts of the service."""

from typing import Any, Final

TAGS: Final[list[dict[str, Any]]] = [
    {"name": "suppliers", "description": "Suppliers by name, identifier and id."},
    {
        "name": "reconciliation",
        "description": "Entity Reconciliation API 0.2 of the W3C community group, as OpenRefine speaks it.",
        "externalDocs": {"url": "https://reconciliation-api.github.io/specs/0.2/"},
    },
    {
        "name": "matching",
        "description": "Matching by example in the shape of yente, with properties of FollowTheMoney.",
        "externalDocs": {"url": "https://www.opensanctions.org/docs/api/matching/"},
    },
    {"name": "service", "description": "Whether the service answers."},
]
