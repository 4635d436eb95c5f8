"""Shapes that publishers give a process, made one: what mappings rely on is where the standard has it."""

from datetime import UTC, datetime
from typing import Any

from ingest.ocds.merging import JsonObject

STATE_NO = "_state_no"
PACKAGE_URL = "_package_url"


def as_mapped(
    content: JsonObject, state_no: int, *, release_id: Any = None, package_url: str | None = None
) -> JsonObject:
    """Gives a state as mappings see it: with its number, and with suppliers that only `parties` name.

    Its `id` is that of the release with which it was known, which can be looked up, and not the one that merging makes
    of ocid and date; `_package_url` is the address of its package, where the record tells one.

    Where no award names a supplier, the parties with the role of a supplier are those of the only award; or the only
    such party is that of every award. Otherwise nobody can tell who won what, and nothing is made up.
    """
    awards = _objects(content.get("awards"))
    mapped = {**content, "id": release_id, STATE_NO: state_no}
    if package_url is not None:
        mapped[PACKAGE_URL] = package_url
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


def linked_release(record: JsonObject) -> tuple[str | None, str | None]:
    """Gives id and package of the newest release that a record only links to: its address is package#id.

    Both are None where none is linked, or where their days do not tell which is the newest.
    """
    links = [release for release in _objects(record.get("releases")) if _is_link(release)]
    days = [instant(link.get("date")) for link in links]
    dated = [(day, str(link["url"])) for day, link in zip(days, links, strict=True) if day is not None]
    if not links or (len(links) > 1 and len(dated) < len(links)):
        return None, None
    url = max(dated)[1] if dated else str(links[0]["url"])
    package, _, release_id = url.partition("#")
    return release_id or None, package or None


def instant(text: Any) -> datetime | None:
    """Gives the moment that an ISO 8601 text names, UTC where it names no zone; None where it is none."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


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
