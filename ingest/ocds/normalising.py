"""Shapes that publishers give a process, made one: what mappings rely on is where the standard has it."""

from typing import Any

from ingest.ocds.merging import JsonObject

STATE_NO = "_state_no"


def as_mapped(content: JsonObject, state_no: int) -> JsonObject:
    """Gives a state as mappings see it: with its number, and with suppliers that only `parties` name.

    Where no award names a supplier, the parties with the role of a supplier are those of the only award; or the only
    such party is that of every award. Otherwise nobody can tell who won what, and nothing is made up.
    """
    awards = _objects(content.get("awards"))
    mapped = {**content, STATE_NO: state_no}
    if not awards or any(_objects(award.get("suppliers")) for award in awards):
        return mapped
    suppliers = [_reference(party) for party in _objects(content.get("parties")) if "supplier" in _roles(party)]
    if suppliers and (len(awards) == 1 or len(suppliers) == 1):
        mapped["awards"] = [{**award, "suppliers": suppliers} for award in awards]
    return mapped


def embedded_releases(record: JsonObject) -> list[JsonObject]:
    """Gives the releases that a record carries, each with an ocid; none where some are only linked and a compiled
    release tells them all."""
    releases = _objects(record.get("releases"))
    embedded = [release for release in releases if not _is_link(release)]
    if len(embedded) < len(releases) and isinstance(record.get("compiledRelease"), dict):
        return []
    return [{"ocid": record.get("ocid"), **release} for release in embedded]


def _is_link(release: JsonObject) -> bool:
    # a linked release has an address, a day and a tag, and nothing of what it is about
    return "url" in release and "ocid" not in release and "id" not in release


def _reference(party: JsonObject) -> JsonObject:
    return {name: party[name] for name in ("id", "name") if name in party}


def _roles(party: JsonObject) -> list[Any]:
    roles = party.get("roles")
    return roles if isinstance(roles, list) else [roles]


def _objects(value: Any) -> list[JsonObject]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]
