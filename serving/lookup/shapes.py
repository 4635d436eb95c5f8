"""The shapes of the JSON answers; keys may be added to them, none is renamed or taken away."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """What every answer is about."""

    model_config = ConfigDict(extra="forbid")

    run_id: str = Field(description="The run that made the publication that was read.")
    as_of: date = Field(description="The day that publication speaks for.")
    fictional: bool = Field(description="Whether its data are made up.")


class FoundSupplier(BaseModel):
    """One supplier that may be meant."""

    supplier_id: str = Field(description="Its id; /api/suppliers/{supplier_id} tells how it stands.")
    name: str = Field(description="Its name as it is most often spelled.")
    country_code: str | None = Field(description="Its country, ISO 3166-1 alpha-2; null where not known.")
    sector: str | None = Field(description="Its sector; null where not known.")
    score: float = Field(ge=0, le=1, description="How alike what was typed and what was met are; 1 for an identifier.")
    matched_on: Literal["identifier", "name", "other name", "former name"] = Field(description="What was met.")
    matched_text: str = Field(description="The name or identifier of the supplier that was met.")
    identifier_scheme: str | None = Field(description="The scheme of an identifier; null where a name was met.")


class SearchAnswer(Answer):
    """What was found for a name or identifier; no band, since a likeness of names is no proof of identity."""

    query: str = Field(description="What was asked for.")
    searched: int = Field(ge=0, description="How many suppliers the publication has.")
    found: list[FoundSupplier] = Field(description="The likeliest first; none means that nothing is known, not clean.")
    note: str = Field(description="What the answer does not say.")


class SupplierAnswer(Answer):
    """How one supplier stands: where to look first, and why; not that forced labour was found."""

    supplier_id: str = Field(description="Its id.")
    name: str = Field(description="Its name as it is most often spelled.")
    country_code: str | None = Field(description="Its country, ISO 3166-1 alpha-2; null where not known.")
    sector: str | None = Field(description="Its sector; null where not known.")
    good: str | None = Field(description="What it makes; null where not known.")
    is_closed: bool | None = Field(description="Whether it has ceased to exist; null where nobody says.")
    band: str = Field(description="Critical, High, Elevated, Moderate, Lower or Unknown; Unknown is not clean.")
    inherent_level: str | None = Field(description="The band that country, sector and good alone would give.")
    band_rule: str = Field(description="The rule that decided the band.")
    band_reason: str = Field(description="What opened that rule, in words.")
    action: str = Field(description="What to do next.")
    buyer_action: str | None = Field(description="What the buyer itself must mend; null where nothing.")
    score: float = Field(ge=0, le=100, description="Ordering of where to look first; ten points double the odds.")
    interval_low: float = Field(description="Lower end of the 80 % interval of the score.")
    interval_high: float = Field(description="Upper end of the 80 % interval of the score.")
    severity: float | None = Field(description="Severity of what is present, 1 to 5; null where nothing is.")
    coverage: float = Field(ge=0, le=1, description="Share of what should be known that was looked at.")
    confidence: float = Field(ge=0, le=1, description="How far the evidence carries.")
    next_best_fact: str | None = Field(description="The one fact to find out next; null where there is none.")
    site_count: int = Field(ge=0, description="How many sites it has; the worst one decides.")
    unconfirmed_match_count: int = Field(ge=0, description="Possible matches with lists; no points until confirmed.")
    retraction: str | None = Field(description="Why the publication was retracted; null where it was not.")


class Move(BaseModel):
    """How score and band of a supplier moved."""

    score: float = Field(description="The score before.")
    score_after: float = Field(description="The score now.")
    band: str = Field(description="The band before.")
    band_after: str = Field(description="The band now.")
    band_tag: str | None = Field(description="Why the band is another; null where it is the same.")


class MovePart(BaseModel):
    """One part of a move; the points of all parts add up to it."""

    points: float = Field(description="Points that it adds or takes.")
    tag: str = Field(description="Its kind, such as new evidence or method change.")
    indicator_id: str | None = Field(description="The indicator; null where it is about none.")
    what: str | None = Field(description="What it is, as its source or the method says.")


class ChangesAnswer(Answer):
    """What changed at one supplier since the last publication before that is whole and not retracted."""

    supplier_id: str = Field(description="Its id.")
    since_run_id: str | None = Field(description="The run that is compared with; null where there is none.")
    since_as_of: date | None = Field(description="The day that run speaks for.")
    is_comparable: bool = Field(description="False where no earlier run is there, or its tables have another shape.")
    is_new: bool = Field(description="Whether that run did not have the supplier.")
    move: Move | None = Field(description="How it moved; null where neither score nor band did, or nothing is known.")
    parts: list[MovePart] = Field(description="What moved it, the largest first.")
    passed_over_run_id: str | None = Field(description="The run right before, where it is not compared with.")
    passed_over_retraction: str | None = Field(description="Why that was retracted; null where its tables are gone.")
    sentences: list[str] = Field(description="The same in sentences, in English.")
    retraction: str | None = Field(description="Why the publication was retracted; null where it was not.")


class Health(BaseModel):
    """Whether the service can answer, and from what."""

    status: Literal["ok"] = Field(description="That it answers.")
    run_id: str = Field(description="The run that made the publication that is read.")
    as_of: date = Field(description="The day that publication speaks for.")
    suppliers: int = Field(ge=0, description="How many suppliers it has.")
    retracted: bool = Field(description="Whether it was retracted.")


class Problem(BaseModel):
    """Why there is no answer, and what to do."""

    detail: str = Field(description="What was wrong.")
    remedy: str | None = Field(default=None, description="What to do about it; null where there is nothing.")
