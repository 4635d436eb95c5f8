"""The shapes of matching by example, as the service yente of OpenSanctions has them."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from serving.interfaces.limits import MOST_QUERIES, MOST_TEXT, MOST_VALUES

_STRICT: Final = ConfigDict(extra="forbid", strict=True, populate_by_name=True, serialize_by_alias=True)
Text = Annotated[str, Field(max_length=MOST_TEXT)]
Schema = Literal["Company", "Organization", "LegalEntity", "PublicBody", "Vessel"]


class Example(BaseModel):
    """A company by what is known of it; a natural person cannot be asked for."""

    model_config = ConfigDict(extra="ignore", strict=True, populate_by_name=True)

    id: Text = Field(default="", description="Your own id.")
    schema_: Schema = Field(alias="schema", description="What it is.")
    properties: Annotated[
        dict[str, Text | Annotated[list[Text], Field(max_length=MOST_VALUES)]], Field(max_length=MOST_VALUES)
    ] = Field(
        description="Properties of FollowTheMoney; those that count: name, alias, country, jurisdiction, mainCountry,"
        " leiCode, taxNumber, vatCode, registrationNumber, idNumber.",
    )


class MatchQuery(BaseModel):
    """Companies to match."""

    model_config = ConfigDict(
        extra="ignore",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "queries": {
                        "one": {
                            "schema": "Company",
                            "properties": {"name": ["Amber Textils"], "country": ["bd"], "registrationNumber": ["C1"]},
                        }
                    }
                }
            ]
        },
    )

    queries: Annotated[dict[str, Example], Field(min_length=1, max_length=MOST_QUERIES)] = Field(
        description="Your id → the company."
    )


class Total(BaseModel):
    """How many there are."""

    model_config = _STRICT

    value: int
    relation: Literal["eq", "gte"] = "eq"


class Entity(BaseModel):
    """A supplier, or an entry of a list, as FollowTheMoney has it."""

    model_config = _STRICT

    id: str
    caption: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[Any]]
    datasets: list[str]
    referents: list[str]
    target: bool = Field(description="Whether it stands on a list.")
    first_seen: date | None
    last_seen: date | None
    last_change: date | None


class Award(BaseModel):
    """A contract that was awarded to a supplier, with what leads to its release."""

    model_config = _STRICT

    award_ref: str
    ocid: str | None = Field(description="Open contracting id of the process; null where its source is no OCDS.")
    award_id: str | None = Field(description="Id of the award within the release.")
    release_id: str | None = Field(description="Id of the release that told it last; null where its source gives none.")
    package_url: str | None = Field(description="Address of the package, as its source states it; null where none.")
    buyer_name: str | None
    awarded_on: date | None
    status: str | None
    amount: float | None
    currency: str | None
    source_id: str
    snapshot_sha256: str
    record_no: int


class Standing(BaseModel):
    """How a supplier stands: where to look first, not that forced labour was found."""

    model_config = _STRICT

    run_id: str
    as_of: date
    band: str = Field(description="Critical, High, Elevated, Moderate, Lower or Unknown; Unknown is not clean.")
    inherent_level: str | None
    severity: float | None
    coverage: float
    confidence: float
    action: str
    unconfirmed_match_count: int = Field(description="Possible matches with lists; they bear on nothing.")
    retraction: str | None


class EntityAnswer(Entity):
    """One entity that was asked for by its id; for a supplier with how it stands and what was awarded to it."""

    standing: Standing | None = Field(description="Null for an entry of a list.")
    awards: list[Award]


class ScoredEntity(Entity):
    """A candidate; no band, since nobody has said yet that it is meant."""

    score: float = Field(ge=0, le=1, description="How alike what was asked for and what was met are.")
    features: dict[str, float] = Field(description="What the score is made of, each 0 to 1.")
    explanations: dict[str, str] = Field(description="The same in words.")
    match: bool = Field(description="True only where an identifier says so and nothing speaks against it.")


class Matches(BaseModel):
    """The candidates for one company, the likeliest first; none means that nothing is known, not clean."""

    model_config = _STRICT

    status: int
    results: list[ScoredEntity]
    total: Total
    query: dict[str, Any]


class Feature(BaseModel):
    """What a feature is."""

    model_config = _STRICT

    description: str
    coefficient: float


class MatchAnswer(BaseModel):
    """Your id → candidates."""

    model_config = _STRICT

    run_id: str
    as_of: date
    responses: dict[str, Matches]
    matcher: dict[str, Feature]
    limit: int
    note: str = Field(description="What the answer does not say.")


class SearchAnswer(BaseModel):
    """What was found for a text."""

    model_config = _STRICT

    run_id: str
    as_of: date
    results: list[Entity]
    facets: dict[str, Any]
    total: Total
    limit: int
    offset: int
    note: str


class Dataset(BaseModel):
    """A set of entities that can be asked."""

    model_config = _STRICT

    name: str
    title: str
    summary: str
    publisher: str | None
    version: str = Field(description="The run that made the publication.")
    updated_at: date | None = Field(description="For a list: the newest day on which an entry became known.")
    entity_count: int
    load: bool
    children: list[str]


class Catalogue(BaseModel):
    """All datasets."""

    model_config = _STRICT

    datasets: list[Dataset]
    current: list[str]
    outdated: list[str]
    index_stale: bool
