"""Walks over pages, without any server: what makes one sound, and what is thrown away."""

import itertools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from ingest.connectors.http_client import JsonPage
from ingest.connectors.json_values import count_at, records_at, text_at, value_at
from ingest.connectors.page_files import linked_call, page_files
from ingest.connectors.paging import PageCall, PageContent, TooManyRecords, Walk, WalkRules, sound_walk
from ingest.paged_connections import RestJsonConnection
from tierline.errors import FetchError

Pages = list[list[Any]]


class Reader:
    """Serves lists of records as pages; each walk gets the next of the given versions, the last one for ever."""

    def __init__(self, folder: Path, versions: Iterable[Pages]) -> None:
        self.folder, self.versions = folder, list(versions)
        self.walks, self.asked = 0, 0

    def ask(self, call: PageCall) -> JsonPage:
        number = int(call.parameters["page"])
        self.walks += number == 0
        self.asked += 1
        pages = self.versions[min(self.walks, len(self.versions)) - 1]
        path = self.folder / f"answer-{self.asked}.json"
        path.write_text(json.dumps(pages[number]))
        following = number + 1 if number + 1 < len(pages) else None
        return JsonPage({"records": pages[number], "following": following}, path, "http://x.example/", "", {})


def _content(page: JsonPage, call: PageCall, _count: int) -> PageContent:
    following = page.body["following"]
    return PageContent(page.body["records"], None if following is None else PageCall(call.url, {"page": following}))


def _rules(**changes: Any) -> WalkRules:
    return WalkRules(
        **{"first": PageCall("http://x.example/", {"page": 0}), "content": _content, "identify": str, **changes}
    )


@pytest.fixture
def walk(tmp_path: Path) -> Callable[..., tuple[Walk, Reader]]:
    def walked(*versions: Pages, **changes: Any) -> tuple[Walk, Reader]:
        reader = Reader(tmp_path, versions)
        return sound_walk(reader.ask, _rules(**changes)), reader

    return walked


def _counts(walk: Walk) -> list[int]:
    return [page.count for page in walk.pages]


def test_every_page_is_read_once_in_order(walk: Callable[..., tuple[Walk, Reader]]) -> None:
    found, reader = walk([[1, 2], [3, 4], [5]])
    assert (_counts(found), reader.asked) == ([2, 2, 1], 3)


def test_no_records_at_all_are_one_empty_page(walk: Callable[..., tuple[Walk, Reader]]) -> None:
    found, _ = walk([[]])
    assert _counts(found) == [0]


def test_a_record_that_is_twice_in_the_source_is_taken_when_two_walks_agree(
    walk: Callable[..., tuple[Walk, Reader]],
) -> None:
    found, reader = walk([[1, 2], [2, 3]])
    assert (found.has_repeats, reader.walks) == (True, 2)


def test_a_record_that_moved_is_read_again_where_it_is_now(walk: Callable[..., tuple[Walk, Reader]]) -> None:
    found, reader = walk([[1, 2], [2, 3]], [[0, 1], [2, 3]])
    assert (found.has_repeats, reader.walks) == (False, 2)


@pytest.mark.parametrize(
    ("pages", "changes", "problem"),
    [
        ([[1, 2], [1, 2]], {}, "a page came a second time"),
        ([[1, 2], [], [3]], {}, "no records"),
        ([[], [1, 2]], {}, "no records"),
        ([[1, 2], []], {}, "no records"),
        ([[1, 2], [], [3]], {"end": "empty_page"}, "no records"),
        ([[1, 2], [2, 3]], {"never_repeats": True}, "a record came a second time"),
    ],
)
def test_a_walk_that_is_never_sound_is_an_error(
    tmp_path: Path, pages: Pages, changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(FetchError, match=f"{problem}.* in 4 attempts"):
        sound_walk(Reader(tmp_path, [pages]).ask, _rules(**changes))
    assert list(tmp_path.iterdir()) == []


def test_pages_that_change_at_every_look_are_an_error(tmp_path: Path) -> None:
    versions = [[[number], [number + 1]] for number in itertools.islice(itertools.count(0, 10), 9)]
    with pytest.raises(FetchError, match="moved from page to page"):
        sound_walk(Reader(tmp_path, versions).ask, _rules(twice=True))
    assert list(tmp_path.iterdir()) == []


def test_two_walks_that_agree_leave_the_files_of_one(tmp_path: Path) -> None:
    found = sound_walk(Reader(tmp_path, [[[1], [2]], [[1], [3]]]).ask, _rules(twice=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(page.answer.raw_path.name for page in found.pages)


@pytest.mark.parametrize(
    ("changes", "is_too_much"),
    [({"most_pages": 1}, True), ({"most_records": 4}, True), ({"most_pages": 2}, False), ({"most_records": 5}, False)],
)
def test_more_than_the_interface_gives_is_told_apart(
    tmp_path: Path, changes: dict[str, int], is_too_much: bool
) -> None:
    reader = Reader(tmp_path, [[[1, 2], [3, 4]]])
    if is_too_much:
        with pytest.raises(TooManyRecords):
            sound_walk(reader.ask, _rules(**changes))
        assert list(tmp_path.iterdir()) == []
    else:
        assert _counts(sound_walk(reader.ask, _rules(**changes))) == [2, 2]


def test_empty_pages_do_not_land_beside_others(tmp_path: Path) -> None:
    found = sound_walk(Reader(tmp_path, [[[1], []]]).ask, _rules(end="empty_page"))
    assert [file.name for file in page_files([found], "", {})] == ["page-000001.json"]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("declared", "link", "url"),
    [
        ("https://x.example/a", "?page=2", "https://x.example/a?page=2"),
        ("https://x.example/a", "/b?page=2", "https://x.example/b?page=2"),
        ("https://x.example/a", "http://x.example/a?page=2", "https://x.example/a?page=2"),
        ("https://x.example/a", "https://X.example:443/a", "https://X.example:443/a"),
        ("https://x.example/a?key=k", "?page=2&key=k", "https://x.example/a?page=2"),
    ],
)
def test_a_link_leads_on_within_its_host(declared: str, link: str, url: str) -> None:
    connection = RestJsonConnection(kind="rest_json", url=declared, credential_parameter="key")
    page = JsonPage({}, Path(), declared, "", {})
    call = linked_call(link, page, connection)
    assert call is not None
    assert call.url == url


@pytest.mark.parametrize(
    "link",
    ["https://y.example/a", "//y.example/a", "https://x.example:8443/a", "ftp://x.example/a", "https://x.example:bad/"],
)
def test_a_link_to_another_host_is_an_error(link: str) -> None:
    connection = RestJsonConnection(kind="rest_json", url="https://x.example/a")
    with pytest.raises(FetchError, match="leads to another host"):
        linked_call(link, JsonPage({}, Path(), "https://x.example/a", "", {}), connection)


def test_values_are_found_at_declared_paths() -> None:
    document = {"a": {"b.c": [{"d": 1}]}, "n": "12", "t": True, "blank": ""}
    assert value_at(document, '$.a."b.c"[0].d') == 1
    assert records_at(document, '$.a."b.c"[*]') == [{"d": 1}]
    assert records_at([1], None) == [1]
    assert records_at(document, "$.n[*]") is None
    assert [count_at(document, path) for path in ("$.n", "$.t", "$.absent", "$.a")] == [12, None, None, None]
    assert [text_at(document, path) for path in ("$.n", "$.blank", "$.t", "$.a")] == ["12", None, None, None]
