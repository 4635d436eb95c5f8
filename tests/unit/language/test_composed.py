"""What other steps composed in English is said from sentences that are known, or left alone as a whole."""

import pytest
from babel.messages.catalog import Catalog

from serving.language.speaking import Language
from serving.language.spoken import speaking_by

SAID = {
    "found clean by {sources}": "utan anmärkning enligt {sources}",
    "missing: {what}": "saknas: {what}",
    "Unannounced audit": "Oanmäld revision",
    "Field visit": "Fältbesök",
    "Debt bondage": "Skuldslaveri",
    "Deception": "Bedrägeri",
    "no dormitory": "inget boende",
    "Strong and severe, and well supported: {indicators}": "Starkt och allvarligt: {indicators}",
    "Score {number} (at least {number_minimum})": "Poäng {number} (≥ {number_minimum})",
    "Severity {number} (at least {number_minimum})": "Allvar {number} (≥ {number_minimum})",
    "answers of the wave closed on {day} do not look rehearsed": "svaren till {day} är inte inövade",
    "Audit found nothing ({text_scheme})": "Revisionen fann inget ({text_scheme})",
    "{source}: would show {indicators}": "{source}: skulle visa {indicators}",
    "{indicators} and {number} more": "{indicators} och {number} till",
}


@pytest.fixture(scope="module")
def swedish() -> Language:
    catalogue = Catalog(locale="sv")
    for english, said in SAID.items():
        catalogue.add(english, said)
    return speaking_by(catalogue)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("found clean by unannounced audit, field visit", "utan anmärkning enligt oanmäld revision, fältbesök"),
        ("missing: field visit; no dormitory", "saknas: fältbesök; inget boende"),
        (
            "Strong and severe, and well supported: F02 Deception; F09 Debt bondage",
            "Starkt och allvarligt: F02 Bedrägeri; F09 Skuldslaveri",
        ),
        ("Score 52.3 (at least 50), severity 4 (at least 4)", "Poäng 52,3 (≥ 50), allvar 4 (≥ 4)"),
        ("answers of the wave closed on 2026-03-31 do not look rehearsed", "svaren till 31 mars 2026 är inte inövade"),
        ("Audit found nothing (ETHICAL-A)", "Revisionen fann inget (ETHICAL-A)"),
        (
            "Field visit: would show debt bondage (F09), deception (F02) and 3 more",
            "Fältbesök: skulle visa skuldslaveri (F09), bedrägeri (F02) och 3 till",
        ),
        ("Debt bondage (ETHICAL-A A1.2, major)", "Skuldslaveri (ETHICAL-A A1.2, major)"),
    ],
)
def test_a_composed_text_is_said_with_its_values(swedish: Language, text: str, told: str) -> None:
    assert swedish.term(text) == told
    assert swedish.knows(text)


@pytest.mark.parametrize(
    "text",
    [
        "found clean by unannounced audit, court order",
        "Strong and severe, and well supported: F02 Deception; F09 Something new",
        "Workers said that nobody may leave (field notes)",
        "found clean by " + "unannounced audit, " * 100 + "field visit",
    ],
)
def test_a_text_of_which_any_part_is_not_known_stays_whole(swedish: Language, text: str) -> None:
    assert swedish.term(text) == text
    assert not swedish.knows(text)


def test_braces_in_what_sources_say_do_nothing(swedish: Language) -> None:
    assert swedish.term("Audit found nothing ({0.__class__} {name})") == "Revisionen fann inget ({0.__class__} {name})"
