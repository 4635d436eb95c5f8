"""The check of a list: every row against the suppliers and against every list, with what is usual where it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from serving.manifest import FILE_NAME
from serving.screening.bidders import Bidder, bidders_of
from serving.screening.columns import Columns
from serving.screening.inherent import Levels, context_of, levels_of
from serving.screening.lists import list_hits, lists_checked
from serving.screening.reading import Publication, Row, rows_of
from serving.screening.suppliers import candidates, identified_as, supplier_answers
from serving.screening.table import Limits, Table
from tierline.files import sha256_of_bytes, sha256_of_file

RECORD_VERSION: Final = 1
NONE_OF_THEM: Final = "none"
"""What an officer says of a row where no candidate is the bidder."""
_NO_HITS: Final[Row] = {"hits": [], "past": [], "elsewhere": 0, "more": 0}


@dataclass(frozen=True)
class Asked:
    """What was asked: the file, how it was read, the day of the check, and what an officer said of rows.

    `confirmed` is row number → id of the supplier that the bidder is, or `none`; `by_role` who said so.
    """

    file_name: str
    content: bytes
    table: Table
    columns: Columns
    checked_on: date
    confirmed: Mapping[int, str] = field(default_factory=dict)
    by_role: str = ""


def checked(asked: Asked, publication: Publication, limits: Limits) -> Row:
    """Gives the record of the check: what was asked, of which publication and lists, and an answer a row.

    It is plain data in no language, and the same for the same arguments; rows read = rows answered + rows refused.
    Nothing of it is written or logged.
    """
    bidders, refused = bidders_of(asked.table, asked.columns, limits)
    answers = _answers(asked, publication, bidders)
    return {
        "record_version": RECORD_VERSION,
        "asked": _asked(asked, bidders),
        "publication": _publication(publication),
        "lists": [_plain(row) for row in lists_checked(publication)],
        "degraded": dict(publication.manifest["sources_degraded"]),
        "supplier_count": publication.index.size,
        "counts": {
            "read": asked.table.read_count,
            "answered": len(answers),
            "refused": len(refused),
            "states": dict(sorted(Counter(str(row["state"]) for row in answers).items())),
            "with_list_hits": sum(any(hit["state"] != "rejected" for hit in row["list_hits"]) for row in answers),
        },
        "answers": answers,
        "refused": [{"row": one.number, "reason": one.reason, "limit": limits.cell_characters} for one in refused],
    }


def _answers(asked: Asked, publication: Publication, bidders: Sequence[Bidder]) -> list[Row]:
    keys = {one.number: publication.index.key(one.name) for one in bidders}
    found = candidates(publication, bidders)
    hits = list_hits(publication, bidders, keys, asked.checked_on)
    known = _suppliers_there(publication, asked.confirmed.values())
    states = {one.number: _state(asked.confirmed.get(one.number), found[one.number], known) for one in bidders}
    told = supplier_answers(publication, [match["supplier_id"] for _, match in states.values() if match])
    levels = levels_of(publication)
    return [
        _answer(one, states[one.number], found[one.number], hits.get(one.number, _NO_HITS), told, levels)
        for one in bidders
    ]


def _state(confirmed: str | None, found: Sequence[Row], known: Mapping[str, Row]) -> tuple[str, Row | None]:
    """Gives the state of a row and the supplier it is; a person's word goes before an identifier's."""
    if confirmed == NONE_OF_THEM:
        return "no record", None
    if confirmed in known:
        match = next((one for one in found if one["supplier_id"] == confirmed), known[str(confirmed)])
        return "confirmed", match
    identified = identified_as(found)
    if identified is not None:
        return "identified", identified
    return ("to confirm" if found else "no record"), None


def _answer(
    bidder: Bidder,
    state: tuple[str, Row | None],
    found: Sequence[Row],
    hits: Row,
    told: Mapping[str, Row],
    levels: Levels | None,
) -> Row:
    name, match = state
    supplier = told.get(match["supplier_id"]) if match else None
    return {
        "row": bidder.number,
        "reference": bidder.reference,
        "name": bidder.name,
        "country_code": bidder.country_code,
        "town": bidder.town,
        "sector": bidder.sector,
        "good": bidder.good,
        "identifiers": [
            {"method": one.method, "value": one.value, "check_digits": one.is_sound} for one in bidder.identifiers
        ],
        "notes": [*bidder.notes, *(["identifier_and_name_differ"] if _is_doubtful(name, found) else [])],
        "state": name,
        "match": match,
        "candidates": list(found) if name in {"to confirm", "no record"} else [],
        "supplier": supplier,
        "band": supplier["band"] if supplier else "Unknown" if name == "no record" else None,
        "list_hits": [_as_judged(hit, supplier) for hit in hits["hits"]],
        "list_history": hits["past"],
        "listed_elsewhere": hits["elsewhere"],
        "list_hits_left_out": hits["more"],
        "context": context_of(levels, bidder.country_code, bidder.sector, bidder.good) if levels else None,
    }


def _as_judged(hit: Row, supplier: Row | None) -> Row:
    """Gives a hit with what the run says of this entry and the supplier that the bidder is, where it says it."""
    judged = {one["entry_id"]: one["match_status"] for one in supplier["matches"]} if supplier else {}
    said = judged.get(hit["entry_id"])
    return {**hit, "state": said} if said in {"confirmed", "rejected"} and hit["basis"] == "name" else hit


def _is_doubtful(state: str, found: Sequence[Row]) -> bool:
    return state == "to confirm" and any(one["is_doubtful"] for one in found)


def _suppliers_there(publication: Publication, wanted: object) -> dict[str, Row]:
    ids = sorted({str(one) for one in wanted if one != NONE_OF_THEM}) if hasattr(wanted, "__iter__") else []
    rows = rows_of(publication, _THERE, {"ids": ids})
    return {row["supplier_id"]: {**row, "basis": "officer", "is_doubtful": False, "features": []} for row in rows}


_THERE: Final = """
    SELECT supplier_id, name, country_code FROM dim_supplier
    WHERE list_contains(CAST($ids AS VARCHAR[]), supplier_id) ORDER BY supplier_id
"""


def _asked(asked: Asked, bidders: Sequence[Bidder]) -> Row:
    numbers = {one.number for one in bidders}
    return {
        "file_name": asked.file_name,
        "file_sha256": sha256_of_bytes(asked.content),
        "file_bytes": len(asked.content),
        "form": asked.table.form,
        "has_headings": asked.table.has_headings,
        "unread_sheets": list(asked.table.unread_sheets),
        "columns": {
            role: {"column": column.place + 1, "heading": column.heading, "seen_by": column.seen_by}
            for role, column in asked.columns.items()
        },
        "checked_on": asked.checked_on.isoformat(),
        "confirmed": [
            {"row": number, "supplier_id": said}
            for number, said in sorted(asked.confirmed.items())
            if number in numbers
        ],
        "confirmed_by_role": asked.by_role,
    }


def _publication(publication: Publication) -> Row:
    manifest = publication.manifest
    return {
        "run_id": manifest["run_id"],
        "as_of": manifest["as_of"],
        "title": manifest["title"],
        "fictional": manifest["fictional"],
        "method_version": manifest["method_version"],
        "manifest_sha256": sha256_of_file(publication.folder / FILE_NAME),
    }


def _plain(row: Row) -> Row:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
