"""Merges the releases of one contracting process into its compiled release, in place and release by release.

The result is that of the standard's reference implementation (ocdsmerge). Where releases disagree on whether a field
is a value, an object or an array, which the reference refuses or leaves undefined, an object counts as an array of
one, and structure goes before a plain value. Ids are compared as texts: 1, 1.0 and "1" stand for one object, which the
reference takes apart where a later release adds a field.
"""

from typing import Any

from ingest.ocds.rules import OMITTED, REPLACED, RuleTree, rule_tree

JsonObject = dict[str, Any]
_NO_RULES: RuleTree = {}
_OBJECTS = frozenset({dict})
_TEXT_OR_NOTHING = frozenset({str, type(None)})


class CompiledRelease:
    """What is known of one contracting process after the releases that were added so far."""

    def __init__(self) -> None:
        self.content: JsonObject = {}
        # for each array that is merged by id, by its own identity: which object has which id. Such an array is never
        # dropped while this lives, so no other list can take over its identity.
        self._objects_by_id: dict[int, dict[str, JsonObject]] = {}

    def add(self, release: JsonObject) -> None:
        """Merges a release that is not older than those before it; the release itself stays as it is."""
        ocid, date = release.get("ocid"), release.get("date")
        self.content["tag"] = ["compiled"]
        self.content["id"] = f"{ocid}-{date}"
        _replace(self.content, "date", date)
        _replace(self.content, "ocid", ocid)
        self._merge_object(self.content, release, rule_tree())

    def _merge_object(self, target: JsonObject, source: JsonObject, rules: RuleTree) -> bool:
        """Merges fields; gives whether the source told anything, be it only that something is void."""
        is_told = False
        for name, value in source.items():
            rule = rules.get(name, _NO_RULES) if rules else _NO_RULES
            kind = type(value)
            if rule is OMITTED:
                continue
            if rule is REPLACED:
                _replace(target, name, value)
                is_told = True
            elif kind is dict:
                is_told |= self._merge_child(target, name, value, rule)
            elif kind is list and _OBJECTS.issuperset(map(type, value)):
                is_told |= self._merge_array(target, name, value, rule)
            elif kind is str and type(target.get(name)) in _TEXT_OR_NOTHING:
                target[name] = value  # by far the most common case
                is_told = True
            else:
                self._set(target, name, value)
                is_told = True
        return is_told

    def _set(self, target: JsonObject, name: str, value: Any) -> None:
        old = target.get(name)
        kind = type(old)
        # as in the reference: null takes single values away, and no objects or arrays of objects
        if kind is dict or (kind is list and id(old) in self._objects_by_id):
            return
        _replace(target, name, value)

    def _merge_child(self, target: JsonObject, name: str, value: JsonObject, rules: RuleTree) -> bool:
        old = target.get(name)
        if type(old) is dict:
            return self._merge_object(old, value, rules)
        if type(old) is list and id(old) in self._objects_by_id:
            return self._merge_items(old, self._objects_by_id[id(old)], [value], rules)
        child: JsonObject = {}
        if not self._merge_object(child, value, rules):
            return False
        target[name] = child
        return True

    def _merge_array(self, target: JsonObject, name: str, items: list[JsonObject], rules: RuleTree) -> bool:
        old = target.get(name)
        if type(old) is list and id(old) in self._objects_by_id:
            return self._merge_items(old, self._objects_by_id[id(old)], items, rules)
        array, by_id = _as_array(old)
        if not self._merge_items(array, by_id, items, rules):
            return False
        target[name] = array
        self._objects_by_id[id(array)] = by_id
        return True

    def _merge_items(
        self, array: list[Any], by_id: dict[str, JsonObject], items: list[JsonObject], rules: RuleTree
    ) -> bool:
        is_told = False
        for item in items:
            if "id" not in item:
                known: JsonObject = {}
                if self._merge_object(known, item, rules):
                    array.append(known)
                    is_told = True
                continue
            is_told = True
            key = _key(item["id"])
            if key in by_id:
                known = by_id[key]
                first_id = known.get("id")
                self._merge_object(known, item, rules)
                _replace(known, "id", first_id)
            else:
                known = by_id[key] = {}
                array.append(known)
                self._merge_object(known, item, rules)
        return is_told


def _key(identifier: Any) -> str:
    """Gives the text by which an id is compared; a spreadsheet may have made 1.0 of the number 1."""
    return identifier if type(identifier) is str else str(identifier).removesuffix(".0")


def _replace(target: JsonObject, name: str, value: Any) -> None:
    if value is not None:
        target[name] = value
    elif name in target:
        del target[name]


def _as_array(old: Any) -> tuple[list[Any], dict[str, JsonObject]]:
    """Gives an array to merge into, and its objects by id: what stood there before counts as its beginning."""
    if type(old) is dict:
        return [old], {_key(old["id"]): old} if "id" in old else {}
    return (list(old), {}) if type(old) is list else ([], {})
