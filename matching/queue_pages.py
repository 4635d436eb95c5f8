"""What `tierline match` prints: the queue, and why records are one supplier; plain lines for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from matching.queue import SupplierHistory, Waiting


def queue_lines(waiting: Sequence[Waiting], total: int) -> Iterator[str]:
    """Gives the lines of the queue: id, both names, countries and references, what is at stake, what speaks for it."""
    if not waiting:
        yield "Nothing waits for a verdict"
        return
    for one in waiting:
        yield from _waiting_lines(one)
    yield f"{len(waiting)} of {total} wait; decide one: tierline match confirm|reject|unsure ID --role … --reason …"


def history_lines(history: SupplierHistory) -> Iterator[str]:
    """Gives the lines that say why records are one supplier, pair by pair and feature by feature, and its changes."""
    yield "Records:"
    for reference, name, source, record_no, matched_by in history.records:
        yield printable(f"  {reference}  {name}  ({source}, record {record_no}; joined by {matched_by})")
    if history.pairs:
        yield "Pairs that were compared:"
    for queue_id, left, right, weight, is_automatic, explanation in history.pairs:
        joins = "joins" if is_automatic else "does not join by itself"
        yield printable(f"  {queue_id}  {left} = {right}: weight {weight:.1f}, {joins}")
        yield printable(f"      {_features(explanation)}")
    if history.waiting:
        yield "Waits for a verdict:"
    for one in history.waiting:
        yield from _waiting_lines(one)
    if history.changes:
        yield "Changes:"
    for changed_on, kind, supplier_id, other_id, reference, reason in history.changes:
        about = " ".join(str(part) for part in (supplier_id, other_id, reference) if part)
        yield printable(f"  {changed_on}  {kind}  {about}: {reason}")


def printable(text: str) -> str:
    """Gives the text on one line, without signs that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _waiting_lines(one: Waiting) -> Iterator[str]:
    other = f"{one.other_name} (list {one.list_name})" if one.kind == "list_entry" else one.other_name
    yield printable(f"{one.rank:>4}  {one.queue_id}  {one.supplier_name} [{one.supplier_id}]  =?  {other}")
    sides = ((one.country_code, one.supplier_ref), (one.other_country_code, one.other_ref))
    yield printable("      " + "  =?  ".join(f"{country or 'no country'}, {ref or 'no id'}" for country, ref in sides))
    yield printable(f"      {', '.join(_stakes(one))}")
    if one.explanation:
        yield printable(f"      {one.explanation}")


def _stakes(one: Waiting) -> Iterator[str]:
    if one.could_gate:
        feeds = f", feeds {one.feeds_indicator}" if one.feeds_indicator else ""
        yield f"could decide a band{feeds}"
    yield "spend not known" if one.spend is None else f"spend {one.spend:,.0f}"
    yield "not compared" if one.match_weight is None else f"weight {one.match_weight:.1f}"
    if one.is_unsure:
        yield "somebody was unsure"


def _features(explanation: Any) -> str:
    return "; ".join(
        f"{one['feature']} {one['level']}" + (f" ({one['weight']:+.1f})" if one["weight"] else "")
        for one in explanation or ()
    )
