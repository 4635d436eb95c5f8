"""Reasons for which a record is not loaded: what was wrong and what to do, never a value of the record."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One kind of fault: its code, the sentence that a person reads, and what to do."""

    code: str
    reason: str
    remedy: str


WRONG_ENCODING = Fault(
    "wrong encoding",
    "the record has bytes that are no text in the declared encoding",
    "Correct the record at its source, or format.encoding of the declaration if many records are hit.",
)
NUL_CHARACTER = Fault(
    "NUL character",
    "the record holds a NUL character, which is no text",
    "Export the file again; it was damaged on the way.",
)
BROKEN_QUOTING = Fault(
    "broken quoting",
    "a quoted cell is not closed, or text follows its closing quote",
    'Close the quote, and write a quote inside a quoted cell twice ("").',
)
RECORD_TOO_LONG = Fault(
    "too long",
    "the record is longer than a record may be; its text is kept only in part",
    "Look for an unclosed quote or a missing line break.",
)
BROKEN_JSON = Fault(
    "broken JSON",
    "the record is not valid JSON",
    "Export the record again; a line of JSON must be whole.",
)
NO_OBJECT = Fault(
    "not an object",
    "the record is JSON but no object with names and values",
    "Check that format.kind and format.records of the declaration fit the file.",
)
NESTED_TOO_DEEP = Fault(
    "nested too deep",
    "the record is nested deeper than any known shape",
    "Do not trust this record; look at where it came from.",
)
DUPLICATE_KEY = Fault(
    "duplicate key",
    "it has the same ",
    "Decide at the source which of the two is right, or declare key_keeps if the later one always is.",
)
IDENTICAL_REPEAT = Fault(
    "identical repeat",
    "it has the same ",
    "Nothing: the same record came twice, and one of the two is loaded.",
)
SUPERSEDED = Fault(
    "superseded",
    "it has the same ",
    "Nothing: a later version of the record is loaded.",
)
ALSO = "; also "
"""What stands in a reason between one fault of a record and the next."""
MOST_TOLD = 5
"""How many faults of a record, and how many items with one fault, its reason tells."""
REPEATS = (IDENTICAL_REPEAT.code, SUPERSEDED.code)
"""Codes of records that are not loaded because another stands for them; they are no faults of the source."""


def wrong_cell_count(found: int, expected: int) -> Fault:
    """Gives the fault of a record with another number of cells than the heading."""
    return Fault(
        "wrong number of cells",
        f"the record has {found} cells and the heading {expected}",
        "Look for a delimiter inside a cell that is not quoted, or a missing cell.",
    )


def missing_value(label: str) -> Fault:
    """Gives the fault of a blank where the contract requires a value."""
    return Fault("missing value", f"{label} is blank", "Fill it at the source; without it the record cannot be used.")


def missing_part(label: str) -> Fault:
    """Gives the fault of a blank part of a reference that is joined from several."""
    return Fault(
        missing_value(label).code,
        f"{label} is blank, which is a part of a reference",
        "Fill it at the source, or declare optional_parts: true if the other parts tell records apart.",
    )


def not_a_date(label: str, formats: tuple[str, ...]) -> Fault:
    """Gives the fault of text that is no date in any declared format."""
    wanted = " or ".join(formats) if formats else "year-month-day"
    return Fault(
        "not a date", f"{label} is no date of the form {wanted}", "Correct the date, or add its form under formats."
    )


def not_a_number(label: str) -> Fault:
    """Gives the fault of text that is no number."""
    return Fault(
        "not a number",
        f"{label} is no plain number",
        "Correct it, or declare thousands_separator and decimal_mark of the field; a formula needs its value instead.",
    )


def not_a_whole_number(label: str) -> Fault:
    """Gives the fault of a fraction where whole numbers are counted."""
    return Fault("not a number", f"{label} is no whole number", "Correct it at the source.")


def not_yes_or_no(label: str) -> Fault:
    """Gives the fault of text that means neither yes nor no."""
    return Fault(
        "not yes or no", f"{label} means neither yes nor no", "Declare an enumeration that says what each text means."
    )


def out_of_range(label: str, bounds: str, *, is_share: bool = False) -> Fault:
    """Gives the fault of a value outside of what is possible; a share may have come as percent."""
    remedy = "Correct it at the source."
    if is_share:
        remedy = "Correct it at the source, or declare scale: 0.01 for the field if the source gives percent."
    return Fault("out of range", f"{label} is not within {bounds}", remedy)


def unknown_value(label: str) -> Fault:
    """Gives the fault of text that no code list or enumeration knows."""
    return Fault(
        "unknown value",
        f"{label} has a value that its code list does not know",
        "Add the value to the enumeration of the declaration, or correct it; no value is guessed.",
    )


def unknown_country(label: str) -> Fault:
    """Gives the fault of text that is no known country where one is required."""
    return Fault(
        "unknown country",
        f"{label} is no country of today that the list of names knows",
        "Add the name to ingest/reference/country_names.csv with its source, or leave the record out.",
    )


def first_fault_sql(reason: str) -> str:
    """Gives the SQL of the first fault that a reason tells, without the numbers of items: what records have alike."""
    return f"regexp_replace(split_part({reason}, '{ALSO}', 1), ' \\(items? [0-9][^()]*\\)$', '')"
