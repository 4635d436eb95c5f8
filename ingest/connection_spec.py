"""The section `connection` of a declaration: from where and by which protocol the bytes of a source come."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ingest.connection_base import StrictModel
from ingest.file_connections import (
    GleifFileConnection,
    HttpFileConnection,
    OpenSanctionsBulkConnection,
    SamExclusionsConnection,
)
from ingest.paged_connections import (
    KoboApiConnection,
    OcdsApiConnection,
    OpenSupplyHubApiConnection,
    RestJsonConnection,
)
from tierline.errors import ConfigError
from tierline.nearest import nearest


class FileConnection(StrictModel):
    """Files that are already here: the configuration names their path."""

    kind: Literal["file"] = "file"
    path: str | None = Field(
        default=None, description="File, folder or glob pattern, relative to the configuration file."
    )

    @property
    def identity(self) -> dict[str, Any]:
        """What decides which records come."""
        return {"kind": self.kind, "path": self.path}


# A further protocol: its model above, and its name here. connectors/registry.py names the function that speaks it.
Connection = Annotated[
    FileConnection
    | HttpFileConnection
    | OpenSanctionsBulkConnection
    | GleifFileConnection
    | SamExclusionsConnection
    | OcdsApiConnection
    | KoboApiConnection
    | OpenSupplyHubApiConnection
    | RestJsonConnection,
    Field(discriminator="kind"),
]
_CONNECTION: TypeAdapter[Any] = TypeAdapter(Connection)


def connection_models() -> dict[str, type[BaseModel]]:
    """Gives the model of every kind of connection, by kind."""
    union = get_args(Connection)[0]
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(union)}


def configured_connection(declared: Connection, overrides: Mapping[str, Any]) -> Connection:
    """Gives the declared connection with the configuration's keys in place of its own.

    Another `kind` takes nothing over from the declared one. Raises ConfigError that names each wrong key and the near
    right one.
    """
    kind = overrides.get("kind", declared.kind)
    kept = declared.model_dump(exclude_unset=True) if kind == declared.kind else {}
    try:
        connection: Connection = _CONNECTION.validate_python({**kept, **overrides, "kind": kind})
    except ValidationError as error:
        problems = "".join(f"\n  - {problem}" for problem in _problems(error.errors(), str(kind)))
        raise ConfigError(
            f"its connection is not valid:{problems}",
            remedy="Correct 'connection' of the source in the configuration; docs/connections.md lists the keys.",
        ) from None
    return connection


def _problems(details: list[ErrorDetails], kind: str) -> Iterator[str]:
    models = connection_models()
    for detail in details:
        where = str(detail["loc"][-1]) if detail["loc"] else "connection"
        if detail["type"] == "union_tag_invalid":
            yield f"no connection is of kind '{kind}'; {nearest(kind, list(models))}"
        elif detail["type"] == "extra_forbidden":
            yield f"unknown key '{where}'; {nearest(where, list(models[kind].model_fields))}"
        else:
            yield f"{where}: {detail['msg']}"
