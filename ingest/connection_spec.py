"""The section `connection` of a declaration: from where and by which protocol the bytes of a source come."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileConnection(_Strict):
    """Files that are already here: the configuration names their path."""

    kind: Literal["file"] = "file"


Connection = FileConnection
