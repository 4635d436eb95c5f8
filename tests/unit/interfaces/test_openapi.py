"""The description of the whole service is whole, and a generator of requests finds nothing that it does not say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

MOST_EXAMPLES = 6


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/api/openapi.json").json()
    return told


@pytest.fixture
def forms_hold_json() -> Iterator[None]:
    """Writes fields of a form as JSON, which is the encoding that the description declares for them."""

    def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
        if isinstance(case.body, dict) and case.operation.path == "/reconcile":
            case.body = {
                name: value if isinstance(value, str) else json.dumps(value) for name, value in case.body.items()
            }

    schemathesis.hook("before_call")(before_call)
    yield
    schemathesis.hooks.unregister(before_call)


def test_every_operation_has_an_id_a_tag_a_summary_and_its_refusals(described: dict[str, Any]) -> None:
    operations = [one for path in described["paths"].values() for one in path.values()]
    ids = [one["operationId"] for one in operations]

    assert len(ids) == len(set(ids))
    assert {"reconcile_by_post", "match_companies", "read_entity", "list_datasets"} <= set(ids)
    for one in operations:
        assert one["tags"], one["operationId"]
        assert one["summary"], one["operationId"]
        assert one["tags"] == ["service"] or {"401", "422", "429", "503"} <= set(one["responses"]), one["operationId"]


def test_requests_have_examples(described: dict[str, Any]) -> None:
    forms = described["paths"]["/reconcile"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    bodies = described["paths"]["/match/{dataset}"]["post"]["requestBody"]["content"]["application/json"]

    assert set(forms["examples"]) == {"queries", "extend"}
    assert bodies["schema"]["examples"]


def test_a_generator_of_requests_finds_nothing(server: str, forms_hold_json: None) -> None:
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "generation": {"max-examples": MOST_EXAMPLES, "deterministic": True},
            "phases": {"stateful": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_url(f"{server}/api/openapi.json", config=config)
    found, cases, errors = [], 0, []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.cases)
            found += [
                f"{event.recorder.label}: {check.name}: {check.failure_info.failure.message}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.failure_info is not None
            ]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            errors.append(str(event))

    assert errors == []
    assert found == []
    assert cases > 100
