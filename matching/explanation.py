"""Why a pair has its weight: what each feature says of it, and by how much it moves the odds."""

import math

from models.linkage import FEATURES, Feature, LinkageModel

PRIOR = "prior"
RARITY = "how rare the name is"


def explanation_sql(model: LinkageModel) -> str:
    """Gives the SQL of the list of (feature, level, weight) over a row that Splink predicted.

    Weights are log2 Bayes factors, the prior among them, and add up to the pair's match weight.
    """
    parts = [_part(f"'{PRIOR}'", "'any two records'", _prior_weight(model))]
    for feature in FEATURES:
        parts.append(_part(f"'{feature.name}'", _label_sql(feature), f"mw_{feature.name}"))
        if any(level.share_column for level in feature.levels):
            parts.append(_part(f"'{RARITY}'", _share_label_sql(feature), f"mw_tf_adj_{feature.name}"))
    return "[" + ", ".join(parts) + "]"


def said_columns() -> dict[str, str]:
    """Gives the columns of a predicted row that `explanation_sql` reads, each with the SQL type to keep it as."""
    columns: dict[str, str] = {}
    for feature in FEATURES:
        columns |= {f"gamma_{feature.name}": "TINYINT", f"mw_{feature.name}": "DOUBLE"}
        if any(level.share_column for level in feature.levels):
            columns[f"mw_tf_adj_{feature.name}"] = "DOUBLE"
    return columns


def automatic_sql(model: LinkageModel) -> str:
    """Gives the SQL of whether a predicted pair is joined without asking.

    The weight has to suffice, the names be the same or spelt alike or an identifier agree, and something besides the
    name and the country agree; two identifiers of one kind or two countries are for a human to decide.
    """
    alike = f"gamma_name >= {_value('name', 'spelt alike')}"
    same_identifier = f"gamma_identifier = {_value('identifier', 'the same')}"
    elsewhere_agreed = " OR ".join((
        f"gamma_place >= {_value('place', 'the locality of one in the address of the other')}",
        f"gamma_address >= {_value('address', 'most words and a number the same')}",
        f"gamma_coordinates >= {_value('coordinates', 'within 2.5 km')}",
        f"gamma_identifier >= {_value('identifier', 'the same number, its check digits wrong')}",
    ))  # fmt: skip
    return (
        f"match_weight >= {model.automatic_weight!r} AND ({alike} OR {same_identifier}) AND ({elsewhere_agreed})"
        " AND gamma_identifier <> 0 AND gamma_place <> 0"
    )


def kept_sql(model: LinkageModel) -> str:
    """Gives the SQL of whether a predicted pair is kept at all: its weight, and that more than its name agrees.

    Two names with nothing in common at one address are neighbours, as the network shows, unless a number is the same.
    """
    agreed = " OR ".join(f"gamma_{feature.name} > 0" for feature in FEATURES if feature.name != "name")
    return f"match_weight >= {model.queue_weight!r} AND ({agreed}) AND (gamma_name <> 0 OR gamma_identifier > 0)"


def _part(feature: str, level: str, weight: str) -> str:
    return f"{{'feature': {feature}, 'level': {level}, 'weight': CAST({weight} AS DOUBLE)}}"


def _label_sql(feature: Feature) -> str:
    cases = " ".join(f"WHEN {value} THEN '{label}'" for value, label in sorted(feature.labels().items()))
    return f"CASE gamma_{feature.name} {cases} END"


def _share_label_sql(feature: Feature) -> str:
    column = f"mw_tf_adj_{feature.name}"
    return f"CASE WHEN {column} = 0 THEN 'not weighed' WHEN {column} > 0 THEN 'rare' ELSE 'common' END"


def _value(feature_name: str, label: str) -> int:
    """Gives the value of Splink's comparison vector for a level of a feature."""
    labels = next(feature for feature in FEATURES if feature.name == feature_name).labels()
    return next(value for value, name in labels.items() if name == label)


def _prior_weight(model: LinkageModel) -> str:
    probability = float(model.splink["probability_two_random_records_match"])
    return repr(math.log2(probability / (1 - probability)))
