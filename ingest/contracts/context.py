"""Contracts of context: countries, goods, legal forms, and pairs with a known answer."""

from ingest.contracts.model import Contract, define
from ingest.contracts.shared import COUNTRY_CODE, COUNTRY_TEXT

COUNTRY_CONTEXT = Contract(
    table="country_context",
    grain="one measure of one country in one year",
    fields=(
        define("country_code", "ISO 3166-1 alpha-2 code.", required=True),
        define("measure", "What is measured.", required=True, allowed=("tip_tier", "cpi", "policy_index")),
        define("year", "Year of the edition.", "integer", required=True, minimum=1900, maximum=2200),
        define("value_text", "Value as text; tip_tier: 1, 2, 2W, 3 or S."),
        define("value", "Value as a number; cpi: 0 (worst) to 100; policy_index: 3 (worst) to 15.", "number"),
    ),
)

GOOD_COUNTRY = Contract(
    table="good_country",
    grain="one good of one country in one edition of a list of goods",
    fields=(
        define("country_code", "ISO 3166-1 alpha-2 code.", required=True),
        COUNTRY_TEXT,
        define("good", "The good as listed.", required=True),
        define("sector_text", "Sector in words."),
        define("child_labour", "Listed for child labour.", "flag"),
        define("forced_labour", "Listed for forced labour.", "flag"),
        define("edition_year", "Year of the edition.", "integer", required=True, minimum=1900, maximum=2200),
    ),
)

LEGAL_FORM = Contract(
    table="legal_form",
    grain="one name of one legal form in one jurisdiction and language (ISO 20275)",
    fields=(
        define("legal_form_code", "ISO 20275 code.", required=True),
        *(COUNTRY_CODE, COUNTRY_TEXT),
        define("jurisdiction", "ISO 3166-2 code where the form is of a part of a country."),
        define("language", "ISO 639-1 code."),
        define("name", "Name of the form in its own script."),
        define("name_transliterated", "Name of the form in Latin script."),
        define("abbreviations", "Abbreviations in its own script.", "list"),
        define("abbreviations_transliterated", "Abbreviations in Latin script.", "list"),
        define("status", "Whether the code is in use.", allowed=("active", "inactive")),
    ),
)

LABELLED_PAIR = Contract(
    table="labelled_pair",
    grain="two descriptions of which somebody said whether they mean the same; truth to test matching against",
    fields=(
        define("pair_ref", "Reference of the pair.", required=True),
        define("pair_kind", "What is described.", required=True, allowed=("name", "company", "person", "facility")),
        define("left_name", "First name.", required=True),
        define("left_address", "First address."),
        define("left_country", "First country as the source writes it."),
        define("right_name", "Second name.", required=True),
        define("right_address", "Second address."),
        define("right_country", "Second country as the source writes it."),
        define("is_match", "Whether both mean the same.", "flag", required=True),
        define("case_group", "Kind of difficulty, in the words of the source."),
    ),
)
