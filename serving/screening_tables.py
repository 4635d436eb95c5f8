"""The published tables that a list of bidders is checked against: names and numbers on lists, and inherent levels."""

from serving.published_table import PublishedTable, mart

SCREENING = (
    mart(
        "dim_list_entry_name",
        "row_id name",
        ("row_id", "name", "name_role", "name_key"),
        "One row an entry of a list and a name that it goes by: name, alias, former name or subsidiary.",
    ),
    mart(
        "dim_list_entry_identifier",
        "row_id link_key",
        ("row_id", "method", "link_key"),
        "One row an entry of a list and identifier that the list gives for it; natural persons have none.",
    ),
    mart(
        "dim_country_level",
        "country_code",
        ("country_code", "country_level", "country_level_year", "country_level_basis"),
        "One row a country with its inherent level, whether or not a supplier is there.",
    ),
    mart(
        "dim_sector_level",
        "sector_key",
        ("sector_key", "sector_label", "sector_level", "sector_level_basis"),
        "One row a sector with its inherent level, whether or not a supplier is in it.",
    ),
    mart(
        "dim_good_level",
        "country_code sector_key good",
        ("country_code", "sector_key", "good", "matched_on", "good_level", "good_level_basis"),
        "One row a country with a good flagged for forced labour, and one a country and sector with any such good.",
    ),
    PublishedTable(
        "inherent_prior",
        "One row a number of the inherent risk.",
        ("name",),
        ("name", "value", "meaning", "source"),
        "seeds.inherent_prior",
    ),
)
