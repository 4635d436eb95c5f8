"""Where everything lives below TIERLINE_HOME."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folders and files of one installation; nothing is created by looking at them."""

    root: Path

    @property
    def landing(self) -> Path:
        """Bytes as they came, of sources that are not restricted."""
        return self.root / "landing"

    @property
    def restricted(self) -> Path:
        """Everything about answers of single workers; 0700, only the load and survey steps open it."""
        return self.root / "restricted"

    @property
    def restricted_warehouse(self) -> Path:
        """The DuckDB file of the restricted store."""
        return self.restricted / "restricted.duckdb"

    @property
    def keys(self) -> Path:
        """Secret keys, outside the stores they protect; 0700."""
        return self.root / "keys"

    @property
    def match_ledger(self) -> Path:
        """The file that `tierline match` adds verdicts to; kept for ever."""
        return self.root / "verdicts" / "match_ledger.csv"

    @property
    def contests(self) -> Path:
        """Suppliers' objections: the forms as they came, the ledger, and what named nothing known; kept for ever."""
        return self.root / "contests"

    @property
    def contest_ledger(self) -> Path:
        """The file that `tierline contest` adds objections and decisions to."""
        return self.contests / "contest_ledger.csv"

    @property
    def action_ledger(self) -> Path:
        """The file that `tierline action` adds assignments and outcomes to; kept for ever."""
        return self.root / "actions" / "action_ledger.csv"

    @property
    def publications_ledger(self) -> Path:
        """The file that says which publications were retracted, pruned, held or released; kept for ever."""
        return self.published / "publications_ledger.csv"

    @property
    def warehouse(self) -> Path:
        """The working DuckDB file; one writer at a time, no reader."""
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """What anyone reads: one folder a run and `current`, a link to one of them."""
        return self.root / "published"

    @property
    def reports(self) -> Path:
        """Reports and exports, one folder a run."""
        return self.root / "reports"

    @property
    def artifacts(self) -> Path:
        """Logs and outcomes of steps."""
        return self.root / "artifacts"

    def run_artifacts(self, run_id: str) -> Path:
        """The folder of one run's outcomes."""
        return self.artifacts / "runs" / run_id
