"""The configuration of an installation: a YAML file, checked; environment variables win over it."""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from tierline.errors import ConfigError
from tierline.home import Home
from tierline.lookup_settings import LookupConfig
from tierline.mail_settings import MailSettings
from tierline.nearest import nearest

ENVIRONMENT_PREFIX = "TIERLINE_"
MATCH_LEDGER = "match_ledger"
"""Id of the source that holds the verdicts of `tierline match`."""
CONTEST_LEDGER = "contest_ledger"
"""Id of the source that holds suppliers' objections and what was decided on them."""
ACTION_LEDGER = "action_ledger"
"""Id of the source that holds who took on which action, and how it ended."""
DEFAULT_ROLES = (
    "sustainability lead", "compliance officer", "procurement manager", "category buyer", "senior reviewer", "reviewer",
    "legal counsel", "safeguarding lead", "data steward", "internal auditor",
)  # fmt: skip
_NOT_PLAIN = {"home", "sources", "accepted_licences", "base", "roles", "contest", "retention", "mail", "lookup"}
_ROLE = re.compile(r"[^\W\d_][\w &/,'-]{1,58}[\w)]")


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


class ContestSettings(_Strict):
    """How suppliers' objections are dealt with."""

    decision_days: int = Field(default=30, ge=1, description="Days from receiving an objection to its decision.")


class RetentionSettings(_Strict):
    """How long publications are kept whole."""

    publications_kept: int | None = Field(
        default=None,
        ge=1,
        description="How many of the newest publications `tierline publications prune` keeps whole; none: all.",
    )


class Settings(_Strict):
    """All that a run needs to know, besides its own identity."""

    title: str = Field(default="Tierline", description="Heading of reports.")
    fictional: bool = Field(default=False, description="Whether the data are invented; every report then says so.")
    home: Path = Field(default=Path("data"), description="Folder of everything written, relative to this file.")
    as_of: date | None = Field(default=None, description="Day the run speaks for, unless given on the command line.")
    seed: int = Field(default=0, ge=0, description="Seed of everything random.")
    review_capacity: int | None = Field(
        default=None, ge=1, description="How many suppliers the review queue holds; none: the number of the method."
    )
    sensitivity_draws: int = Field(
        default=50, ge=0, description="How often a run draws all priors anew to tell what moves; 0: it does not."
    )
    sources: tuple[SourceConfig, ...] = Field(min_length=1, description="The sources, in order.")
    accepted_licences: tuple[str, ...] = Field(
        default=(), description="Ids of sources whose licence asks for consent and whose licence you accept."
    )
    memory_limit: str = Field(default="4GB", description="Memory DuckDB may use, as DuckDB writes it.")
    threads: int | None = Field(default=None, ge=1, description="Threads DuckDB may use; none: all cores.")
    encrypt_restricted: bool = Field(
        default=True, description="Whether answers of workers are encrypted where they are kept."
    )
    survey_classes: Literal["exact", "protected"] = Field(
        default="exact",
        description="Whether classes from workers' answers are decided on exact counts, or with noise so that nobody"
        " recovers an answer from them; settled for each wave when it is closed.",
    )
    privacy_budget: float = Field(
        default=4.0, gt=0, description="Most ε that all differentially private releases of answers may spend together."
    )
    expansion_limit_bytes: int = Field(
        default=20 * 2**30, ge=1, description="Most bytes that one compressed file may unpack to."
    )
    signing_key: Path | None = Field(
        default=None,
        description="File of the SSH key that manifests are signed with, relative to this file; none: they are not.",
    )
    roles: tuple[str, ...] = Field(
        default=DEFAULT_ROLES, min_length=1, description="Roles in which people decide and act; never a person's name."
    )
    contest: ContestSettings = Field(default=ContestSettings(), description="Suppliers' objections.")
    retention: RetentionSettings = Field(default=RetentionSettings(), description="How long publications are kept.")
    mail: MailSettings | None = Field(default=None, description="Sending of the report; none: it is not sent.")
    lookup: LookupConfig = Field(default=LookupConfig(), description="How `tierline serve` answers.")
    log_level: Literal["info", "debug"] = Field(default="info", description="How much is told on standard error.")
    base: Path = Field(default=Path(), exclude=True, description="Folder of the configuration file; set on loading.")

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Settings":
        names = [source.name for source in self.sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two sources have the name {', '.join(twice)}; give each a 'name' of its own")
        return self

    @model_validator(mode="after")
    def _roles_are_roles(self) -> "Settings":
        for place, role in enumerate(self.roles, start=1):
            if not _ROLE.fullmatch(role):
                raise ValueError(f"role {place} is no role in words, such as 'legal counsel'; nor may it be an address")
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
    return _with_ledgers(settings.model_copy(update={"home": base / settings.home}))


def _with_ledgers(settings: Settings) -> Settings:
    """Adds what people decided as sources wherever there is or was a ledger: no configuration forgets it.

    A ledger that was there once and is gone fails the next run, as a required source without its file.
    """
    home = Home(settings.home)
    ledgers = {
        MATCH_LEDGER: home.match_ledger, CONTEST_LEDGER: home.contest_ledger, ACTION_LEDGER: home.action_ledger,
    }  # fmt: skip
    named = {source.id for source in settings.sources}
    added = tuple(
        SourceConfig(id=source, name=source, path=str(path.absolute()), required=True)
        for source, path in ledgers.items()
        if source not in named and (path.exists() or (home.landing / source).exists())
    )
    return settings.model_copy(update={"sources": (*settings.sources, *added)}) if added else settings


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
    plain = Settings.model_fields.keys() - _NOT_PLAIN
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
    parts: dict[object, type[BaseModel]] = {
        "sources": SourceConfig, "contest": ContestSettings, "retention": RetentionSettings,
        "mail": MailSettings, "lookup": LookupConfig,
    }  # fmt: skip
    model = parts.get(detail["loc"][0], Settings) if len(detail["loc"]) > 1 else Settings
    return [name for name in model.model_fields if name != "base"]
