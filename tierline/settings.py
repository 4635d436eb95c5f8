"""The configuration of an installation: a YAML file, checked; environment variables win over it."""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from tierline.errors import ConfigError
from tierline.home import Home
from tierline.nearest import nearest

ENVIRONMENT_PREFIX = "TIERLINE_"
MATCH_LEDGER = "match_ledger"
"""Id of the source that holds the verdicts of `tierline match`."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceConfig(_Strict):
    """One source of an installation: which declaration it follows and where its files are."""

    id: str = Field(description="Declaration of the source: a folder under ingest/sources.")
    path: str | None = Field(
        default=None,
        description="File, folder or glob pattern, relative to the configuration file; none: the declared connection.",
    )
    connection: dict[str, str | int | bool | list[str]] = Field(
        default={}, description="What differs from the connection that the source declares, such as its url."
    )
    credential: str | None = Field(
        default=None,
        description="Name of the secret it needs: TIERLINE_CREDENTIAL_<NAME>, or an Airflow connection.",
    )
    name: str = Field(default="", description="Name of this instance; the id where none is given.")
    known_on: date | None = Field(default=None, description="Day on which the content could be known; none: always.")
    required: bool = Field(
        default=False, description="Whether the run fails, rather than goes on degraded, without it."
    )

    @model_validator(mode="before")
    @classmethod
    def _name_is_the_id_unless_given(cls, values: Any) -> Any:
        if isinstance(values, dict) and not values.get("name") and values.get("id"):
            return {**values, "name": values["id"]}
        return values


class Settings(_Strict):
    """All that a run needs to know, besides its own identity."""

    title: str = Field(default="Tierline", description="Heading of reports.")
    fictional: bool = Field(default=False, description="Whether the data are invented; every report then says so.")
    home: Path = Field(default=Path("data"), description="Folder of everything written, relative to this file.")
    as_of: date | None = Field(default=None, description="Day the run speaks for, unless given on the command line.")
    seed: int = Field(default=0, ge=0, description="Seed of everything random.")
    sources: tuple[SourceConfig, ...] = Field(min_length=1, description="The sources, in order.")
    accepted_licences: tuple[str, ...] = Field(
        default=(), description="Ids of sources whose licence asks for consent and whose licence you accept."
    )
    memory_limit: str = Field(default="4GB", description="Memory DuckDB may use, as DuckDB writes it.")
    threads: int | None = Field(default=None, ge=1, description="Threads DuckDB may use; none: all cores.")
    expansion_limit_bytes: int = Field(
        default=20 * 2**30, ge=1, description="Most bytes that one compressed file may unpack to."
    )
    signing_key: Path | None = Field(
        default=None,
        description="File of the SSH key that manifests are signed with, relative to this file; none: they are not.",
    )
    log_level: Literal["info", "debug"] = Field(default="info", description="How much is told on standard error.")
    base: Path = Field(default=Path(), exclude=True, description="Folder of the configuration file; set on loading.")

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Settings":
        names = [source.name for source in self.sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two sources have the name {', '.join(twice)}; give each a 'name' of its own")
        return self

    def source(self, name: str) -> SourceConfig:
        """Gives the configured source of that name; raises ConfigError with the nearest names where there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        raise ConfigError(
            f"no source is named '{name}'", remedy=nearest(name, [source.name for source in self.sources])
        )


def default_config() -> Path:
    """Gives the configuration file to use where none is named: TIERLINE_CONFIG, else `tierline.yml` here."""
    return Path(os.environ.get(ENVIRONMENT_PREFIX + "CONFIG") or "tierline.yml")


def settings_schema() -> dict[str, Any]:
    """Gives the JSON schema of the configuration file, for editors."""
    schema = Settings.model_json_schema()
    schema["properties"].pop("base")
    return schema


def load_settings(path: Path, *, home: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks a configuration file.

    `TIERLINE_<KEY>` in the environment replaces a plain top-level key, and `home` replaces both. Paths in the file are
    relative to the file, those of the environment and of `home` to the working folder. Raises ConfigError that names
    every wrong key and the nearest right one.
    """
    environment = os.environ if environment is None else environment
    values = {**_read_yaml(path), **_from_environment(environment)}
    base = path.resolve().parent
    values["base"] = base
    chosen_home = home or _environment_home(environment)
    if chosen_home is not None:
        values["home"] = chosen_home.resolve()
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(
            f"{path.name} is not a valid configuration:\n"
            + "\n".join(f"  - {problem}" for problem in _problems(error)),
            remedy="Correct the keys named above; `tierline config schema` prints all that are allowed.",
        ) from error
    return _with_match_ledger(settings.model_copy(update={"home": base / settings.home}))


def _with_match_ledger(settings: Settings) -> Settings:
    """Adds the verdicts of `tierline match` as a source wherever there are or were any: no configuration forgets them.

    A ledger that was there once and is gone fails the next run, as a required source without its file.
    """
    home = Home(settings.home)
    ledger = home.match_ledger
    is_kept = ledger.exists() or (home.landing / MATCH_LEDGER).exists()
    if not is_kept or any(source.id == MATCH_LEDGER for source in settings.sources):
        return settings
    source = SourceConfig(id=MATCH_LEDGER, name=MATCH_LEDGER, path=str(ledger.absolute()), required=True)
    return settings.model_copy(update={"sources": (*settings.sources, source)})


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"there is no configuration file {path}", remedy="Name one with --config, or make a demo: tierline demo DIR"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", remedy="It must be a YAML file in UTF-8.") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path} holds no keys", remedy="See docs/configuration.md for an example.")
    return values


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    plain = Settings.model_fields.keys() - {"home", "sources", "accepted_licences", "base"}
    return {
        name: environment[ENVIRONMENT_PREFIX + name.upper()]
        for name in sorted(plain)
        if environment.get(ENVIRONMENT_PREFIX + name.upper())
    }


def _environment_home(environment: Mapping[str, str]) -> Path | None:
    home = environment.get(ENVIRONMENT_PREFIX + "HOME")
    return Path(home) if home else None


def _problems(error: ValidationError) -> Iterator[str]:
    for detail in error.errors():
        where = ".".join(str(part) for part in detail["loc"]) or "file"
        if detail["type"] == "extra_forbidden":
            yield f"unknown key '{where}'; {nearest(str(detail['loc'][-1]), _known_keys(detail))}"
        else:
            yield f"{where}: {detail['msg']}"


def _known_keys(detail: ErrorDetails) -> list[str]:
    model = SourceConfig if "sources" in detail["loc"] else Settings
    return [name for name in model.model_fields if name != "base"]
