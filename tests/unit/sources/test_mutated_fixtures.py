"""Fixtures of every source with bytes changed: each record is loaded or quarantined, or one typed error is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.spec import SOURCES, load_spec
from tests.unit.sources.bench import Bench, bench

DECLARED = sorted(path.parent.name for path in SOURCES.glob("*/source.yml"))
POSITION = st.floats(0, 1, exclude_max=True)
JUNK = st.sampled_from(
    [b'"', b"'", b",", b";", b"\n", b"\r\n", b"\0", b"\xff", b"\xc3", b"{", b"}", b"[", b"]", b"<", b"<td>",
     b"</table>", b"\xef\xbb\xbf", b"9" * 400, b"1e9999", b"-0",
     b"NaN", b"\\u0000", b"31/02/2024", b"A\nB", b"=1+1", b"\t" * 30]
)  # fmt: skip
Mutation = Callable[[bytes], bytes]


def at(content: bytes, position: float) -> int:
    return int(position * max(1, len(content)))


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def flipped(position: float, bit: int) -> Mutation:
    def change(content: bytes) -> bytes:
        place = at(content, position)
        return content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :] if content else content

    return change


def replaced(position: float, length: int, junk: bytes) -> Mutation:
    return lambda content: content[: at(content, position)] + junk + content[at(content, position) + length :]


def cut(position: float) -> Mutation:
    return lambda content: content[: at(content, position)]


def repeated_line(position: float, target: float) -> Mutation:
    def change(content: bytes) -> bytes:
        found = lines(content)
        if not found:
            return content
        line = found[int(position * len(found))]
        place = int(target * len(found))
        return b"".join([*found[:place], line, *found[place:]])

    return change


def swapped_columns(first: float, second: float) -> Mutation:
    def change(content: bytes) -> bytes:
        changed = []
        for line in lines(content):
            cells = line.split(b",")
            one, other = int(first * len(cells)), int(second * len(cells))
            cells[one], cells[other] = cells[other], cells[one]
            changed.append(b",".join(cells))
        return b"".join(changed)

    return change


def encoded_anew(codec: str) -> Mutation:
    return lambda content: content.decode("utf-8", "replace").encode(codec, "replace")


def other_line_ends(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n", 3)


MUTATIONS: st.SearchStrategy[Mutation] = st.one_of(
    st.builds(flipped, POSITION, st.integers(0, 7)),
    st.builds(replaced, POSITION, st.integers(0, 60), JUNK),
    st.builds(cut, POSITION),
    st.builds(repeated_line, POSITION, POSITION),
    st.builds(swapped_columns, POSITION, POSITION),
    st.builds(encoded_anew, st.sampled_from(["utf-16", "utf-8-sig", "cp1252"])),
    st.just(other_line_ends),
)


@pytest.fixture(scope="module")
def store() -> Iterator[Bench]:
    with bench() as opened:
        yield opened


def fixtures(source: str) -> list[Path]:
    return sorted(path for path in (SOURCES / source / "fixtures").iterdir() if path.name != "expected.json")


@pytest.mark.parametrize("source", DECLARED)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations=st.lists(MUTATIONS, min_size=1, max_size=3), chosen=POSITION)
def test_a_mutated_fixture_is_accounted_for(
    store: Bench, source: str, mutations: list[Mutation], chosen: float
) -> None:
    files = fixtures(source)
    path = files[int(chosen * len(files))]
    content = path.read_bytes()
    for mutation in mutations:
        content = mutation(content)

    store.load_and_check(load_spec(source), path.name, content)


@pytest.mark.parametrize("source", DECLARED)
def test_an_unchanged_fixture_changes_nothing_when_loaded_again(store: Bench, source: str) -> None:
    for path in fixtures(source):
        store.load_and_check(load_spec(source), path.name, path.read_bytes())
