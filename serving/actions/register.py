"""The actions of a publication with what the ledger says of them since."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from serving.reports.published import Published
from tierline.errors import ConfigError

Action = dict[str, Any]


def actions(published: Published, entries: Sequence[Mapping[str, str]], today: date) -> list[Action]:
    """Gives every action with its supplier's name, as the ledger has it by now: overdue ones first, then by day."""
    names = published.table("dim_supplier").select("supplier_id", "name")
    rows = published.table("supplier_action").join(names, on="supplier_id", how="left").collect().to_dicts()
    brought_up = [_as_of_now(row, entries, today) for row in rows]
    return sorted(brought_up, key=lambda row: (row["state"] != "open", row["due_on"], row["action_id"]))


def action_of(listed: Sequence[Action], action_id: str) -> Action:
    """Gives the action with that id; raises ConfigError where there is none."""
    for action in listed:
        if action["action_id"] == action_id:
            return action
    raise ConfigError("the publication has no action with that id", remedy="`tierline action list` names them.")


def outcomes(published: Published) -> dict[str, dict[str, Any]]:
    """Gives outcome → what is said of it and what it must tell."""
    return {row["outcome"]: row for row in published.table("action_outcome").collect().to_dicts()}


def action_line(action: Action) -> str:
    """Gives an action in one line."""
    state = "OVERDUE" if action["is_overdue"] else action["state"]
    owner = action["owner_role"] or "nobody yet"
    what = action["outcome"] if action["state"] == "done" else action["action"]
    name = action["name"] or action["supplier_id"]
    return f"{action['action_id']}  {state:<8}due {action['due_on']}  {owner:<22}{name}: {what}"


def action_lines(action: Action, entries: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yields all that is known of an action: why it is asked for, who has it, how it ended."""
    yield action_line(action)
    yield f"  {'supplier':<16}{action['supplier_id']}"
    yield f"  {'addressed to':<16}the {action['addressee']}"
    yield f"  {'to be done':<16}{action['action']}"
    yield f"  {'rule':<16}{action['rule_id']}, first asked for on {action['opened_on']}"
    asked = "yes" if action["is_asked"] else "no more; if it is needed no longer, say so with done"
    yield f"  {'asked for':<16}{asked}"
    for entry in entries:
        if entry["action_id"] == action["action_id"]:
            told = {name: value for name, value in entry.items() if value and name not in ("action_id", "entry_no")}
            yield "  " + ", ".join(f"{name} {value}" for name, value in told.items())
    if action["state"] == "done":
        yield "  An outcome gives no points: what was put right counts as mitigation (M01) once workers verify it."


def _as_of_now(row: Action, entries: Sequence[Mapping[str, str]], today: date) -> Action:
    own = [entry for entry in entries if entry["action_id"] == row["action_id"]]
    assigned = next((entry for entry in reversed(own) if entry["entry"] == "assigned"), None)
    ended = next((entry for entry in reversed(own) if entry["entry"] == "done"), None)
    told = dict(row)
    if assigned is not None:
        told["owner_role"] = assigned["owner_role"]
        told["due_on"] = date.fromisoformat(assigned["due_on"]) if assigned["due_on"] else row["due_on"]
    if ended is not None:
        told |= {"state": "done", "outcome": ended["outcome"], "done_on": date.fromisoformat(ended["happened_on"])}
    return {**told, "is_overdue": told["state"] == "open" and told["due_on"] < today}
