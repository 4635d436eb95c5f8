"""What a declaration says answers bear on, and in how many cells of classes one answer counts."""

from collections.abc import Iterable
from itertools import product

from ingest.contracts import GRIEVANCE_CASE
from ingest.mapping_spec import Condition, Mapping
from ingest.spec import SourceSpec

_ASKED = {"within", "not_in", "not_blank", "blank"}


def answered_indicators(spec: SourceSpec) -> tuple[tuple[str, ...], int]:
    """Gives the indicators that answers of a source may bear on, and in how many cells one answer counts at most.

    An answer counts once for each indicator to which its question is mapped. A case told under another category leaves
    the count of one indicator and enters that of another.
    """
    asked = [
        (question, mapping, answers.indicator)
        for mapping in spec.mapping
        for question, answers in mapping.questions.items()
    ]
    together = [
        {indicator for other, also, indicator in asked if other == question and not _exclude(mapping.when, also.when)}
        for question, mapping, _ in asked
    ]
    complained = {indicator for mapping in spec.mapping for indicator in _complained_of(spec, mapping)}
    most = max([*map(len, together), min(len(complained), 2), 1])
    return tuple(sorted(complained.union(indicator for *_, indicator in asked))), most


def _exclude(one: Iterable[Condition], other: Iterable[Condition]) -> bool:
    """Whether no record meets both, as they want different values of the same cell."""
    return any(
        first.within is not None
        and second.within is not None
        and first.model_dump(exclude=_ASKED) == second.model_dump(exclude=_ASKED)
        and not set(first.within) & set(second.within)
        for first, second in product(one, other)
    )


def _complained_of(spec: SourceSpec, mapping: Mapping) -> set[str]:
    field = mapping.fields.get("indicator_id") if mapping.table == GRIEVANCE_CASE.table else None
    if field is None:
        return set()
    if field.enumeration is None:
        return {indicator for one in GRIEVANCE_CASE.fields if one.name == "indicator_id" for indicator in one.allowed}
    return {str(value) for value in spec.enumerations[field.enumeration].values() if value is not None}
