"""The shapes of the reconciliation protocol: W3C Entity Reconciliation Community Group, API 0.2.

Source: https://reconciliation-api.github.io/specs/0.2/ (its text; the shapes are written from it).
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, TypeAdapter

from serving.interfaces.limits import (
    MOST_CANDIDATES,
    MOST_COLUMNS,
    MOST_IDS,
    MOST_QUERIES,
    MOST_TEXT,
    MOST_VALUES,
)

FETCHED: Final = (
    "^(band|inherent_level|action|severity|coverage|confidence|possible_matches|country|sector|good|other_name|lei|os_id"
    "|tax_number|company_number|reference|as_of|run_id|retracted|indicator:[A-Z][0-9]{2})$"
)
"""Ids of properties that can be fetched; `indicator:F07` and the like give the state of an indicator."""
_STRICT: Final = ConfigDict(extra="forbid", strict=True)
_ONE_OF_BOTH: Final[dict[str, Any]] = {
    "anyOf": [{"required": ["query"]}, {"required": ["properties"]}],
}
Text = Annotated[str, Field(max_length=MOST_TEXT)]
FilledText = Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]


class ReconciledValue(BaseModel):
    """A value that is itself an entity."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Text
    name: Text = ""


Value = Text | bool | int | float | ReconciledValue
Values = Value | Annotated[list[Value], Field(max_length=MOST_VALUES)]


class QueryProperty(BaseModel):
    """A property of the company that is asked for, such as its country or an identifier."""

    model_config = ConfigDict(extra="ignore", strict=True)

    pid: Literal["country", "lei", "os_id", "tax_number", "company_number", "reference", "identifier"] = Field(
        description="The property; identifier means one of any scheme."
    )
    v: Values = Field(description="One value or several.")


class Query(BaseModel):
    """One company that is asked for; a name, properties, or both."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_ONE_OF_BOTH)

    query: FilledText = Field(default="", description="Its name as you spell it, or an identifier.")
    type: Text | Annotated[list[Text], Field(max_length=MOST_VALUES)] = Field(
        default_factory=list, description="Types that it may have; of other types nothing is found."
    )
    limit: Annotated[int, Field(ge=1)] = Field(
        default=5, description=f"Candidates at most; {MOST_CANDIDATES} are given at most."
    )
    properties: Annotated[list[QueryProperty], Field(min_length=1, max_length=MOST_VALUES)] = Field(
        default_factory=list, description="What else is known of it."
    )
    type_strict: Literal["any", "should", "all"] = Field(default="any", description="Taken, and changes nothing.")


QueryBatch = Annotated[dict[str, Query], Field(max_length=MOST_QUERIES)]
QUERY_BATCH: Final[TypeAdapter[dict[str, Query]]] = TypeAdapter(QueryBatch)


class ExtensionProperty(BaseModel):
    """A property to fetch."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str = Field(pattern=FETCHED, description="Id of a property, as /reconcile/properties lists them.")


class ExtensionQuery(BaseModel):
    """Which properties to fetch of which entities."""

    model_config = ConfigDict(extra="ignore", strict=True)

    ids: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_IDS)] = Field(
        description="Ids of suppliers."
    )
    properties: Annotated[list[ExtensionProperty], Field(max_length=MOST_COLUMNS)] = Field(description="Properties.")


EXTENSION_QUERY: Final[TypeAdapter[ExtensionQuery]] = TypeAdapter(ExtensionQuery)


class Type(BaseModel):
    """A kind of entity."""

    model_config = _STRICT

    id: str
    name: str


class Feature(BaseModel):
    """One thing that speaks for or against a candidate."""

    model_config = _STRICT

    id: Literal["name_similarity", "identifier", "country"]
    value: float | bool


class Candidate(BaseModel):
    """A supplier that may be meant; no band, since nobody has said yet that it is."""

    model_config = _STRICT

    id: str = Field(description="Its id.")
    name: str = Field(description="Its name as it is most often spelled.")
    description: str = Field(description="Its country and sector, and what was met.")
    type: list[Type]
    score: float = Field(ge=0, le=100, description="How alike what was asked for and what was met are.")
    match: bool = Field(description="True only where an identifier says so and nothing speaks against it.")
    features: list[Feature]


class Result(BaseModel):
    """The candidates for one query, the likeliest first; none means that nothing is known, not clean."""

    model_config = _STRICT

    result: list[Candidate]


class ResultBatch(RootModel[dict[str, Result]]):
    """Query id → candidates."""


class SuggestedEntity(BaseModel):
    """A supplier to choose."""

    model_config = _STRICT

    id: str
    name: str
    description: str
    notable: list[Type]


class SuggestedItem(BaseModel):
    """A property or type to choose."""

    model_config = _STRICT

    id: str
    name: str
    description: str


class SuggestedEntities(BaseModel):
    """Suppliers to choose from."""

    model_config = _STRICT

    result: list[SuggestedEntity]


class SuggestedItems(BaseModel):
    """Properties or types to choose from."""

    model_config = _STRICT

    result: list[SuggestedItem]


class PropertyName(BaseModel):
    """A property by its id and name."""

    model_config = _STRICT

    id: str
    name: str


class ProposedProperties(BaseModel):
    """Properties that can be fetched for a type."""

    model_config = _STRICT

    type: str
    properties: list[PropertyName]
    limit: int | None = None


class Extension(BaseModel):
    """The fetched values, entity by entity; an empty list stands where nothing is recorded."""

    model_config = _STRICT

    meta: list[PropertyName]
    rows: dict[str, dict[str, list[dict[str, str | float | int]]]]


class ServicePath(BaseModel):
    """Where a part of the service is."""

    model_config = _STRICT

    service_url: str
    service_path: str


class Suggest(BaseModel):
    """Where suggestions are."""

    model_config = _STRICT

    entity: ServicePath
    property: ServicePath
    type: ServicePath


class View(BaseModel):
    """Where an entity is shown; `{{id}}` stands for its id."""

    model_config = _STRICT

    url: str


class Preview(View):
    """Where a small picture of an entity is, and how large it is."""

    width: int
    height: int


class Extend(BaseModel):
    """Where the properties are that can be fetched."""

    model_config = _STRICT

    propose_properties: ServicePath
    property_settings: list[dict[str, str]]


class Manifest(BaseModel):
    """What the service is and can do."""

    model_config = _STRICT

    versions: list[str]
    name: str
    identifierSpace: str  # noqa: N815 - named by the protocol
    schemaSpace: str  # noqa: N815 - named by the protocol
    documentation: str
    serviceVersion: str  # noqa: N815 - named by the protocol
    defaultTypes: list[Type]  # noqa: N815 - named by the protocol
    view: View
    preview: Preview
    suggest: Suggest
    extend: Extend
    batchSize: int  # noqa: N815 - named by the protocol
    authentication: dict[str, str] = Field(default_factory=dict)
