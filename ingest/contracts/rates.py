"""Contract of the rates that leave the restricted store."""

from ingest.contracts.model import Contract, define

SURVEY_RATE = Contract(
    table="survey_rate",
    grain="one indicator in one closed survey wave, as a whole or by one country or sector; never of a single site",
    fields=(
        define("rate_id", "Entry of the ledger of told rates.", required=True),
        define("wave_id", "Survey wave.", required=True),
        define("wave_closed_on", "Day on which the wave was closed.", "date", required=True),
        define("breakdown", "Table of the wave.", required=True, allowed=("country", "sector", "wave")),
        define("country_code", "Country of the sites (ISO 3166-1 alpha-2); filled where the breakdown is by country."),
        define("sector_key", "Sector of the sites; filled where the breakdown is by sector."),
        define("indicator_id", "Indicator.", required=True),
        define(
            "state",
            "Whether it is told; suppressed is not zero, and not told is not clean.",
            required=True,
            allowed=("told", "suppressed", "not told"),
        ),
        define("reason", "Why it is not told at all; empty where it is told or suppressed."),
        define(
            "rate_percent",
            "Respondents who report it, to the nearest 5 %, after noise; never 0 or 100, empty where suppressed.",
            "integer",
            unit="percent",
            minimum=5,
        ),
        define(
            "shrunk_percent",
            "The same drawn towards the other told rates of its table, the more the fewer respondents; never scored.",
            "integer",
            unit="percent",
            minimum=5,
        ),
        define(
            "respondents_at_least",
            "Respondents, rounded down to a multiple of 5; empty where suppressed.",
            "integer",
            minimum=10,
        ),
    ),
)
