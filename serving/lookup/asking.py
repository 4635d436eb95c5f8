"""What requests may hold, told once for all pages and JSON answers."""

from typing import Annotated

from fastapi import Path, Query

from serving.language import LANGUAGES

MOST_LETTERS = 500
Lang = Annotated[
    str | None,
    Query(pattern=f"^({'|'.join(LANGUAGES)})$", description="Language of the page.", examples=["es"]),
]
Words = Annotated[
    str,
    Query(
        max_length=MOST_LETTERS,
        description="A name as you spell it, or an identifier.",
        examples=["Amber Textils"],
    ),
]
Country = Annotated[
    str | None,
    Query(
        pattern="^([A-Z]{2})?$",
        description="ISO 3166-1 alpha-2 code; suppliers known to be elsewhere are left out.",
        examples=["BD"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=50, description="How many suppliers at most.")]
SupplierId = Annotated[
    str, Path(pattern="^S[0-9a-f]{12}$", description="Id of a supplier.", examples=["S0000000000ab"])
]
