"""Every connector against every misbehaviour: what must come of it."""

from dataclasses import dataclass

from tests.protocol.misbehaviour import DATA_LEVEL, Misbehaviour
from tests.unit.connectors_paged.interfaces import INTERFACES

M = Misbehaviour
SAME = ""
"""The rows of a well-behaved server; any other outcome is a part of what the FetchError says, and nothing changed."""

_WIRE = ("ocds_links", "kobo", "open_supply_hub", "rest_links")
"""One interface a connector for what the client alone deals with, whatever is paged."""
_PAGED = tuple(name for name in INTERFACES if name != "rest_whole")
_LINKED = ("ocds_links", "kobo", "rest_links")

_AGAIN = "could not be fetched"
_TWICE = "a page came a second time in place of another"

_LEADS_BACK = "leads back to one that was read"
_EMPTY = "a page before the end has no records"
_MOVED = "its records moved from page to page"
_NEVER = None
"""Not played: it cannot be told from the other one."""

# misbehaviour → interfaces, outcome where it strikes once, outcome where it lasts
_OUTCOMES: dict[Misbehaviour, tuple[tuple[str, ...], str | None, str | None]] = {
    M.SERVER_ERROR: (_WIRE, SAME, _AGAIN),
    M.TOO_MANY_REQUESTS: (_WIRE, SAME, _AGAIN),
    M.TOO_MANY_REQUESTS_DATED: (_WIRE, SAME, _AGAIN),
    M.CUT_BODY: (_WIRE, SAME, _AGAIN),
    M.CUT_CHUNKS: (_WIRE, SAME, _AGAIN),
    M.WRONG_LENGTH: (_WIRE, SAME, _AGAIN),
    M.HANG_UP: (_WIRE, SAME, _AGAIN),
    M.SLOW_DRIP: (_WIRE, "did not come within 60 seconds", _NEVER),
    M.REDIRECT_LOOP: (_WIRE, SAME, "redirects more than"),
    M.WRONG_CONTENT_TYPE: (_WIRE, "its content type is", _NEVER),
    M.HTML_ERROR_PAGE: (_WIRE, "its content type is", _NEVER),
    M.GZIP_BOMB: (_WIRE, "unpacks to more", _NEVER),
    M.BROKEN_JSON: (_WIRE, "is not JSON", _NEVER),
    M.INVALID_UTF8: (_WIRE, SAME, "is no text in utf-8"),
    M.OTHER_HOST: (_LINKED, "leads to another host", _NEVER),
    M.REPEATED_PAGE: (_PAGED, SAME, _TWICE),
    M.EMPTY_PAGE: (_PAGED, SAME, _EMPTY),
    M.NEVER_ENDS: (_PAGED, SAME, _LEADS_BACK),
    M.RECORD_INSERTED: (_PAGED, SAME, _MOVED),
    M.RECORD_DELETED: (_PAGED, SAME, _MOVED),
    M.RECORD_SWAPPED: (_PAGED, SAME, _MOVED),
}
# where an interface differs under a misbehaviour that lasts
_LASTING: dict[tuple[str, Misbehaviour], str] = {
    # the announced number tells first
    ("open_supply_hub", M.EMPTY_PAGE): "4 records came and 11 are announced",
    ("rest_offset", M.EMPTY_PAGE): "4 records came and 11 are announced",
    ("kobo", M.RECORD_INSERTED): "a record came a second time",
    ("rest_offset", M.RECORD_INSERTED): "the number of records changed",
    ("open_supply_hub", M.RECORD_SWAPPED): "12 records came and 11 are announced",
    # nothing moves under a cursor that is a place in the order of the records
    **{(name, change): SAME for name in ("ocds_cursor", "rest_cursor") for change in DATA_LEVEL},
    ("open_supply_hub", M.RECORD_INSERTED): SAME,
    ("open_supply_hub", M.RECORD_DELETED): SAME,
    # the announced number is reached before the page that would lead back
    ("open_supply_hub", M.NEVER_ENDS): SAME,
    ("rest_offset", M.NEVER_ENDS): SAME,
    # pages that are only counted lead nowhere: the last one comes again under the next number
    ("rest_pages", M.NEVER_ENDS): _TWICE,
}


@dataclass(frozen=True)
class Cell:
    """One interface under one misbehaviour that strikes the second page, once or whenever it is asked for."""

    interface: str
    misbehaviour: Misbehaviour
    lasts: bool
    outcome: str

    @property
    def name(self) -> str:
        return f"{self.interface}__{self.misbehaviour.name.lower()}__{'always' if self.lasts else 'once'}"


CELLS = [
    Cell(interface, misbehaviour, lasts, _LASTING.get((interface, misbehaviour), outcome) if lasts else outcome)
    for misbehaviour, (interfaces, once, always) in _OUTCOMES.items()
    for interface in interfaces
    for lasts, outcome in ((False, once), (True, always))
    if outcome is not _NEVER
]
