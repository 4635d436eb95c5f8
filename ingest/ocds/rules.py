"""The merge rules of OCDS 1.1: which fields are left out of a merged release, and which arrays are replaced whole.

Source: the release schema of OCDS 1.1 (standard.open-contracting.org/schema/1__1__5/release-schema.json), read as
"Merging specification" of the standard says: `omitWhenMerged`, `wholeListMerge`, arrays of anything but objects, and
arrays of objects without an id. All other objects in arrays are merged by their id.
"""

import csv
from functools import cache
from pathlib import Path

MERGE_RULES = Path(__file__).resolve().parent / "merge_rules.csv"
RuleTree = dict[str, "RuleTree"]
OMITTED: RuleTree = {}
"""Stands in a tree for a field that a merged release does not have; told apart by identity."""
REPLACED: RuleTree = {}
"""Stands in a tree for a field that is replaced whole; told apart by identity."""
_BRANCH_ENDS = {"omitWhenMerged": OMITTED, "wholeListMerge": REPLACED}


@cache
def merge_rules() -> dict[tuple[str, ...], str]:
    """Gives the rule of each path that has one, in the standard's words; positions in arrays are no part of a path."""
    with MERGE_RULES.open(encoding="utf-8", newline="") as lines:
        return {tuple(row["path"].split("/")): row["rule"] for row in csv.DictReader(lines)}


@cache
def rule_tree() -> RuleTree:
    """Gives the rules as nested mappings: field → what holds below it, OMITTED or REPLACED."""
    tree: RuleTree = {}
    for path, rule in merge_rules().items():
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = _BRANCH_ENDS[rule]
    return tree
