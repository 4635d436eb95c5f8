"""How the PDF of the report says things: messages without the marks of HTML, and what its tables share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from serving.language import Language
from serving.pdf import blocks
from serving.reports.content import ReportContent

Row = dict[str, Any]
LONGEST: Final = 300
_LONGEST_NAME: Final = 70


@dataclass(frozen=True)
class Speaker:
    """The content of a report and the language it is said in."""

    content: ReportContent
    speech: Language

    def text(self, message: str, /, **values: object) -> str:
        """Gives the message as plain text: what is strong or code in HTML is not marked."""
        return _unmarked(self.speech.message(message)).format(**values)

    def plural(self, one: str, many: str, /, *, count: int, **values: object) -> str:
        """Gives the form of the message that goes with the count, as plain text."""
        message = _unmarked(self.speech.plural_message(one, many, count))
        return message.format(count=self.speech.number(count), **values)

    def term(self, text: object, length: int = LONGEST) -> str:
        """Gives a text of a published table in the language, cut to the length; nothing for none."""
        return cut(self.speech.term(None if text is None else str(text)), length)

    def number(self, value: float | None, digits: int = 0) -> str:
        """Gives a number, or a dash for none."""
        return "–" if value is None else self.speech.number(value, digits)

    def name(self, row: Row) -> str:
        """Gives the name of a row's supplier, or its id, and whether one of its rows is contested."""
        name = cut(row["name"] or row["supplier_id"], _LONGEST_NAME)
        is_contested = row["supplier_id"] in self.content.portfolio["contested_ids"]
        return f"{name} ⚑ {self.text('contested')}" if is_contested else name

    def place(self, row: Row) -> str:
        """Gives country and sector of a row."""
        country = self.speech.country(row["country_code"]) if row["country_code"] else self.text("country not known")
        sector = self.term(row["sector_label"], 60) if row["sector_label"] else self.text("sector not known")
        return f"{country} · {sector}"

    def band(self, band: str) -> blocks.Cell:
        """Gives a cell with a band, in its colour."""
        return blocks.cell(self.term(band), band=band)

    def indicator(self, indicator_id: str) -> str:
        """Gives the name of an indicator with its id."""
        return f"{self.term(self.content.data['indicator_names'].get(indicator_id, ''))} {indicator_id}".strip()

    def first_of(self, shown: Sequence[object], in_all: int, file: str) -> list[blocks.Block]:
        """Says that only the first rows are shown, and which file has all; nothing where all are."""
        if len(shown) >= in_all:
            return []
        said = self.text(
            "The first {count} of {all} are shown; all are in `{file}`.",
            count=self.number(len(shown)), all=self.number(in_all), file=file,
        )  # fmt: skip
        return [blocks.paragraph(said, "muted")]


def cut(text: str, length: int) -> str:
    """Gives the text cut to the length with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _unmarked(message: str) -> str:
    return message.replace("**", "").replace("`", "")
