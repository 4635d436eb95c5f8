"""The part of the configuration that says how the lookup answers."""

from pydantic import BaseModel, ConfigDict, Field


class LookupConfig(BaseModel):
    """How `tierline serve` answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = Field(
        default=(), description="Names besides those of the loopback under which it may be asked, without port."
    )
    requests_a_minute: int = Field(default=600, ge=1, description="Most requests of one address in a minute.")
    language: str = Field(default="en", description="Language of its pages where none is asked for.")
