"""The one search among the suppliers of a publication: by a name as somebody spells it, or by an identifier."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from serving.manifest import FILE_NAME
from serving.search import files
from serving.search.likeness import Scores, likeness_to_all, likenesses
from serving.search.scan import WORTH_A_SCAN, NameScan, name_scan
from serving.search.spelling import Spelling, identifier_key, searched, spelling_of
from tierline.errors import PublishError
from tierline.files import sha256_of_file

LEAST_SCORE: Final = 0.6
"""Names less alike than this are not found; a part of a name is alike by this much."""
NEAR_SCORE: Final = 0.8
"""Names less alike than this are seldom the same one misspelt (measured: docs/lookup.md)."""
_CANDIDATES: Final = 200
_LONGEST_QUERY: Final = 500
Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Hit:
    """One supplier that was found: how well, from 0 to 1, and by what."""

    supplier_id: str
    name: str
    country_code: str | None
    score: float
    matched_on: str
    """`identifier`, `name`, `other name` or `former name`."""
    matched_text: str
    """The name or identifier of the supplier that was met."""
    identifier_scheme: str | None = None
    sector: str | None = None


class SupplierIndex:
    """An open index of a publication; it may be searched by many threads at once."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._spelling: Spelling = spelling_of(json.loads((folder / files.SPELLING).read_text(encoding="utf-8")))
        self._contents: dict[str, Any] = json.loads((folder / files.CONTENTS).read_text(encoding="utf-8"))
        self._names = _mapped(folder / f"{files.NAMES}.arrow")
        self._keys = _column(self._names, "key")
        self._owners = _column(self._names, "supplier").to_numpy()
        self._suppliers = _mapped(folder / files.SUPPLIERS)
        self._identifiers = _mapped(folder / f"{files.IDENTIFIERS}.arrow")
        name_index = tantivy.Index.open(str(folder / files.NAMES))
        identifier_index = tantivy.Index.open(str(folder / files.IDENTIFIERS))
        self._name_schema, self._name_searcher = name_index.schema, name_index.searcher()
        self._identifier_schema, self._identifier_searcher = identifier_index.schema, identifier_index.searcher()

    @property
    def size(self) -> int:
        """How many suppliers the publication has, those that no name finds included."""
        return int(self._contents["suppliers"])

    @property
    def countries(self) -> list[str]:
        """Codes of the countries of its suppliers, in their order."""
        return list(self._contents["countries"])

    def key(self, name: str) -> str:
        """Gives the words that a name is searched by: Latin letters, upper case, no accents, no legal form."""
        return searched(self._spelling.key(name[:_LONGEST_QUERY]))

    def likenesses(self, typed: Sequence[str], known: Sequence[str]) -> list[float]:
        """Gives how alike the keys of two columns are, pair by pair, as the search compares them."""
        return [float(score) for score in likenesses(typed, known, self._spelling.weights)]

    def search(
        self, query: str, *, country: str | None = None, limit: int = 10, least: float = LEAST_SCORE
    ) -> list[Hit]:
        """Gives the suppliers that a name or identifier may mean, the likeliest first, each once.

        With `country`, an ISO code, those that are known to be elsewhere are left out. Equally likely ones stand in the
        order of their ids. Names less alike than `least` are left out. Only the first 500 letters of a query count.
        """
        return self._search(query, country, limit, least, None)

    def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, limit: int = 10, least: float = LEAST_SCORE
    ) -> list[list[Hit]]:
        """Gives, for each name with its country or none, what `search` gives; on all processors at once."""
        is_worth_it = sum(country is None for _, country in asked) >= WORTH_A_SCAN
        scan = name_scan(self._keys) if is_worth_it else None

        def search(one: tuple[str, str | None]) -> list[Hit]:
            return self._search(*one, limit, least, scan)

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(search, asked))

    def by_identifier(self, scheme: str | None, value: str) -> list[Hit]:
        """Gives the suppliers that bear an identifier, as typed with blanks or dashes; of any scheme for none.

        A scheme is `lei`, `os_id`, `tax_number`, `company_number`, `reference`, `supplier id` or that of an org-id.
        """
        import tantivy

        key = identifier_key(value[:_LONGEST_QUERY])
        if not key:
            return []
        query = tantivy.Query.term_query(self._identifier_schema, "identifier", key, "basic")
        rows = _rows(self._identifier_searcher, query, _CANDIDATES)
        told = [row for row in _taken(self._identifiers, sorted(rows)) if scheme in (None, row["scheme"])]
        suppliers = _taken(self._suppliers, [row["supplier"] for row in told])
        hits: dict[str, Hit] = {}
        for row, supplier in zip(told, suppliers, strict=True):
            met = "identifier", row["identifier"], row["scheme"]
            hits.setdefault(supplier["supplier_id"], _hit(supplier, 1.0, *met))
        return list(hits.values())

    def _search(self, query: str, country: str | None, limit: int, least: float, scan: NameScan | None) -> list[Hit]:
        by_number = self.by_identifier(None, query) if any(map(str.isdigit, query[:_LONGEST_QUERY])) else []
        found = {hit.supplier_id: hit for hit in by_number if country in (None, hit.country_code)}
        key = self.key(query)
        rows = self._candidates(key, country, scan) if key else np.zeros(0, np.int64)
        for hit in self._by_name(key, rows, limit, least):
            found.setdefault(hit.supplier_id, hit)
        return list(found.values())[:limit]

    def _candidates(self, key: str, country: str | None, scan: NameScan | None) -> Places:
        if scan is not None and country is None:
            return scan.best(key, _CANDIDATES)
        return np.array(_rows(self._name_searcher, self._query(key, country), _CANDIDATES), np.int64)

    def _by_name(self, key: str, rows: Places, limit: int, least: float) -> list[Hit]:
        """Gives hits by name in their order, those of the `limit` likeliest suppliers at least."""
        scores = likeness_to_all(key, _texts(self._keys.take(pa.array(rows))), self._spelling.weights)
        alike = scores >= least
        rows, scores = rows[alike], scores[alike]
        likeliest = _likeliest(scores, self._owners[rows], limit)
        told = _taken(self._names, rows[likeliest].tolist())
        suppliers = _taken(self._suppliers, [row["supplier"] for row in told])
        hits = [
            _hit(supplier, score, row["kind"], row["name"])
            for row, supplier, score in zip(told, suppliers, scores[likeliest].tolist(), strict=True)
        ]
        return sorted(hits, key=_order)

    def _query(self, key: str, country: str | None) -> Any:
        import tantivy

        text = files.pieces_text(key)
        pieces = {text[place : place + files.PIECE_LETTERS] for place in range(len(text) - files.PIECE_LETTERS + 1)}
        alike = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._name_schema, "pieces", piece, "basic"))
                for piece in sorted(pieces)
            ]
        )
        if country is None:
            return alike
        there = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._name_schema, "country", code, "basic"))
                for code in sorted({country, files.ANY_COUNTRY})
            ]
        )
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, alike), (tantivy.Occur.Must, tantivy.Query.const_score_query(there, 0.0))]
        )


_KINDS: Final = ("name", "other name", "former name", "identifier")


def open_index(publication: Path, folder: Path | None = None) -> SupplierIndex:
    """Opens the index of a publication, or one that was built for it in another folder.

    Raises PublishError where there is none, or where it is of another publication or layout.
    """
    where = folder or publication / files.FOLDER
    if not is_index_of(publication, where):
        raise PublishError(
            f"publication {publication.name} has no index for the search, or one of another version",
            remedy="Start `tierline serve`, which builds one for itself, or publish anew.",
        )
    return SupplierIndex(where)


def is_index_of(publication: Path, folder: Path) -> bool:
    """Says whether the folder holds a whole index of this publication that this version can read."""
    try:
        contents = json.loads((folder / files.CONTENTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    wanted = {"layout": files.LAYOUT, "manifest_sha256": sha256_of_file(publication / FILE_NAME)}
    return all(contents.get(name) == value for name, value in wanted.items())


def _hit(supplier: dict[str, Any], score: float, matched_on: str, text: str, scheme: str | None = None) -> Hit:
    about = supplier["supplier_id"], supplier["name"], supplier["country_code"]
    return Hit(*about, score, matched_on, text, scheme, supplier["sector"])


def _order(hit: Hit) -> tuple[float, str, int, str]:
    return -hit.score, hit.supplier_id, _KINDS.index(hit.matched_on), hit.matched_text


def _likeliest(scores: Scores, owners: Places, limit: int) -> Places:
    """Gives places of the `limit` likeliest owners, by score and then by owner, with all that ties with the last one.

    What an owner has besides its likeliest name stays in so far as it stands before the end.
    """
    order = np.lexsort((owners, -scores))
    firsts = np.sort(np.unique(owners[order], return_index=True)[1])
    return order if len(firsts) <= limit else order[: firsts[limit]]


def _taken(table: pa.Table, rows: list[int]) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = table.take(pa.array(rows, pa.int64())).to_pylist()
    return taken


def _column(table: pa.Table, name: str) -> pa.Array:
    return table[name].chunk(0) if table.num_rows else pa.array([], table.schema.field(name).type)


def _texts(texts: pa.Array) -> list[str]:
    told: list[str] = texts.to_numpy(zero_copy_only=False).tolist()  # many times as fast as to_pylist
    return told


def _rows(searcher: Any, query: Any, limit: int) -> list[int]:
    hits = searcher.search(query, limit=limit, count=False).hits
    return list(searcher.fast_field_values("row", [address for _, address in hits]))


def _mapped(path: Path) -> pa.Table:
    """Opens a table without reading it: its pages come from the file as they are asked for."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
