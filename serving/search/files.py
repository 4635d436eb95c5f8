"""What the folder `search` of a publication holds, and how its two indexes are laid out."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import tantivy

FOLDER: Final = "search"
LAYOUT: Final = 3
"""Number of the layout, the order of rows included; an index of another one is made anew."""
CONTENTS: Final = "contents.json"
SPELLING: Final = "spelling.json"
NAMES: Final = "names"
IDENTIFIERS: Final = "identifiers"
SUPPLIERS: Final = "suppliers.arrow"
PIECE_LETTERS: Final = 3
"""Names are found by the pieces of three letters that they share, as trigrams forgive a slip of the pen anywhere."""
ANY_COUNTRY: Final = "-"
"""Stands for the country of a supplier of whom none is known."""


def names_schema() -> "tantivy.Schema":
    """Gives the schema of the index of names: pieces of the key, the country, and the row of the table beside it."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", fast=True)
    builder.add_text_field("pieces", tokenizer_name=NAMES, index_option="basic")
    builder.add_text_field("country", tokenizer_name="raw", index_option="basic")
    return builder.build()


def identifiers_schema() -> "tantivy.Schema":
    """Gives the schema of the index of identifiers: the key, and the row of the table beside it."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", fast=True)
    builder.add_text_field("identifier", tokenizer_name="raw", index_option="basic")
    return builder.build()


def register_pieces(index: "tantivy.Index") -> None:
    """Tells an index of names how its field `pieces` is cut."""
    import tantivy

    cutter: Any = tantivy.Tokenizer.ngram(PIECE_LETTERS, PIECE_LETTERS)
    index.register_tokenizer(NAMES, tantivy.TextAnalyzerBuilder(cutter).build())


def pieces_text(key: str) -> str:
    """Gives a key as it is cut into pieces: with a blank at either end, so that each word has both its ends."""
    return f" {key} "
