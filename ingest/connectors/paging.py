"""Pages become one whole: every page once, none repeated, none missing, nothing moved from one to another meanwhile.

What tells that a walk over the pages is not sound: a page or a record comes twice, a page before the end is empty, a
page leads back to one that was read, or the number of records is not the one that is announced. Such a walk is thrown
away and begun again. Where pages are counted and nothing else would tell that records moved, a walk counts only when
another one finds the same pages.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingest.connectors.http_client import JsonPage
from tierline.errors import FetchError
from tierline.log import get_logger

_LOG = get_logger(__name__)
_MOST_WALKS = 4


class UnsoundWalk(Exception):
    """The pages that were read are no whole; they may be when they are read again."""


class TooManyRecords(Exception):
    """What was asked for holds more than the interface gives; a narrower question may not."""


@dataclass(frozen=True)
class PageCall:
    """One page to ask for: an address, and what its query has besides."""

    url: str
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What is equal for two calls of the same page."""
        return json.dumps([self.url, sorted(self.parameters.items())])


@dataclass(frozen=True)
class PageContent:
    """What one answer says: its records, which page comes next, how many there are in all, and whether it lists any."""

    records: list[Any]
    following: PageCall | None
    total: int | None = None
    has_list: bool = True


@dataclass(frozen=True)
class WalkedPage:
    """One page that was read: the answer with its file, how many records it has, and a hash of them."""

    answer: JsonPage
    count: int
    total: int | None
    digest: str
    has_list: bool


@dataclass(frozen=True)
class Walk:
    """All pages in order, and whether a record was on two of them."""

    pages: tuple[WalkedPage, ...]
    has_repeats: bool

    @property
    def digests(self) -> tuple[str, ...]:
        """Hashes of the records of each page: the same hashes, the same records in the same order."""
        return tuple(page.digest for page in self.pages)

    @property
    def total(self) -> int | None:
        """The number of records that its pages announce; the lowest, where it changed while they were read."""
        return min((page.total for page in self.pages if page.total is not None), default=None)

    def forget(self, but: Collection[Path] = ()) -> None:
        """Removes the files of its pages, but not those that are named."""
        for page in self.pages:
            if page.answer.raw_path not in but:
                page.answer.raw_path.unlink(missing_ok=True)


@dataclass(frozen=True)
class WalkRules:
    """How pages are read, and what a sound walk over them keeps to.

    `content` reads an answer to a call when so many records were read before, `identify` gives what a record is
    recognised by. `total`: exact, the pages announce one number and that many come; between, the number may change
    while they are read, because nothing moves under their cursor. `end`: no_link, the last page has records and leads
    nowhere; empty_page, an empty page is the last, and what it leads to must be empty too. `never_repeats`: no record
    is ever there twice. `twice`: two walks must agree.
    """

    first: PageCall
    content: Callable[[JsonPage, PageCall, int], PageContent]
    identify: Callable[[Any], str]
    total: Literal["exact", "between"] = "exact"
    end: Literal["no_link", "empty_page"] = "no_link"
    never_repeats: bool = False
    twice: bool = False
    most_pages: int = 10_000
    most_records: int | None = None


def sound_walk(ask: Callable[[PageCall], JsonPage], rules: WalkRules) -> Walk:
    """Gives a walk over all pages that is sound by the rules.

    Raises FetchError where four walks gave none, TooManyRecords where there is more than the interface can page.
    """
    earlier: tuple[str, ...] | None = None
    problem = ""
    for _ in range(_MOST_WALKS):
        try:
            walk = _Walker(ask, rules).walk()
        except UnsoundWalk as error:
            problem, earlier = str(error), None
            _LOG.warning("%s; its pages are read again", error)
            continue
        if walk.digests == earlier or not (rules.twice or walk.has_repeats):
            return walk
        problem = "its records moved from page to page while they were read"
        earlier = walk.digests
        walk.forget()
    raise FetchError(
        f"{problem}, in {_MOST_WALKS} attempts",
        remedy="Fetch again when its publisher is done with changes; if it stays so, tell the publisher.",
    )


def whole_walk(ask: Callable[[PageCall], JsonPage], rules: WalkRules) -> Walk:
    """Gives a sound walk where there is no narrower question; raises FetchError also where there is too much."""
    try:
        return sound_walk(ask, rules)
    except TooManyRecords as error:
        problem = str(error)
    raise FetchError(
        f"{problem}, which is more than its connection allows",
        remedy="If that many are right, raise most_pages of the connection.",
    )


class _Walker:
    """One walk: asks page after page and watches for what must not be."""

    def __init__(self, ask: Callable[[PageCall], JsonPage], rules: WalkRules) -> None:
        self._ask, self._rules = ask, rules
        self._pages: list[WalkedPage] = []
        self._called: set[str] = set()
        self._digests: set[str] = set()
        self._identities: set[bytes] = set()
        self._count = 0
        self._has_repeats = False

    def walk(self) -> Walk:
        """Gives the walk; raises UnsoundWalk or TooManyRecords, and then leaves no file."""
        try:
            self._read_all()
            self._check_total()
        except BaseException:
            Walk(tuple(self._pages), has_repeats=False).forget()
            raise
        return Walk(tuple(self._pages), self._has_repeats)

    def _read_all(self) -> None:
        call: PageCall | None = self._rules.first
        while call is not None:
            content = self._read(call)
            if not content.records:
                self._check_empty(content.following)
                return
            call = content.following

    def _read(self, call: PageCall) -> PageContent:
        if len(self._pages) >= self._rules.most_pages:
            raise TooManyRecords(f"it has more than {self._rules.most_pages:,} pages")
        self._remember(call)
        answer = self._ask(call)
        try:
            content = self._rules.content(answer, call, self._count)
        except BaseException:
            answer.raw_path.unlink(missing_ok=True)
            raise
        self._keep(answer, content)
        return content

    def _remember(self, call: PageCall) -> None:
        if call.key in self._called:
            raise UnsoundWalk("a page leads back to one that was read")
        self._called.add(call.key)

    def _keep(self, answer: JsonPage, content: PageContent) -> None:
        page = WalkedPage(answer, len(content.records), content.total, _digest(content.records).hex(), content.has_list)
        self._pages.append(page)
        if not content.records:
            return
        if page.digest in self._digests:
            raise UnsoundWalk("a page came a second time in place of another")
        self._digests.add(page.digest)
        self._count += page.count
        self._check_identities(content.records)
        if self._rules.most_records is not None and self._count >= self._rules.most_records:
            raise TooManyRecords(f"it has {self._rules.most_records:,} records or more")

    def _check_identities(self, records: list[Any]) -> None:
        found = {_digest(self._rules.identify(record)) for record in records}
        if len(found) < len(records) or found & self._identities:
            if self._rules.never_repeats:
                raise UnsoundWalk("a record came a second time")
            self._has_repeats = True
        self._identities |= found

    def _check_empty(self, following: PageCall | None) -> None:
        """Decides whether an empty page can be the end; what it leads to must then be empty too."""
        if self._rules.end == "no_link":
            is_end = following is None and len(self._pages) == 1
        else:
            is_end = following is None or following.key in self._called or not self._read(following).records
        if not is_end:
            raise UnsoundWalk("a page before the end has no records")

    def _check_total(self) -> None:
        totals = [page.total for page in self._pages if page.total is not None]
        if not totals:
            return
        lowest, highest = min(totals), max(totals)
        if self._rules.total == "exact" and lowest != highest:
            raise UnsoundWalk("the number of records changed while they were read")
        if not lowest <= self._count <= highest:
            raise UnsoundWalk(f"{self._count:,} records came and {highest:,} are announced")


def _digest(value: Any) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
