"""Entries of official lists: found by the names they go by or by an identifier; natural persons only by their id."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from serving.interfaces.facts import Row, rows
from serving.lookup.current import Reading
from serving.search.spelling import identifier_key

LEAST_SCORE: Final = 0.7
"""Names less alike than this are not told (RapidFuzz token_sort_ratio over 100)."""
_ENTRIES: Final = """
    SELECT entry.entry_id, any_value(entry.row_id ORDER BY entry.row_id) AS row_id, any_value(entry.name) AS name,
        list(DISTINCT entry.row_id) AS row_ids, any_value(entry_kind) AS entry_kind,
        any_value(entry.list_name) AS list_name, any_value(programme) AS programme,
        any_value(entry.country_code) AS country_code, min(listed_on) AS listed_on, max(ended_on) AS ended_on,
        any_value(entry.status) AS status, any_value(entry.source_id) AS source_id, bool_or(second_hand) AS second_hand,
        any_value(snapshot.publisher) AS publisher, any_value(feeds_indicator) AS feeds_indicator
    FROM dim_list_entry AS entry
    LEFT JOIN (SELECT source_name, any_value(publisher) AS publisher FROM source_snapshot GROUP BY ALL) AS snapshot
        ON snapshot.source_name = entry.source_id
    WHERE entry.entry_id IN (SELECT unnest($ids)) GROUP BY entry.entry_id ORDER BY entry.entry_id
"""
_OWN_NAMES: Final = """
    SELECT DISTINCT entry_id, list_name, name FROM dim_list_entry
    WHERE entry_kind NOT IN ('person', 'good') AND name IS NOT NULL
"""
_OTHER_NAMES: Final = """
    UNION SELECT DISTINCT entry.entry_id, entry.list_name, names.name
    FROM dim_list_entry_name AS names JOIN dim_list_entry AS entry USING (row_id)
    WHERE entry_kind NOT IN ('person', 'good')
"""
_ALIASES: Final = """
    SELECT DISTINCT entry.entry_id, names.name FROM dim_list_entry_name AS names
    JOIN dim_list_entry AS entry USING (row_id)
    WHERE entry.entry_id IN (SELECT unnest($ids)) AND names.name <> entry.name AND entry.entry_kind <> 'person'
    ORDER BY entry.entry_id, names.name
"""
_IDENTIFIERS: Final = """
    SELECT DISTINCT entry.entry_id, entry.list_name, method, substr(link_key, length(method) + 2) AS told
    FROM dim_list_entry_identifier JOIN dim_list_entry AS entry USING (row_id)
"""


@dataclass(frozen=True)
class Entry:
    """One entry of a list, with its other names and its identifiers by kind."""

    row: Row
    aliases: list[str]
    identifiers: dict[str, list[str]]


@dataclass(frozen=True)
class Names:
    """All names of entries as they are compared, words in order, and the keys of their identifiers."""

    keys: list[str]
    entries: list[tuple[str, str, str]]
    """Id, list and name, in the order of the keys."""
    by_identifier: Mapping[str, Sequence[tuple[str, str]]]
    """Key of an identifier → id and list."""


class NamesOfLists:
    """Keeps the names of one publication; they are read anew when the publication is another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._run_id: str | None = None
        self._names: Names | None = None

    def of(self, reading: Reading) -> Names:
        """Gives the names of entries of all lists of the publication."""
        with self._lock:
            if self._names is None or self._run_id != reading.run_id:
                self._names, self._run_id = _names(reading), reading.run_id
            return self._names


def lists_of(reading: Reading) -> list[Row]:
    """Gives the lists of the publication, by name: publisher, title, day, and how many entries each has."""
    return rows(
        reading,
        """
        SELECT entry.list_name, count(DISTINCT entry.entry_id) AS entry_count, any_value(snapshot.title) AS title,
            any_value(snapshot.publisher) AS publisher, max(entry.known_on) AS known_on
        FROM dim_list_entry AS entry
        LEFT JOIN (SELECT source_name, any_value(title) AS title, any_value(publisher) AS publisher
            FROM source_snapshot GROUP BY ALL) AS snapshot ON snapshot.source_name = entry.source_id
        GROUP BY entry.list_name ORDER BY entry.list_name
        """,
    )


def entries_of(reading: Reading, ids: Sequence[str]) -> dict[str, Entry]:
    """Gives id → entry for the entries that the publication has."""
    wanted = {"ids": list(ids)}
    aliases: defaultdict[str, list[str]] = defaultdict(list)
    numbers: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    if _has(reading, "dim_list_entry_name"):
        for row in rows(reading, _ALIASES, wanted):
            aliases[row["entry_id"]].append(row["name"])
    if _has(reading, "dim_list_entry_identifier"):
        own = f"{_IDENTIFIERS} WHERE entry.entry_id IN (SELECT unnest($ids)) ORDER BY ALL"
        for row in rows(reading, own, wanted):
            numbers[row["entry_id"]][row["method"]].append(row["told"])
    return {
        row["entry_id"]: Entry(row, aliases[row["entry_id"]], dict(numbers[row["entry_id"]]))
        for row in rows(reading, _ENTRIES, wanted)
    }


def found_by_name(names: Names, key: str, lists: frozenset[str], limit: int) -> list[tuple[str, float]]:
    """Gives ids of entries of the lists with how alike a name of theirs is, 0 to 1, the likeliest first."""
    from rapidfuzz import fuzz, process

    if not key:
        return []
    matches = process.extract(in_order(key), names.keys, scorer=fuzz.ratio, score_cutoff=LEAST_SCORE * 100, limit=None)
    best: dict[str, float] = {}
    for _, score, place in matches:
        entry_id, list_name, _name = names.entries[place]
        if list_name in lists:
            best[entry_id] = max(best.get(entry_id, 0.0), score / 100)
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def in_order(key: str) -> str:
    """Gives the words of a key in their order: the ratio of two such texts is their token_sort_ratio."""
    return " ".join(sorted(key.split()))


def found_by_identifier(names: Names, values: Sequence[str], lists: frozenset[str]) -> list[str]:
    """Gives ids of entries of the lists that bear one of the identifiers."""
    found = (one for value in values for one in names.by_identifier.get(identifier_key(value), ()))
    return sorted({entry_id for entry_id, list_name in found if list_name in lists})


def _names(reading: Reading) -> Names:
    query = _OWN_NAMES + (_OTHER_NAMES if _has(reading, "dim_list_entry_name") else "")
    told = rows(reading, f"SELECT * FROM ({query}) ORDER BY entry_id, name")
    entries = [(str(row["entry_id"]), str(row["list_name"]), str(row["name"])) for row in told]
    return Names([in_order(reading.index.key(name)) for _, _, name in entries], entries, _by_identifier(reading))


def _by_identifier(reading: Reading) -> dict[str, list[tuple[str, str]]]:
    keys: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    found: list[dict[str, Any]] = []
    if _has(reading, "dim_list_entry_identifier"):
        found = rows(reading, f"{_IDENTIFIERS} WHERE entry_kind <> 'person' ORDER BY ALL")
    for row in found:
        told = str(row["told"])
        for key in {identifier_key(told), identifier_key(told[3:] if told[2:3] == " " else told)}:
            keys[key].append((row["entry_id"], row["list_name"]))
    return dict(keys)


def _has(reading: Reading, table: str) -> bool:
    return table in reading.manifest["tables"]
