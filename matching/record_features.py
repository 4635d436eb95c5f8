"""What two records are compared by, made of the few texts that are stored of a record.

Lists of words cost several times as much to read as the texts they come from, and of all records only few are compared
in a run: so texts are stored, and split where they are compared. The stored columns are those of
`matching.compared_record`.
"""

NAME_LINE_BREAK = "chr(10)"
"""What stands between the words of `name_lines`; no word of a name has it."""

_ADDRESS_WORDS = "string_split(address_key, ' ')"
_NAME_WORDS = f"CASE WHEN name_lines = '' THEN [] ELSE string_split(name_lines, {NAME_LINE_BREAK}) END"
_BEGINS_WITH_A_FIGURE = "regexp_matches(word, '^[0-9]')"

WORDS = "string_split(name_sorted, ' ')"
"""SQL of the words of a name, each once and in alphabetical order."""

NAME_COMPACT = f"replace(name_lines, {NAME_LINE_BREAK}, '')"
"""SQL of a name's words in their order, without blanks."""

FEATURES = f"""
    record_id,
    name_sorted,
    {NAME_COMPACT} AS name_compact,
    array_to_string(regexp_extract_all(name_sorted, '[^ ]*[0-9][^ ]*'), ' ') AS name_numbers,
    {{'words': {_NAME_WORDS}, 'weights': name_weights, 'kind': CAST(NULL AS VARCHAR)}} AS name_feature,
    country_code,
    locality_key,
    string_split(locality_key, ' ') AS locality_words,
    address_key,
    {_ADDRESS_WORDS} AS address_words,
    list_filter({_ADDRESS_WORDS}, lambda word: {_BEGINS_WITH_A_FIGURE}) AS address_numbers,
    identifiers,
    doubtful_identifiers,
    identifier_kinds,
    latitude,
    longitude
"""
"""SQL of all that is compared, as the columns of a SELECT over stored records."""
