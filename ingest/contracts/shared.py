"""Fields that several contracts have."""

from ingest.contracts.model import define

COUNTRY_CODE = define("country_code", "ISO 3166-1 alpha-2 code; empty where the text is not a known country.")
COUNTRY_TEXT = define("country_text", "Country as the source writes it.")
REGION = define("region", "State, province or region as the source writes it.")
LOCALITY = define("locality", "Town as the source writes it.")
ADDRESS = define("address", "Postal address as the source writes it.")
IDENTIFIERS = (
    define("lei", "Legal Entity Identifier (ISO 17442)."),
    define("os_id", "Open Supply Hub id."),
    define("tax_number", "Tax number as the source writes it."),
    define("company_number", "Number in a company register as the source writes it."),
    define("other_identifier", "Any other identifier, as scheme:value."),
)
SECTOR_TEXT = define("sector_text", "Sector in words.")
SECTOR = (
    define("sector_scheme", "Scheme of the sector code, such as CPV, UNSPSC, NAICS."),
    define("sector_code", "Sector code as the source writes it."),
    SECTOR_TEXT,
)
WORKERS = define("workers", "Number of workers.", "integer", unit="persons", minimum=0)
SALES = (
    define(
        "annual_sales",
        "Sales to all of its customers in one year; 0 tells no more than blank: nobody entered it.",
        "money",
        unit="currency units a year",
        minimum=0,
    ),
    define("sales_currency", "ISO 4217 code of the currency of its sales."),
    define("sales_year", "Year in which the year of its sales ends.", "integer", minimum=1900, maximum=2200),
)
LABOUR_HOURS = define("labour_hours", "Labour that the work needs.", "number", unit="hours", minimum=0)
CAPACITY_UNITS = define("capacity_units", "Units it can make in a year.", "number", unit="units a year", minimum=0)
CURRENCY = define("currency", "ISO 4217 code.")
SUPPLIER_REF = define("supplier_ref", "Reference of the supplier.")
SUPPLIER_REF_REQUIRED = define("supplier_ref", "Reference of the supplier.", required=True)
FACILITY_REF = define("facility_ref", "Reference of the site.")
