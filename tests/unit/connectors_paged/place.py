"""An installation whose sources come from the misbehaving server, and what it holds."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ingest.connectors.clock import Clock
from ingest.sealed_store import sealed_store
from ingest.steps import fetch_source, load
from tests.protocol.server import ProtocolServer
from tests.unit.connectors_paged.interfaces import Interface
from tierline.errors import TierlineError
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

AS_OF = date(2026, 1, 6)
_LINEAGE = {"row_id", "source_id", "record_no", "item_no", "snapshot_sha256", "run_id", "known_on"}


class FastTime:
    """A clock sixty times as fast as the true one, on which waiting takes no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._ahead = 0.0

    def monotonic(self) -> float:
        return 60 * time.monotonic() + self._ahead

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._ahead += seconds

    @property
    def clock(self) -> Clock:
        return Clock(self.monotonic, self.sleep)


TIME = FastTime()


@dataclass
class Place:
    """Sources, each an interface under a name of its own, and the home they are fetched to."""

    root: Path
    server: ProtocolServer
    sources: dict[str, SourceConfig] = field(default_factory=dict)
    interfaces: dict[str, Interface] = field(default_factory=dict)

    def add(self, interface: Interface, name: str = "", **changes: Any) -> str:
        """Declares and configures an interface; `changes` are keys of its connection."""
        name = name or interface.name
        folder = self.root / "ingest" / "sources" / name
        folder.mkdir(parents=True, exist_ok=True)
        declared = {**yaml.safe_load(interface.head()), "connection": interface.source(self.server, **changes)}
        text = yaml.safe_dump({**declared, "id": name}, allow_unicode=True)
        (folder / "source.yml").write_text(text, encoding="utf-8")
        self.sources[name] = SourceConfig(id=name, name=name, credential=interface.credential)
        self.interfaces[name] = interface
        return name

    def run(self, run_id: str = "r1", as_of: date = AS_OF) -> Run:
        settings = Settings(
            home=self.root / "home", base=self.root, sources=tuple(self.sources.values()), threads=1, seed=1,
            expansion_limit_bytes=8 * 2**20,
        )  # fmt: skip
        return Run(run_id=run_id, as_of=as_of, settings=settings, project=self.root)

    def fetch(self, name: str, run_id: str = "r1", *, as_of: date = AS_OF, full: bool = False) -> dict[str, Any]:
        return fetch_source(self.run(run_id, as_of), name, full=full, clock=TIME.clock)

    def try_to_fetch(self, name: str, run_id: str = "r1", **options: Any) -> str | None:
        """Fetches; gives what the error says, None where there was none."""
        try:
            self.fetch(name, run_id, **options)
        except TierlineError as error:
            return f"{type(error).__name__}: {error}"
        return None

    def load(self, run_id: str = "r1", *, as_of: date = AS_OF) -> dict[str, Any]:
        return load(self.run(run_id, as_of))

    def rows(self, name: str) -> dict[str, list[tuple[Any, ...]]]:
        """Gives the canonical rows of a source, by table, without their lineage, in order."""
        run, interface = self.run(), self.interfaces[name]
        is_restricted = interface.sensitivity == "restricted"
        with (
            sealed_store(run, read_only=True)
            if is_restricted
            else connect(run.home.warehouse, read_only=True) as connection
        ):
            found = {}
            for table in interface.tables:
                relation = connection.execute(f"SELECT * FROM canonical.{table} WHERE source_id = ?", [name])
                kept = [index for index, column in enumerate(relation.description or ()) if column[0] not in _LINEAGE]
                found[table] = sorted((tuple(row[index] for index in kept) for row in relation.fetchall()), key=repr)
        return found

    def landing(self, name: str) -> Path:
        home = self.run().home
        restricted = self.interfaces[name].sensitivity == "restricted"
        return (home.restricted / "landing" if restricted else home.landing) / name

    def present(self, name: str) -> list[tuple[str, str]]:
        """Gives name and hash of the present files of a source."""
        listed = yaml.safe_load((self.landing(name) / "current.json").read_text(encoding="utf-8"))
        return [(file["name"], file["sha256"]) for file in listed["files"]]

    def every_file(self) -> Iterable[Path]:
        return (path for path in self.root.rglob("*") if path.is_file())
