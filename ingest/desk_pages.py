"""What the quarantine desk prints: lines for a terminal, in which no text of a record can act."""

from collections.abc import Iterator, Sequence

from ingest.quarantine_desk import Account, QuarantinedRecord, ReasonCount, Retried
from ingest.terminal_text import inert, record_lines

_SHORT_HASH = 12


def count_lines(counts: Sequence[ReasonCount]) -> Iterator[str]:
    """Yields the lines of `tierline quarantine list`: what is to be mended first, then what only repeats."""
    if not counts:
        yield "Nothing is in quarantine."
        return
    faults = [count for count in counts if count.is_fault]
    repeats = [count for count in counts if not count.is_fault]
    yield f"{sum(count.records for count in faults):,} records to look at"
    yield from _entries(faults)
    if repeats:
        yield f"{sum(count.records for count in repeats):,} records that only repeat another, or were superseded"
        yield from _entries(repeats)


def record_pages(records: Sequence[QuarantinedRecord], total: int) -> Iterator[str]:
    """Yields the lines of `tierline quarantine show`: each record with its reason, remedy, file and text."""
    for record in records:
        file = f"{inert(record.file_name or 'unknown file')} (snapshot {record.snapshot_sha256[:_SHORT_HASH]})"
        yield f"{inert(record.source)} record {record.record_no} of {file}"
        yield f"  {record.reason_code}: {inert(record.reason)}"
        yield f"  What to do: {inert(record.remedy)}"
        yield from _text(record)
        yield ""
    if not records:
        yield "Nothing of this source is in quarantine."
    elif total > len(records):
        yield f"{total - len(records):,} more; --limit shows them."


def retry_lines(retried: Sequence[Retried]) -> Iterator[str]:
    """Yields the lines of `tierline quarantine retry`: each source before and after."""
    if not retried:
        yield "No source has records in quarantine, and none failed: nothing to do."
    for one in retried:
        yield inert(one.source)
        yield f"  before: {_account(one.before)}"
        as_it_was = "" if one.is_changed or one.problem else " (as it was: nothing to load)"
        yield f"  after:  {_account(one.after)}{as_it_was}"
        if one.problem is not None:
            yield f"  FAILED  {inert(one.problem)}"


def _entries(counts: Sequence[ReasonCount]) -> Iterator[str]:
    for count in counts:
        shown = ", ".join(str(number) for number in count.examples)
        more = " …" if count.records > len(count.examples) else ""
        reason = count.reason_code if count.reason == count.reason_code else f"{count.reason_code}: {count.reason}"
        yield f"{count.records:>10,}  {inert(count.source)}  {inert(reason)}"
        yield f"{'':>12}What to do: {inert(count.remedy)}"
        yield f"{'':>12}Records: {shown}{more}"


def _text(record: QuarantinedRecord) -> Iterator[str]:
    if record.is_restricted:
        yield "  Its text is not in the open store: the source is restricted."
    elif record.text is None:
        yield "  No text was kept of it."
    else:
        yield "  Text:"
        yield from record_lines(record.text)


def _account(account: Account) -> str:
    repeats = f" (of which repeats: {account.repeated:,})" if account.repeated else ""
    failed = ", failed" if account.is_failed else ""
    return f"{account.read:,} read = {account.loaded:,} loaded + {account.quarantined:,} quarantined{repeats}{failed}"
