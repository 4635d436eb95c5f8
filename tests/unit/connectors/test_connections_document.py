"""The page of connections is the one of the code, names every key, and its example is right."""

import yaml

from ingest.connection_base import HttpConnection
from ingest.connection_spec import configured_connection, connection_models
from ingest.connections_document import DOCUMENT, connections_document
from ingest.connectors.registry import CONNECTORS
from ingest.spec import load_spec
from tierline.run import PROJECT
from tierline.settings import SourceConfig

TEXT = connections_document()


def test_the_committed_page_is_the_one_of_the_code() -> None:
    assert (PROJECT / DOCUMENT).read_text(encoding="utf-8") == TEXT, "run `make docs`"


def test_every_kind_has_a_connector_and_a_section_with_every_key() -> None:
    assert CONNECTORS.keys() == connection_models().keys()
    common = TEXT.split("## Keys that every connection over HTTP has")[1].split("\n## ")[0]
    assert all(f"| `{name}` |" in common for name in HttpConnection.model_fields if name != "kind")
    for kind, model in connection_models().items():
        section = TEXT.split(f"\n## `{kind}`\n")[1].split("\n## ")[0]
        assert all(f"| `{name}` |" in section + common for name in model.model_fields if name != "kind"), kind
        assert all(field.description for name, field in model.model_fields.items() if name != "kind"), kind


def test_the_example_is_a_configuration() -> None:
    example = yaml.safe_load(TEXT.split("```yaml\n")[1].split("```")[0])
    for source in example["sources"]:
        config = SourceConfig.model_validate(source)
        configured_connection(load_spec(config.id).connection, config.connection)
