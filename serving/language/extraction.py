"""Finds the messages of the project: in code, in templates and in the tables of the method."""

import ast
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_dir

from serving.exports.headings import in_words
from serving.exports.terms import COLUMNS, COUNTS
from serving.exports.workbook import SHEETS
from serving.language.wording import with_article
from serving.tables import COPIED
from tierline.run import PROJECT

_FORMS: Final = {"text": 1, "say": 1, "mark": 1, "plural": 2}
"""Names of calls in code whose first literals are messages."""
_KEYWORDS: Final = {"_": None, "ngettext": (1, 2)}
_SEEDS: Final = PROJECT / "dbt_project" / "seeds"
_SEED_COLUMNS: Final = {
    "action/action_outcome.csv": ("name",),
    "catalogue/band_rule.csv": ("band", "condition", "action", "source"),
    "catalogue/buyer_action.csv": ("action",),
    "catalogue/indicator.csv": ("name", "fires_on", "label_group", "source"),
    "catalogue/method_version.csv": ("change",),
    "catalogue/mitigation_kind.csv": ("name",),
    "catalogue/mitigation_verifier.csv": ("name",),
    "catalogue/point_cap.csv": ("meaning", "source"),
    "catalogue/prior_spread.csv": ("meaning",),
    "catalogue/reliability.csv": ("name", "source"),
    "catalogue/strength.csv": ("name",),
    "crosswalks/sector.csv": ("sector_label",),
}
"""The columns of seeds whose texts people read; what cites a source stands with them where it is shown."""


@dataclass(frozen=True)
class Message:
    """An English message, its form for many where it has one, and the file that says it."""

    one: str
    many: str | None
    file: str

    @property
    def key(self) -> str | tuple[str, str]:
        """The message as a catalogue keys it."""
        return self.one if self.many is None else (self.one, self.many)


def messages() -> list[Message]:
    """Gives every message of code, templates and seeds, in the order of files; a template that is wrong raises."""
    return [*_of_code(), *_of_templates(), *_of_seeds(), *_with_articles(), *_of_features(), *_of_workbook()]


def _of_code() -> Iterator[Message]:
    for path in sorted((PROJECT / "serving").rglob("*.py")):
        for call in _calls(path):
            literals = [node.value for node in call.args if isinstance(node, ast.Constant)]
            texts = [value for value in literals if isinstance(value, str)]
            wanted = _FORMS.get(_name(call), 0)
            if wanted and len(texts) >= wanted:
                yield Message(texts[0], texts[1] if wanted > 1 else None, path.relative_to(PROJECT).as_posix())


def _calls(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _of_templates() -> Iterator[Message]:
    folder = PROJECT / "serving"
    found = extract_from_dir(folder, [("**.j2", "jinja2.ext:babel_extract")], {"**.j2": {"silent": "false"}}, _KEYWORDS)
    for file, _line, message, _comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
        forms = (message,) if isinstance(message, str) else message
        yield Message(forms[0], forms[1] if len(forms) > 1 else None, f"serving/{Path(file).as_posix()}")


def _of_seeds() -> Iterator[Message]:
    for file, columns in _SEED_COLUMNS.items():
        for row in _rows(file):
            for column in columns:
                if row[column]:
                    yield Message(row[column], None, f"dbt_project/seeds/{file}")


def _with_articles() -> Iterator[Message]:
    """Gives the kinds of sources in the middle of a sentence, each with its article."""
    for row in _rows("catalogue/reliability.csv"):
        yield Message(with_article(row["name"]), None, "dbt_project/seeds/catalogue/reliability.csv")


def _of_features() -> Iterator[Message]:
    """Gives what the comparison of names says of a feature, as explanations of matches have it."""
    file = "screening/screening_weight.csv"
    for row in _rows(file):
        yield Message(f"{row['feature']} {row['level']}", None, f"dbt_project/seeds/{file}")


def _of_workbook() -> Iterator[Message]:
    """Gives what the sheets and columns of the workbook are called."""
    by_name = {table.name: table for table in COPIED}
    for name in SHEETS:
        for said in (name, *by_name[name].columns):
            yield Message(in_words(said), None, "serving/tables.py")
    for said in (*COLUMNS, *COUNTS):
        yield Message(in_words(said), None, "serving/exports/terms.py")


def _rows(file: str) -> list[dict[str, str]]:
    with (_SEEDS / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
