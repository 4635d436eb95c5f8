"""Writes a whole demo world, one chunk of suppliers after the other."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from demo_world import (
    accounts,
    audits,
    capacity,
    causes,
    grievances,
    hostile,
    listings,
    orders,
    ownership,
    releases,
    sales,
    standing_orders,
    subcontracting,
    surveys,
    tenders,
)
from demo_world.companies import Companies, Sites
from demo_world.companies import create as create_companies
from demo_world.draws import Ints
from demo_world.world import World
from demo_world.world import create as create_world
from demo_world.writers import audits as audit_file
from demo_world.writers import config, country, erp, kobo, lists, ocds, truth
from demo_world.writers.tables import TableFile, as_texts
from tierline.errors import ConfigError

CHUNK_SUPPLIERS = 10_000
_MOST_SUPPLIERS = 9_999_999
_FOLDERS = ("procurement", "erp", "audits", "surveys", "lists", "ownership", "country")
_CONFIG = "tierline.yml"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class WorldSummary:
    """What was written: where, and how many of what; all counts include the records that are wrong on purpose."""

    directory: Path
    config: Path
    suppliers: int
    sites: int
    affected_sites: int
    vendor_rows: int
    order_lines: int
    audit_findings: int
    survey_submissions: int
    releases: int
    list_entries: int
    ownership_statements: int
    hostile_records: int


@dataclass
class _Tally:
    sites: int = 0
    affected_sites: int = 0
    order_lines: int = 0
    submissions: int = 0
    releases: int = 0
    statements: int = 0
    hostile: int = 0
    entries: list[listings.Entry] = field(default_factory=list)


@dataclass(frozen=True)
class _Files:
    """Where the parts go: the folder of the sources, and the tables that grow chunk by chunk."""

    sources: Path
    vendors: TableFile
    links: TableFile
    findings: TableFile
    conditions: TableFile
    identities: TableFile


@dataclass(frozen=True)
class _Chunk:
    number: int
    world: World
    companies: Companies
    sites: Sites
    truth: causes.Truth


def write(
    directory: Path, *, suppliers: int = 2000, seed: int = 1, as_of: date, progress: Progress | None = None
) -> WorldSummary:
    """Writes a fictional world of so many suppliers, as known on a day, and tells what it wrote.

    The same suppliers, seed, day and pinned libraries give the same bytes. A world of another size is another world,
    not a part or a continuation of it. Memory is bounded by a chunk of 10,000 suppliers. A world that is in the
    directory already is replaced once the new one is whole. `progress` is called with suppliers done and wanted.
    Raises ConfigError where a number makes no sense or the directory holds something else.
    """
    _check(directory, suppliers, seed)
    directory = directory.resolve()
    partial = directory.with_name(f".{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for folder in _FOLDERS:
        (partial / "sources" / folder).mkdir(parents=True)
    summary = _write_parts(directory, partial, create_world(suppliers, seed, as_of), progress)
    config.write_config(partial / _CONFIG, seed, as_of)
    _move_in(partial, directory)
    return summary


def _check(directory: Path, suppliers: int, seed: int) -> None:
    if not 1 <= suppliers <= _MOST_SUPPLIERS:
        raise ConfigError(
            f"a demo world of {suppliers} suppliers cannot be made", remedy=f"Ask for 1 to {_MOST_SUPPLIERS} suppliers."
        )
    if seed < 0:
        raise ConfigError(f"{seed} cannot be a seed", remedy="Take 0 or a positive whole number.")
    held = [name for name in ("sources", "truth", _CONFIG) if (directory / name).exists()]
    if held and not config.is_demo(directory / _CONFIG):
        raise ConfigError(
            f"{directory} holds {' and '.join(held)} that no demo world wrote",
            remedy="Name an empty directory, or one that holds an older demo world.",
        )


def _move_in(partial: Path, directory: Path) -> None:
    """Puts the whole world in its place: in one step where the directory is empty, else part by part, config last."""
    if not directory.exists() or not any(directory.iterdir()):
        partial.replace(directory)
        return
    for name in ("sources", "truth"):
        shutil.rmtree(directory / name, ignore_errors=True)
        (partial / name).replace(directory / name)
    (partial / _CONFIG).replace(directory / _CONFIG)
    partial.rmdir()


def _write_parts(directory: Path, partial: Path, shared: World, progress: Progress | None) -> WorldSummary:
    tally = _Tally()
    with ExitStack() as stack:
        files = _open_files(stack, partial)
        for number, numbers in _chunks(shared.suppliers):
            _write_chunk(_create_chunk(shared, number, numbers), files, tally)
            if progress is not None:
                progress(int(numbers[-1]), shared.suppliers)
        files.identities.add(truth.list_identities(tally.entries))
    list_rows = _write_lists(partial / "sources" / "lists", shared, tally)
    _write_countries(partial / "sources" / "country", shared)
    return WorldSummary(
        directory=directory,
        config=directory / _CONFIG,
        suppliers=shared.suppliers,
        sites=tally.sites,
        affected_sites=tally.affected_sites,
        vendor_rows=files.vendors.rows,
        order_lines=tally.order_lines,
        audit_findings=files.findings.rows,
        survey_submissions=tally.submissions,
        releases=tally.releases,
        list_entries=list_rows,
        ownership_statements=tally.statements,
        hostile_records=tally.hostile,
    )


def _open_files(stack: ExitStack, partial: Path) -> _Files:
    sources, secret = partial / "sources", partial / "truth"
    return _Files(
        sources=sources,
        vendors=stack.enter_context(TableFile(sources / "erp" / "vendor_master.csv")),
        links=stack.enter_context(TableFile(sources / "erp" / "supply_links.csv")),
        findings=stack.enter_context(TableFile(sources / "audits" / "audit_findings.csv")),
        conditions=stack.enter_context(TableFile(secret / "conditions.csv")),
        identities=stack.enter_context(TableFile(secret / "identities.csv")),
    )


def _chunks(suppliers: int) -> Iterator[tuple[int, Ints]]:
    for chunk, first in enumerate(range(1, suppliers + 1, CHUNK_SUPPLIERS)):
        yield chunk + 1, np.arange(first, min(first + CHUNK_SUPPLIERS, suppliers + 1))


def _create_chunk(shared: World, number: int, numbers: Ints) -> _Chunk:
    made, sites = create_companies(shared, number, numbers)
    return _Chunk(number, shared, made, sites, causes.decide(shared, number, made, sites))


def _write_chunk(chunk: _Chunk, files: _Files, tally: _Tally) -> None:
    tally.sites += len(chunk.sites)
    tally.affected_sites += int(chunk.truth.forced_labour.sum())
    placed = tuple(
        part.place(chunk.world, chunk.number, chunk.companies, chunk.sites) for part in (orders, standing_orders)
    )
    _write_vendors(chunk, placed, files, tally)
    _write_orders(chunk, placed, files, tally)
    files.links.add(subcontracting.links(chunk.world, chunk.number, chunk.companies))
    _write_findings(chunk, files, tally)
    _write_survey(chunk, files, tally)
    with TableFile(files.sources / "surveys" / f"grievances-{chunk.number:04d}.csv") as table:
        table.add(grievances.cases(chunk.world, chunk.number, chunk.companies, chunk.sites, chunk.truth))
    entries = listings.compile_entries(chunk.world, chunk.number, chunk.companies, chunk.sites, chunk.truth)
    accounts.write(files.sources / "accounts", chunk.world, chunk.number, _known_to_others(chunk, entries))
    parties = _write_releases(chunk, files, tally)
    owned = _write_ownership(chunk, files, tally)
    tally.entries += entries
    files.conditions.add(truth.conditions(chunk.world, chunk.companies, chunk.sites, chunk.truth))
    files.identities.add(truth.identities(chunk.companies, parties, owned))


def _known_to_others(chunk: _Chunk, entries: list[listings.Entry]) -> accounts.Known:
    return accounts.Known(chunk.companies, chunk.sites, chunk.truth, entries)


def _write_vendors(chunk: _Chunk, placed: tuple[orders.OrderLines, ...], files: _Files, tally: _Tally) -> None:
    stated = erp.Stated(
        capacity.declare(chunk.world, chunk.number, chunk.companies, chunk.sites, placed),
        sales.state(chunk.world, chunk.number, chunk.companies, chunk.sites, placed),
    )
    frame = erp.vendor_master(chunk.world, chunk.number, chunk.companies, chunk.sites, stated)
    files.vendors.add(frame)
    _add_wrong(chunk, files.vendors, frame, hostile.vendor_rows, tally)


def _write_orders(chunk: _Chunk, placed: tuple[orders.OrderLines, ...], files: _Files, tally: _Tally) -> None:
    frame, standing = (erp.purchase_orders(chunk.number, chunk.companies, chunk.sites, lines) for lines in placed)
    with TableFile(files.sources / "erp" / f"purchase_orders-standing-{chunk.number:04d}.csv") as table:
        table.add(standing)
        tally.order_lines += table.rows
    with TableFile(files.sources / "erp" / f"purchase_orders-{chunk.number:04d}.csv") as table:
        table.add(frame)
        _add_wrong(chunk, table, frame, lambda row: hostile.order_rows(row, chunk.world.as_of), tally)
        tally.order_lines += table.rows


def _write_findings(chunk: _Chunk, files: _Files, tally: _Tally) -> None:
    findings = audits.observe(chunk.world, chunk.number, chunk.companies, chunk.sites, chunk.truth)
    frame = audit_file.audit_findings(chunk.companies, chunk.sites, findings)
    files.findings.add(frame)
    _add_wrong(chunk, files.findings, frame, lambda row: hostile.finding_rows(row, chunk.world.as_of), tally)


def _add_wrong(
    chunk: _Chunk,
    table: TableFile,
    frame: pl.DataFrame,
    make: Callable[[hostile.Row], list[hostile.Row]],
    tally: _Tally,
) -> None:
    """Adds the rows that are wrong on purpose to the first chunk's part, made from its first row."""
    if chunk.number == 1 and frame.height:
        rows = make(as_texts(frame, 0))
        table.add_texts(rows)
        tally.hostile += len(rows)


def _write_survey(chunk: _Chunk, files: _Files, tally: _Tally) -> None:
    answers = surveys.observe(chunk.world, chunk.number, chunk.companies, chunk.sites, chunk.truth)
    rows = kobo.submissions(chunk.number, chunk.companies, chunk.sites, answers)
    wrong: list[str] = []
    if chunk.number == 1 and rows.height:
        wrong = hostile.submissions(rows.head(1).write_ndjson().strip(), chunk.world.as_of)
    kobo.write_pages(files.sources / "surveys", chunk.number, rows, wrong)
    tally.hostile += len(wrong)
    tally.submissions += rows.height + len(wrong)


def _write_releases(chunk: _Chunk, files: _Files, tally: _Tally) -> dict[str, int]:
    """Gives the party ids that were written, with the position of their company."""
    parties: dict[str, int] = {}
    with ocds.ReleaseFiles(files.sources / "procurement", chunk.world, chunk.number) as writer:
        for release in releases.publish(chunk.world, chunk.number, chunk.companies):
            parties.update(release.companies)
            writer.add(release)
        if chunk.number == 1 and writer.first_older is not None:
            wrong = hostile.releases(writer.first_older)
            writer.add_texts(wrong)
            tally.hostile += len(wrong)
    tally.releases += writer.written + _write_tenders(chunk, files, parties)
    return parties


def _write_tenders(chunk: _Chunk, files: _Files, parties: dict[str, int]) -> int:
    """Gives how many releases were written; adds their party ids."""
    found = list(tenders.publish(chunk.world, chunk.number, chunk.companies))
    for release in found:
        parties.update(release.companies)
    lines = (json.dumps(one.content, ensure_ascii=False, separators=(",", ":")) + "\n" for one in found)
    path = files.sources / "procurement" / f"ocds-tenders-{chunk.number:04d}.jsonl"
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(found)


def _write_ownership(chunk: _Chunk, files: _Files, tally: _Tally) -> set[str]:
    """Gives the record ids of the companies that were written."""
    statements = list(ownership.declare(chunk.world, chunk.number, chunk.companies))
    body = ",\n".join(json.dumps(made, ensure_ascii=False, separators=(",", ":")) for made in statements)
    path = files.sources / "ownership" / f"bods-{chunk.number:04d}.json"
    path.write_text(f"[\n{body}\n]\n", encoding="utf-8", newline="\n")
    tally.statements += len(statements)
    return {made["recordId"] for made in statements if made["recordType"] == "entity"}


def _write_lists(folder: Path, shared: World, tally: _Tally) -> int:
    """Gives how many entries the screening list and the customs list have."""
    written = 0
    for name, encoding, frame, make in (
        ("opensanctions_targets.csv", "utf-8", lists.screening_list(shared, tally.entries), hostile.screening_rows),
        ("cbp_wro.csv", "latin-1", lists.customs_list(tally.entries), hostile.customs_rows),
        ("match_verdicts.csv", "utf-8", lists.match_verdicts(shared, tally.entries), hostile.verdict_rows),
    ):
        with TableFile(folder / name, encoding) as table:
            table.add(frame)
            wrong = make(as_texts(frame, 0)) if frame.height else []
            table.add_texts(wrong)
            tally.hostile += len(wrong)
            written += 0 if name == "match_verdicts.csv" else table.rows
    with TableFile(folder / "tvpra_goods.csv") as table:
        table.add(lists.goods_list(shared))
    return written


def _write_countries(folder: Path, shared: World) -> None:
    with TableFile(folder / "tip_tiers.csv") as table:
        table.add(country.tip_tiers(shared))
    with TableFile(folder / "labour_cost.csv") as table:
        table.add(country.labour_costs(shared))
    with TableFile(folder / "cpi.csv", encoding="cp1252") as table:
        table.add(country.corruption_index(shared))
