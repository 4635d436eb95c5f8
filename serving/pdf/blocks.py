"""The blocks of a document as data: `render_pdf("document", …)` shows them in their order.

A document is `{"title", "facts", "mark", "notice", "foot", "landscape", "blocks"}`: `facts` are lines below the title,
`mark` stands on top of each page, `notice` in a red frame on each, `foot` below it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Block = dict[str, Any]
Cell = str | dict[str, Any]
Style = Literal["plain", "muted", "strong", "note", "warning"]


def heading(text: str, level: Literal[1, 2, 3] = 1) -> Block:
    """Gives a heading; the levels of a document begin with 1 and leave none out."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str, style: Style = "plain") -> Block:
    """Gives a paragraph; a note and a warning stand in a frame."""
    return {"kind": "paragraph", "text": text, "style": style}


def bullets(items: Sequence[str]) -> Block:
    """Gives a list with bullets."""
    return {"kind": "list", "items": list(items)}


def facts(items: Sequence[tuple[str, str]]) -> Block:
    """Gives terms with what is said of each beside them."""
    return {"kind": "facts", "items": [[term, description] for term, description in items]}


def column(text: str, *, width: float = 1, align: Literal["left", "right"] = "left") -> dict[str, Any]:
    """Gives a column of a table: its share of the width, 0 for as wide as its words."""
    return {"text": text, "width": width, "align": align}


def cell(text: str, *, band: str | None = None, shade: int = 0, strong: bool = False) -> Cell:
    """Gives a cell that stands out: in the colour of a band, on a shade from 0 to 4, or bold; the text says it too."""
    return {"text": text, "band": band, "shade": shade, "strong": strong}


def table(columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Cell]], caption: str | None = None) -> Block:
    """Gives a table with a heading row that is repeated on each page; all rows are as long as the columns."""
    return {"kind": "table", "columns": list(columns), "rows": [list(row) for row in rows], "caption": caption}


def bar(counts: Mapping[str, int]) -> Block:
    """Gives one bar made of a part for each band; screen readers skip it, so say the counts in words as well."""
    return {"kind": "bar", "parts": [{"band": band, "count": count} for band, count in counts.items()]}


def page_break() -> Block:
    """Gives the start of a new page."""
    return {"kind": "page break"}
