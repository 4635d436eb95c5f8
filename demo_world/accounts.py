"""What others tell: reports of NGOs and the media, records of remedy, a register of labour agents."""

from dataclasses import dataclass
from pathlib import Path

from demo_world import remedies, reports
from demo_world.causes import Truth
from demo_world.companies import Companies, Sites
from demo_world.listings import FORCED_LABOUR, LABOUR_DEBARMENT, STATE_LABOUR, Entry
from demo_world.world import World
from demo_world.writers import reports as files
from demo_world.writers.tables import TableFile


@dataclass(frozen=True)
class Known:
    """What others may come to know of one chunk: its companies and sites, what is true there, and who is listed."""

    companies: Companies
    sites: Sites
    truth: Truth
    entries: list[Entry]

    def listed(self) -> list[int]:
        """Gives the companies that stand on a list for how they treat workers, by their place in the chunk."""
        programmes = {FORCED_LABOUR, STATE_LABOUR, LABOUR_DEBARMENT}
        first = int(self.companies.number[0])
        named = {
            entry.number - first for entry in self.entries if entry.programme in programmes and entry.number is not None
        }
        return sorted(named)


def write(folder: Path, world: World, chunk: int, known: Known) -> None:
    """Writes the chunk's three files; none of their draws disturbs another topic's."""
    told = reports.publish(world, chunk, known.sites, known.truth)
    done = remedies.record(world, chunk, known.companies, known.sites, known.truth)
    for name, frame in (
        ("media_reports", files.media_reports(chunk, known.companies, known.sites, told)),
        ("mitigation", files.mitigation(chunk, known.companies, known.sites, done)),
        ("labour_agents", files.labour_agents(world, chunk, known.companies, known.listed())),
    ):
        with TableFile(folder / f"{name}-{chunk:04d}.csv") as table:
            table.add(frame)
