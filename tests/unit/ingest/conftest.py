"""A small installation for tests of ingest: sources declared in a few lines, files of any bytes, what was loaded."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.sealed_store import sealed_store
from ingest.steps import fetch_source, load
from tierline.errors import TierlineError
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

AS_OF = date(2026, 11, 1)

CSV_SOURCE = """
id: makers
title: Makers
publisher: Test
licence: {name: none}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: public
reference_namespace: erp
shape_checked: false
format: {kind: csv}
columns: [id, name, country]
optional_columns: [workers, opened, share, parent]
column_aliases: {name: [maker]}
null_values: ["", "n/a"]
key: [id]
mapping:
  - table: supplier
    fields:
      supplier_ref: {column: id}
      name: {column: name}
      country_text: {column: country}
      workers: {column: workers}
      parent_ref: {column: parent}
"""

JSON_LINES_SOURCE = """
id: notices
title: Notices
publisher: Test
licence: {name: none}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: public
reference_namespace: ocds
shape_checked: false
format: {kind: jsonl}
key: ["$.id"]
volume: {minimum: 0}
mapping:
  - table: award
    each: ["$.awards[*]", "$.suppliers[*]"]
    fields:
      award_ref: {parent_path: "$.id", level: 1}
      process_ref: {parent_path: "$.ocid"}
      supplier_ref: {path: "$.id"}
      supplier_name: {path: "$.name"}
      awarded_on: {parent_path: "$.date", level: 1}
      amount: {parent_path: "$.value/amount", level: 1}
"""

SURVEY_SOURCE = """
id: answers
title: Answers
publisher: Test
licence: {name: none}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: restricted
reference_namespace: erp
shape_checked: false
format: {kind: json, records: "$.results[*]"}
key: ["$._uuid"]
survey: {place: offsite_survey}
mapping:
  - table: survey_answer
    questions:
      "$.q/documents_held": {indicator: F07, adverse: [yes], not_adverse: [no]}
      "$.q/free_to_leave": {indicator: F03, adverse: [no], not_adverse: [yes]}
    fields:
      respondent_key: {path: "$._uuid"}
      facility_ref: {path: "$.site"}
      submitted_on: {path: "$._submission_time"}
"""


@dataclass
class Installation:
    """Sources, files and a home below one folder."""

    root: Path
    sources: list[SourceConfig] = field(default_factory=list)

    def declare(self, text: str, path: str | None, **options: Any) -> str:
        """Declares a source and configures it under its id or the name given; gives the name."""
        source_id = next(line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: "))
        folder = self.root / "ingest" / "sources" / source_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "source.yml").write_text(text, encoding="utf-8")
        config = SourceConfig(id=source_id, path=path, **options)
        self.sources = [*(other for other in self.sources if other.name != config.name), config]
        return config.name

    def write(self, path: str, content: bytes | str) -> Path:
        target = self.root / "files" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return target

    def run(self, run_id: str = "r1", **options: Any) -> Run:
        options = {"threads": 1, **options}
        settings = Settings(home=self.root / "home", base=self.root / "files", sources=tuple(self.sources), **options)
        return Run(run_id=run_id, as_of=AS_OF, settings=settings, project=self.root)

    def load(self, run_id: str = "r1", **options: Any) -> dict[str, Any]:
        """Fetches every source and loads; a fetch that fails is left to the load step to tell."""
        run = self.run(run_id, **options)
        for source in self.sources:
            with suppress(TierlineError):
                fetch_source(run, source.name)
        return load(run)

    def query(self, sql: str, *, restricted: bool = False) -> list[tuple[Any, ...]]:
        run = self.run()
        opened = sealed_store(run, read_only=True) if restricted else connect(run.home.warehouse, read_only=True)
        with opened as connection:
            return connection.execute(sql).fetchall()

    def quarantine(self) -> list[tuple[Any, ...]]:
        return self.query("SELECT record_no, reason_code FROM ingest.quarantined_record ORDER BY record_no")

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table of the open store."""
        tables = self.query(
            "SELECT table_schema || '.\"' || table_name || '\"' FROM information_schema.tables ORDER BY 1"
        )
        return {name: sorted(self.query(f"FROM {name}"), key=repr) for (name,) in tables}


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@pytest.fixture
def makers(installation: Installation) -> Installation:
    """An installation with one CSV source, `makers`, read from `makers.csv`."""
    installation.declare(CSV_SOURCE, "makers.csv")
    return installation


@pytest.fixture
def notices(installation: Installation) -> Installation:
    """An installation with one JSON Lines source, `notices`, read from `notices.jsonl`."""
    installation.declare(JSON_LINES_SOURCE, "notices.jsonl")
    return installation


@pytest.fixture
def answers(installation: Installation) -> Installation:
    """An installation with one restricted source, `answers`, read from `answers.json`."""
    installation.declare(SURVEY_SOURCE, "answers.json")
    return installation
