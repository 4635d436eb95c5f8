"""The linkage model: how likely two records speak of one supplier (Fellegi and Sunter 1969, fitted by Splink)."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierline.errors import TierlineError

if TYPE_CHECKING:
    from splink import Linker

STORED_MODEL = Path(__file__).parent / "linkage.json"
# A share of all records that no rarer name is taken to have, and the odds of two records drawn at random: both speak
# of a world of a million companies, so that a small portfolio does not take a rare name for a common one (prior).
RAREST_SHARE = 2.0**-20
PAIRS_FOR_U = 5_000_000
# One like pair in fifty differs in any one feature, however few a training saw: offices move and numbers are mistyped
# (prior). A level that no training saw has the second value.
_LEAST_PROBABILITY = {"m_probability": (0.02, 0.02), "u_probability": (RAREST_SHARE, 0.0001)}
_KILOMETRES_A_DEGREE = 111.32


@dataclass(frozen=True)
class Level:
    """One way in which two records can agree or differ in a feature; the condition is SQL over both records."""

    label: str
    condition: str
    share_column: str | None = None


@dataclass(frozen=True)
class Feature:
    """What two records are compared by: its levels, from the strongest agreement to none."""

    name: str
    unknown: str
    levels: tuple[Level, ...]
    otherwise: str

    def labels(self) -> dict[int, str]:
        """Gives the label of each value that Splink's comparison vector may take; -1 is unknown."""
        named = {len(self.levels) - place: level.label for place, level in enumerate(self.levels)}
        return {-1: "not known of both", **named, 0: self.otherwise}


@dataclass(frozen=True)
class LinkageModel:
    """A trained model: the settings that Splink loads, and the weights from which a pair is kept or joined.

    Weights are log2 of the odds that both records speak of one supplier.
    """

    version: str
    queue_weight: float
    automatic_weight: float
    splink: dict[str, Any]


def _overlap(words: str) -> str:
    """Gives the SQL of the share of the shorter list's words that the longer one has as well."""
    left, right = f"{words}_l", f"{words}_r"
    return f"len(list_intersect({left}, {right})) / least(len({left}), len({right}))"


def _within(kilometres: float) -> str:
    north = "(latitude_l - latitude_r)"
    east = "(longitude_l - longitude_r) * cos(radians(latitude_l))"
    return f"sqrt(power({north}, 2) + power({east}, 2)) * {_KILOMETRES_A_DEGREE} <= {kilometres}"


_SAME_COUNTRY = "country_code_l = country_code_r"
_LOCALITY_IN_ADDRESS = (
    "(list_has_all(address_words_r, locality_words_l) or list_has_all(address_words_l, locality_words_r))"
)
_SAME_NUMBERS = "name_numbers_l = name_numbers_r"

NAME = Feature(
    name="name",
    unknown="name_core_l is null or name_core_r is null",
    levels=(
        Level(
            "the same words, blanks and order aside",
            "name_sorted_l = name_sorted_r or name_compact_l = name_compact_r",
            share_column="name_core",
        ),
        Level("the same but for common words", f"name_core_l = name_core_r and {_SAME_NUMBERS}", "name_core"),
        Level(
            "spelt alike",
            # Jaro-Winkler costs a fiftieth and leaves few pairs to look at word by word
            "jaro_winkler_similarity(name_core_l, name_core_r) >= 0.75"
            f" and name_similarity(name_feature_l, name_feature_r) >= 0.9 and {_SAME_NUMBERS}",
        ),
        Level(
            "one within the other",
            "list_has_all(core_words_l, core_words_r) or list_has_all(core_words_r, core_words_l)",
        ),
        Level(
            "some words the same or alike",
            "list_has_any(core_words_l, core_words_r) or jaro_winkler_similarity(name_core_l, name_core_r) >= 0.86",
        ),
    ),
    otherwise="different",
)
ADDRESS = Feature(
    name="address",
    unknown="address_key_l is null or address_key_r is null",
    levels=(
        Level("the same", "address_key_l = address_key_r"),
        Level(
            "most words and a number the same",
            "least(len(address_words_l), len(address_words_r)) >= 2 and"
            f" {_overlap('address_words')} >= 0.6 and list_has_any(address_numbers_l, address_numbers_r)",
        ),
        Level("some words the same", f"{_overlap('address_words')} >= 0.5"),
    ),
    otherwise="different",
)
PLACE = Feature(
    name="place",
    unknown="(country_code_l is null or country_code_r is null)"
    " and not coalesce(locality_key_l = locality_key_r, false)",
    levels=(
        Level("the same locality", f"coalesce({_SAME_COUNTRY}, true) and locality_key_l = locality_key_r"),
        Level("the locality of one in the address of the other", f"{_SAME_COUNTRY} and {_LOCALITY_IN_ADDRESS}"),
        Level(
            "the same country, locality not known of both",
            f"{_SAME_COUNTRY} and (locality_key_l is null or locality_key_r is null)",
        ),
        Level("the same country, another locality", _SAME_COUNTRY),
    ),
    otherwise="another country",
)
IDENTIFIER = Feature(
    name="identifier",
    unknown="not (list_has_any(identifiers_l, identifiers_r) or list_has_any(doubtful_identifiers_l, "
    "doubtful_identifiers_r) or list_has_any(identifier_kinds_l, identifier_kinds_r))",
    levels=(
        Level("the same", "list_has_any(identifiers_l, identifiers_r)"),
        Level(
            "the same number, its check digits wrong",
            "list_has_any(doubtful_identifiers_l, doubtful_identifiers_r)",
        ),
    ),
    otherwise="two of one kind",
)
COORDINATES = Feature(
    name="coordinates",
    unknown="latitude_l is null or latitude_r is null",
    levels=(
        Level("within 250 m", _within(0.25)),
        Level("within 2.5 km", _within(2.5)),
        Level("within 25 km", _within(25.0)),
    ),
    otherwise="further apart",
)
FEATURES = (NAME, ADDRESS, PLACE, IDENTIFIER, COORDINATES)
"""Features by which records are compared; conditions call the macro name_similarity (matching/name_comparison.py)."""


def untrained_settings() -> dict[str, Any]:
    """Gives the settings that Splink trains: features, levels and the odds of two records drawn at random."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "record_id",
        "probability_two_random_records_match": RAREST_SHARE,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [],
        "comparisons": [_comparison(feature) for feature in FEATURES],
    }


def train(linker: "Linker", *, seed: int, pairs_for_u: int = PAIRS_FOR_U) -> dict[str, Any]:
    """Fits the model to the linker's records and gives the settings that Splink loads; the same seed, the same bytes.

    What unlike records share (u) comes from pairs drawn at random, what like records share (m) from expectation
    maximisation over pairs with one name, then with one address; the odds of a random pair stay as they are set.
    """
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs_for_u, seed=seed, min_count_per_level=None)
    for rule in ("l.name_core = r.name_core", "l.address_key = r.address_key"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, fix_probability_two_random_records_match=True
        )
    settings: dict[str, Any] = linker.misc.save_model_to_json()
    settings.pop("linker_uid", None)
    for comparison in settings["comparisons"]:
        _keep_possible(comparison["comparison_levels"])
    return settings


def load_model(path: Path = STORED_MODEL) -> LinkageModel:
    """Gives the trained model of a file; raises TierlineError where the file is missing or none of ours."""
    try:
        return LinkageModel(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise TierlineError(
            f"the linkage model {path.name} cannot be read: {error}",
            remedy="Take the stored model of this version, or train one: tierline linkage train",
        ) from error


def model_text(model: LinkageModel) -> str:
    """Gives the model as the JSON that `load_model` reads, keys sorted."""
    return json.dumps(asdict(model), indent=1, sort_keys=True) + "\n"


def _keep_possible(levels: list[dict[str, Any]]) -> None:
    """Lifts each probability to the least one and rounds it; what training never saw takes the least one."""
    known = [level for level in levels if not level.get("is_null_level")]
    for kind, (least, unseen) in _LEAST_PROBABILITY.items():
        for level in known:
            level[kind] = float(f"{max(level.get(kind) or unseen, least):.6g}")


def _comparison(feature: Feature) -> dict[str, Any]:
    levels = [
        {"sql_condition": feature.unknown, "label_for_charts": "not known of both", "is_null_level": True},
        *(_level(level) for level in feature.levels),
        {"sql_condition": "ELSE", "label_for_charts": feature.otherwise},
    ]
    return {
        "output_column_name": feature.name,
        "comparison_description": feature.name,
        "comparison_levels": levels,
    }


def _level(level: Level) -> dict[str, Any]:
    settings: dict[str, Any] = {"sql_condition": level.condition, "label_for_charts": level.label}
    if level.share_column:
        settings |= {
            "tf_adjustment_column": level.share_column,
            "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": RAREST_SHARE,
            "disable_tf_exact_match_detection": True,
        }
    return settings
