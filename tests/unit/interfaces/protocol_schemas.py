"""JSON schemas of answers of the reconciliation API 0.2, written from the text of the specification.

Source: https://reconciliation-api.github.io/specs/0.2/ (W3C Entity Reconciliation Community Group). They hold what the
schemas published there hold for the same answers; those are not copied here.
"""

from typing import Any

TYPE: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "description": {"type": "string"}},
    "required": ["id", "name"],
}
_TYPE_OR_ID = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
            "required": ["id"],
        },
        {"type": "string"},
    ]
}
_SERVICE = {
    "type": "object",
    "properties": {
        "service_url": {"type": "string"},
        "service_path": {"type": "string"},
        "flyout_service_url": {"type": "string"},
        "flyout_service_path": {"type": "string", "pattern": r".*\$\{id\}.*"},
    },
}
_TEMPLATE = {"type": "string", "pattern": r".*\{\{id\}\}.*"}
MANIFEST: dict[str, Any] = {
    "type": "object",
    "properties": {
        "versions": {"type": "array", "items": {"type": "string"}, "contains": {"const": "0.2"}},
        "name": {"type": "string"},
        "identifierSpace": {"type": "string"},
        "schemaSpace": {"type": "string"},
        "documentation": {"type": "string"},
        "serviceVersion": {"type": "string"},
        "logo": {"type": "string"},
        "authentication": {
            "type": "object",
            "properties": {
                "type": {"enum": ["apiKey"]},
                "name": {"type": "string"},
                "in": {"enum": ["header", "query"]},
            },
            "required": ["type", "name", "in"],
        },
        "view": {"type": "object", "properties": {"url": _TEMPLATE}, "required": ["url"]},
        "feature_view": {"type": "object", "properties": {"url": _TEMPLATE}, "required": ["url"]},
        "defaultTypes": {"type": "array", "items": TYPE, "uniqueItems": True},
        "suggest": {
            "type": "object",
            "properties": {"entity": _SERVICE, "property": _SERVICE, "type": _SERVICE},
        },
        "preview": {
            "type": "object",
            "properties": {"url": _TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}},
            "required": ["url", "width", "height"],
        },
        "extend": {
            "type": "object",
            "properties": {
                "propose_properties": _SERVICE,
                "property_settings": {
                    "type": "array",
                    "items": {"type": "object", "required": ["type", "label", "name"]},
                },
            },
        },
        "batchSize": {"type": "integer", "minimum": 1},
    },
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
}
RESULT_BATCH: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "minLength": 1},
                        "name": {"type": "string", "minLength": 1},
                        "description": {"type": "string"},
                        "score": {"type": "number"},
                        "match": {"type": "boolean"},
                        "type": {"type": "array", "items": _TYPE_OR_ID},
                        "features": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "id": {"type": "string"},
                                    "value": {"type": ["boolean", "number"]},
                                },
                            },
                        },
                    },
                    "required": ["id", "name", "score"],
                },
            }
        },
        "required": ["result"],
    },
}
SUGGESTED_ENTITIES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "result": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "notable": {"type": "array", "items": _TYPE_OR_ID},
                },
                "required": ["id", "name"],
            },
        }
    },
    "required": ["result"],
}
SUGGESTED_ITEMS: dict[str, Any] = {
    "type": "object",
    "properties": {"result": {"type": "array", "items": TYPE}},
    "required": ["result"],
}
PROPOSED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "limit": {"type": "integer"},
        "properties": {"type": "array", "items": TYPE},
    },
    "required": ["properties", "type"],
}


def _cell(name: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: kind}, "required": [name], "additionalProperties": False}


EXTENSION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "meta": {"type": "array", "items": TYPE},
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"type": "object", "additionalProperties": False},
                            {
                                "type": "object",
                                "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
                                "required": ["id", "name"],
                                "additionalProperties": False,
                            },
                            _cell("str", {"type": "string"}),
                            _cell("float", {"type": "number"}),
                            _cell("int", {"type": "integer"}),
                            _cell("date", {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}),
                        ]
                    },
                },
            },
        },
    },
    "required": ["rows", "meta"],
}
