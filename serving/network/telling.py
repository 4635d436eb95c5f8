"""The network in words, a line a fact; names are as they came, so whoever prints the lines makes them inert."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from serving.network.circles import Circle
from serving.network.paths import NetworkPath, PathsFound
from serving.network.published import Row
from serving.network.surroundings import Surroundings
from serving.network.tiers import Upstream

_SAYS = {
    "ownership": "is owned or controlled by",
    "officer": "is led by",
    "parent": "belongs to",
    "labour_agent": "recruits through",
    "address": "is at",
    "subcontract": "has work done by",
    "supply": "is supplied by",
}
_SHARED = {
    "ownership": "owner",
    "officer": "officer",
    "parent": "parent",
    "labour_agent": "labour agent",
    "address": "address",
    "subcontract": "subcontractor",
    "supply": "supplier",
}
_OWNED_BY_NOBODY = frozenset({"person", "anonymous", "address"})
_NO_TIE = "No source tells of a tie; that does not say that there is none."


def path_lines(found: PathsFound, start: Row, goal: Row, *, longest: int, every: bool) -> Iterator[str]:
    """Tells the paths between two parties, each step with its source rows, and what was not followed."""
    extent = f"up to {longest} steps" if every else "the shortest"
    told = f"{found.path_count:,} path" + ("" if found.path_count == 1 else "s")
    yield f"{_named(start)} to {_named(goal)}: {told}, {extent}"
    if not found.path_count:
        yield f"No path of up to {longest} steps is known from the sources; that does not say that there is none."
    for number, path in enumerate(found.paths, start=1):
        yield ""
        yield from _one_path(number, path)
    if found.path_count > len(found.paths):
        yield f"... and {found.path_count - len(found.paths):,} more; --limit shows them"
    for hub in found.hubs:
        yield f"Not followed: {_named(hub)}, which {hub['neighbour_count']:,} share (--through-hubs follows it)"


def around_lines(found: Surroundings) -> Iterator[str]:
    """Tells the ties of a party, who shares them, and its owners upwards with where that knowledge ends."""
    names = {party_id: _named(party) for party_id, party in found.others.items()}
    yield _named(found.party)
    yield from _tie_section(found, names)
    yield from _share_section(found, names)
    if found.party["party_kind"] not in _OWNED_BY_NOBODY:
        yield from _owner_section(found)


def circle_lines(circles: Sequence[Circle], what: str) -> Iterator[str]:
    """Tells each circle with one way round it; `what` says of whom."""
    yield f"Circles of {what}: {len(circles)}"
    for circle in circles:
        yield f"  {len(circle.parties)} in a circle: " + " > ".join(_named(party) for party in circle.way_round)


def tier_lines(counts: Sequence[Row]) -> Iterator[str]:
    """Tells how many suppliers each tier has."""
    for row in counts:
        tier = "tier not known" if row["tier"] is None else f"tier {row['tier']}"
        undeclared = f", {row['undeclared']:,} of them told of by no customer" if row["undeclared"] else ""
        yield f"{tier:<16}{row['suppliers']:>10,}  {row['basis']}{undeclared}"


def upstream_lines(party: Row, found: Sequence[Upstream], *, goes_on: bool) -> Iterator[str]:
    """Tells who stands upstream of a party, by depth, each tie with its source row."""
    yield f"Upstream of {_named(party)}:"
    if not found:
        yield f"  {_NO_TIE}"
    for tiers_up, group in groupby(found, key=lambda one: one.tiers_up):
        yield f"{tiers_up} up"
        for one in group:
            names = {str(end["party_id"]): _named(end) for end in (one.party, one.customer)}
            yield f"  {_tie(one.tie, names)}"
    if goes_on:
        yield "The chain goes on beyond the last tier shown."


def _one_path(number: int, path: NetworkPath) -> Iterator[str]:
    names = {str(party["party_id"]): _named(party) for party in path.parties}
    yield f"{number}. " + " - ".join(str(party["name"]) for party in path.parties)
    for place, ties in enumerate(path.steps, start=1):
        for tie in ties:
            yield f"   {place}  {_tie(tie, names)}"


def _tie_section(found: Surroundings, names: Mapping[str, str]) -> Iterator[str]:
    yield f"Ties: {found.tie_count:,}"
    if not found.ties:
        yield f"  {_NO_TIE}"
    for tie in found.ties:
        yield f"  {_tie(tie, names)}"
    if found.tie_count > len(found.ties):
        yield f"  ... and {found.tie_count - len(found.ties):,} more"
    hubs = {tie["party_id"] for tie in found.ties if found.others[tie["party_id"]]["is_hub"]}
    for party_id in sorted(hubs):
        yield f"  {names[party_id]} is shared by {found.others[party_id]['neighbour_count']:,}: it says little"


def _share_section(found: Surroundings, names: Mapping[str, str]) -> Iterator[str]:
    if found.shares:
        yield "Shared with others:"
    for (kind, shared_id), group in groupby(found.shares, key=lambda share: share[:2]):
        others = [names[other_id] for _, _, other_id in group]
        yield f"  {_SHARED[kind]} {names[shared_id]}: " + "; ".join(others)


def _owner_section(found: Surroundings) -> Iterator[str]:
    yield "Owners, upwards:"
    if not found.owners:
        yield "  No source tells who owns it; that does not say that nobody does."
    for owner in found.owners:
        ending = f" ({owner.ending})" if owner.ending else ""
        yield f"  {owner.level} up  {_named(owner.party)}{ending}"
    endings = Counter(owner.party["party_kind"] for owner in found.owners)
    if found.owners and not endings["person"]:
        yield "  No natural person is known at the top."
    if found.has_more_owners:
        yield "  The chain goes on beyond the last level shown."
    for circle in found.circles:
        yield "  Circle of owners: " + " > ".join(_named(party) for party in circle.way_round)


def _tie(tie: Row, names: Mapping[str, str]) -> str:
    subject, party = names[tie["subject_id"]], names[tie["party_id"]]
    details = ", ".join(detail for detail in (tie["interest"], _share(tie), _since(tie), _declared(tie)) if detail)
    source = f"{tie['source_id']} record {tie['record_no']}, row {tie['row_id']}"
    known = f", known {tie['known_on']}" if tie["known_on"] else ""
    return f"{subject} {_SAYS[tie['edge_kind']]} {party}" + (f": {details}" if details else "") + f" [{source}{known}]"


def _share(tie: Row) -> str:
    low, high = tie["share_minimum"], tie["share_maximum"]
    if low is None and high is None:
        return ""
    if low == high:
        return f"{low:g} %"
    return f"{'?' if low is None else format(low, 'g')} to {'?' if high is None else format(high, 'g')} %"


def _since(tie: Row) -> str:
    begun = f"from {tie['valid_from']}" if tie["valid_from"] else ""
    ended = f"ended {tie['valid_to']}" if tie["valid_to"] else ""
    return " ".join(part for part in (begun, ended) if part)


def _declared(tie: Row) -> str:
    return {True: "told of by the customer", False: "not told of by the customer"}.get(tie["is_declared"], "")


def _named(party: Row) -> str:
    kind = "" if party["party_kind"] == "supplier" else f", {str(party['party_kind']).replace('_', ' ')}"
    return f"{party['name']} ({party['party_id']}{kind})"
