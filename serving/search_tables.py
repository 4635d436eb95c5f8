"""The published tables that suppliers are found by: names, identifiers, and how names are spelled."""

from serving.published_table import PublishedTable, mart

SEARCH = (
    mart(
        "dim_supplier_name",
        "supplier_id name",
        ("supplier_id", "name", "kind", "name_key"),
        "One row a supplier and name that sources spell it by; natural persons have none.",
    ),
    mart(
        "dim_supplier_identifier",
        "supplier_id link_key",
        ("supplier_id", "method", "link_key"),
        "One row a supplier and identifier that sources give for it; natural persons have none.",
    ),
    PublishedTable(
        "legal_form",
        "One row a spelling of a legal form that a name may bear, in any script.",
        ("form",),
        ("form", "kind", "may_lead", "source"),
        "seeds.legal_form",
    ),
    PublishedTable(
        "legal_form_key",
        "One row a legal form that is taken off names, as names are compared.",
        ("form_key",),
        ("form_key", "kind", "may_lead", "has_words"),
        "intermediate.int_legal_forms",
    ),
    PublishedTable(
        "name_abbreviation",
        "One row an abbreviation of a word in names of companies.",
        ("abbreviation",),
        ("abbreviation", "word", "source"),
        "seeds.name_abbreviation",
    ),
    PublishedTable(
        "name_word_share",
        "One row a word that many names of companies have; any other word is taken for rare.",
        ("word",),
        ("word", "share", "source"),
        "seeds.name_word_share",
    ),
)
