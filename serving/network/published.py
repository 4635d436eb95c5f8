"""The network of one publication, brought into memory as numbered parties and the steps between them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tierline.errors import ConfigError, PublishError
from tierline.warehouse import connect

KINDS = ("ownership", "officer", "parent", "labour_agent", "address", "subcontract", "supply")
OWNING = ("ownership", "parent")
SUPPLYING = ("subcontract", "supply")
_SUGGESTED = 5

_PARTIES = """
CREATE TABLE party AS
SELECT row_number() OVER (ORDER BY party_id) - 1 AS party_no, *
FROM (
    SELECT party_id, party_kind, name, country_code, neighbour_count, is_hub FROM read_parquet($parties)
    UNION ALL BY NAME
    SELECT supplier_id AS party_id, 'supplier' AS party_kind, name, country_code, 0 AS neighbour_count, false AS is_hub
    FROM read_parquet($suppliers)
    WHERE supplier_id NOT IN (SELECT party_id FROM read_parquet($parties))
)
"""
_TIES = """
CREATE TABLE tie AS
SELECT edges.file_row_number AS tie_no, edges.edge_kind, subjects.party_no AS subject_no, parties.party_no
FROM read_parquet($edges, file_row_number = true) AS edges
JOIN party AS subjects ON subjects.party_id = edges.subject_id
JOIN party AS parties ON parties.party_id = edges.party_id
WHERE list_contains($kinds, edges.edge_kind) AND ($ended OR edges.valid_to IS NULL)
"""
_STEPS = """
CREATE TABLE step AS
SELECT subject_no AS near, party_no AS far FROM tie WHERE subject_no <> party_no
UNION
SELECT party_no AS near, subject_no AS far FROM tie WHERE subject_no <> party_no
"""
_TOLD = """
SELECT file_row_number AS tie_no, edge_id, edge_kind, subject_id, party_id, interest, share_minimum, share_maximum,
    is_declared, valid_from, valid_to, known_on, source_id, snapshot_sha256, record_no, row_id
FROM read_parquet($edges, file_row_number = true)
WHERE file_row_number IN (SELECT unnest($ties))
ORDER BY edge_kind, edge_id
"""
Row = dict[str, Any]


@dataclass(frozen=True)
class Network:
    """The open network of a publication: tables `party`, `tie` (directed) and `step` (both ways), by number."""

    connection: duckdb.DuckDBPyConnection
    publication: Path

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Gives the rows of a query, each as column → value."""
        result = self.connection.execute(sql, dict(parameters or {}))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def ties(self, tie_numbers: Sequence[int]) -> list[Row]:
        """Gives the ties of these numbers with all that their source rows tell, by kind and id."""
        edges = str(_table(self.publication, "fct_network_edge"))
        return self.rows(_TOLD, {"edges": edges, "ties": list(tie_numbers)})

    def parties(self, party_numbers: Sequence[int]) -> dict[int, Row]:
        """Gives number → party for these numbers."""
        found = self.rows("SELECT * FROM party WHERE party_no IN (SELECT unnest($wanted))", {"wanted": party_numbers})
        return {int(party["party_no"]): party for party in found}

    def party(self, text: str) -> Row:
        """Gives the party with this id, or the only one of this name, whatever its capital letters.

        Raises ConfigError where none or several are meant; it names the ids that may be.
        """
        found = self.rows("SELECT * FROM party WHERE party_id = $text", {"text": text})
        found = found or self.rows(
            "SELECT * FROM party WHERE lower(name) = lower($text) ORDER BY party_id", {"text": text}
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise ConfigError(
                f"'{text}' is the name of {len(found)} parties",
                remedy="Name the id of one: " + _listed(found[:_SUGGESTED]),
            )
        near = self.rows(
            "SELECT * FROM party WHERE contains(lower(name), lower($text)) ORDER BY name, party_id LIMIT $most",
            {"text": text, "most": _SUGGESTED},
        )
        raise ConfigError(
            f"no party of the network is '{text}'",
            remedy=f"Did you mean {_listed(near)}?" if near else "Name an id or a whole name, as dim_supplier has it.",
        )


@contextmanager
def open_network(
    publication: Path,
    *,
    kinds: Sequence[str] = KINDS,
    ended: bool = False,
    memory_limit: str = "4GB",
    threads: int | None = None,
) -> Iterator[Network]:
    """Opens the network of a publication; only ties of the kinds, and those that have ended only where asked for.

    Raises PublishError where the publication has no network, ConfigError for a kind of tie that there is not.
    """
    strangers = sorted(set(kinds) - set(KINDS))
    if strangers:
        raise ConfigError(f"no tie is of kind {', '.join(strangers)}", remedy=f"Kinds are {', '.join(KINDS)}.")
    edges, parties, suppliers = (
        str(_table(publication, name)) for name in ("fct_network_edge", "dim_network_party", "dim_supplier")
    )
    with connect(memory_limit=memory_limit, threads=threads) as connection:
        connection.execute(_PARTIES, {"parties": parties, "suppliers": suppliers})
        connection.execute(_TIES, {"edges": edges, "kinds": list(kinds), "ended": ended})
        connection.execute(_STEPS)
        yield Network(connection, publication)


def _table(publication: Path, name: str) -> Path:
    path = publication / "parquet" / f"{name}.parquet"
    if not path.exists():
        raise PublishError(
            f"publication {publication.name} has no table {name}", remedy="Publish a run with this version of the code."
        )
    return path


def _listed(parties: Sequence[Row]) -> str:
    return ", ".join(f"{party['party_id']} ({party['name']})" for party in parties)
