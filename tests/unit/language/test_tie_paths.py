"""The path behind a row on the network is said in a language, with names of companies as they are."""

import pytest

from scoring.network_facts import _PARTY_TO_SUBJECT, _SUBJECT_TO_PARTY
from serving.language import LANGUAGES, language
from serving.language.tie_paths import _RELATIONS, path_in

HEAD = "Tied to a confirmed case of another company (mass 0.017); the strongest path: "
PATH = (
    "Case (North) Ltd (A02, a list, CSV) recruits through labour agent G46, which recruits for Lacîle which Works, "
    "which is at 5 Mill Road, which is the address of natural person 3"
)


def test_every_step_is_said_in_spanish_and_names_stay() -> None:
    assert path_in(language("es"), PATH) == (
        "Case (North) Ltd (A02, a list, CSV) contrata a través de agencia de contratación G46, que contrata para "
        "Lacîle which Works, que está en 5 Mill Road, que es la dirección de persona física 3"
    )


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_whole_row_is_known_in_each_language(code: str) -> None:
    speech = language(code)

    assert speech.knows(HEAD + PATH)
    assert ", which recruits" not in speech.term(HEAD + PATH)


def test_what_scoring_does_not_compose_stays_english_as_a_whole() -> None:
    strange = HEAD + "Case Ltd is somehow tied to Other Ltd"

    assert not language("fr").knows(strange)
    assert language("fr").term(strange) == strange


def test_every_relation_that_scoring_tells_is_known() -> None:
    assert {*_PARTY_TO_SUBJECT.values(), *_SUBJECT_TO_PARTY.values()} <= set(_RELATIONS)
