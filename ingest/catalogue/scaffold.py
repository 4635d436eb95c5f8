"""The command `sources new`: a declaration from a sample file, and a fixture of its first records where asked for."""

import re
from dataclasses import dataclass
from pathlib import Path

from ingest.catalogue.declaration_text import declaration_text
from ingest.catalogue.draft import Draft
from ingest.catalogue.drafting import draft_of
from ingest.catalogue.first_records import first_records, fixture_name
from ingest.catalogue.trial import FIXTURES
from ingest.spec import SOURCES, parse_spec
from tierline.errors import ConfigError
from tierline.files import write_bytes_atomically

_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Scaffold:
    """What was written, and what is left to a person."""

    folder: Path
    draft: Draft
    has_fixture: bool

    def told(self) -> str:
        """Gives what was seen and guessed, and the lines to decide."""
        draft, sample = self.draft, self.draft.sample
        seen = "all" if sample.is_whole else "the first"
        lines = [
            f"Wrote {self.folder / 'source.yml'}",
            f"  {sample.layout.format.kind}, {seen} {sample.columns.height:,} records and {len(draft.columns)} columns"
            f" looked at; fills {draft.contract.table}; key: {', '.join(draft.key) or 'none'}",
        ]
        width = max(len(field.name) for field in draft.fields)
        for field in draft.fields:
            origin, value = next(iter(field.keys.items()))
            lines.append(
                f"  {field.name.ljust(width)} ← {value if origin in {'column', 'path'} else f'{origin} {value}'}"
            )
        if self.has_fixture:
            lines.append(f"  fixture: {FIXTURES}/{fixture_name(sample)}, the first records of the sample as they are")
        lines.append("To decide:")
        lines.extend(f"  - {line}" for line in draft.to_decide)
        return "\n".join(lines)


def new_source(
    source_id: str, path: Path, *, table: str | None = None, sources: Path = SOURCES, with_fixture: bool = False
) -> Scaffold:
    """Writes a declaration for the sample under `sources`/`source_id`; gives what was written.

    Records of the sample are copied into a fixture only if asked for, since samples may be confidential. Raises
    ConfigError for an id that is none or taken, a table that is none, or a sample whose layout cannot be seen.
    """
    folder = sources / source_id
    if not _ID.fullmatch(source_id):
        raise ConfigError(f"'{source_id}' is no id", remedy="Use small letters, digits and '_', a letter first.")
    if folder.exists():
        raise ConfigError(f"{folder.name} is there already", remedy="Choose another id, or remove the folder first.")
    draft = draft_of(source_id, path, table)
    text = declaration_text(draft)
    parse_spec(text, source_id)
    if with_fixture:
        write_bytes_atomically(folder / FIXTURES / fixture_name(draft.sample), first_records(draft.sample, path))
    write_bytes_atomically(folder / "source.yml", text.encode())
    return Scaffold(folder, draft, with_fixture)
