"""The chain of manifests: each names the hash of the one before it, so that none can be changed or taken out unseen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from serving.manifest import FILE_NAME, read_manifest
from tierline.errors import PublishError
from tierline.files import sha256_of_file


@dataclass(frozen=True)
class Link:
    """One manifest of the chain: its run, the hash of its bytes, and what it says came before it (None: nothing)."""

    run_id: str
    sha256: str
    previous_run_id: str | None
    previous_sha256: str | None


@dataclass(frozen=True)
class Chain:
    """All manifests of a folder of publications in their order, and what is wrong with them, in words."""

    links: tuple[Link, ...]
    problems: tuple[str, ...]

    def holds(self, sha256: str) -> bool:
        """Says whether a manifest whose hash begins so is part of the chain."""
        return any(link.sha256.startswith(sha256.lower()) for link in self.links)


def read_chain(published: Path) -> Chain:
    """Gives the chain of the manifests below `published`; a manifest without its tables counts as well."""
    links, problems = _links(published)
    by_run = {link.run_id: link for link in links}
    problems += [problem for link in links if (problem := _broken_link(link, by_run))]
    problems += _forks(links)
    ordered = _in_order(links, by_run)
    if len(ordered) < len(links):
        lost = sorted(by_run.keys() - {link.run_id for link in ordered})
        problems.append(f"the manifests of {', '.join(lost)} name each other in a circle")
    return Chain(tuple(ordered), tuple(problems))


def last_of_chain(published: Path, current: str | None, but: str) -> Path | None:
    """Gives the publication that no manifest names as the one before it, run `but` left out; None where there is none.

    Where a broken chain has several ends, it is the one that `current` names, or else the last by name.
    """
    links = [link for link in _links(published)[0] if link.run_id != but]
    named = {link.previous_run_id for link in links}
    ends = [link.run_id for link in links if link.run_id not in named]
    if not ends:
        return None
    return published / (current if current in ends else max(ends))


def _links(published: Path) -> tuple[list[Link], list[str]]:
    links, problems = [], []
    for path in sorted(published.glob(f"[!.]*/{FILE_NAME}")):
        if path.parent.is_symlink():
            continue
        try:
            links.append(_link(path.parent))
        except PublishError as error:
            problems.append(error.message)
    return links, problems


def _link(publication: Path) -> Link:
    previous = read_manifest(publication).get("previous_manifest") or {}
    return Link(
        publication.name, sha256_of_file(publication / FILE_NAME), previous.get("run_id"), previous.get("sha256")
    )


def _broken_link(link: Link, by_run: Mapping[str, Link]) -> str | None:
    if link.previous_run_id is None:
        return None
    before = by_run.get(link.previous_run_id)
    if before is None:
        return f"{link.run_id} follows {link.previous_run_id}, whose manifest is not there: a gap"
    if before.sha256 != link.previous_sha256:
        return f"the manifest of {before.run_id} is not the one that {link.run_id} names: it was changed since"
    return None


def _forks(links: Sequence[Link]) -> list[str]:
    followers: dict[str | None, list[str]] = defaultdict(list)
    for link in links:
        followers[link.previous_run_id].append(link.run_id)
    return [
        f"{' and '.join(sorted(runs))} both follow {run_id or 'nothing'}: one of them was not made in this chain"
        for run_id, runs in followers.items()
        if len(runs) > 1
    ]


def _in_order(links: Sequence[Link], by_run: Mapping[str, Link]) -> list[Link]:
    following: dict[str | None, list[Link]] = defaultdict(list)
    for link in links:
        following[link.previous_run_id if link.previous_run_id in by_run else None].append(link)
    ordered: list[Link] = []
    waiting = following.pop(None, [])
    while waiting:
        link = waiting.pop(0)
        ordered.append(link)
        waiting = following.pop(link.run_id, []) + waiting
    return ordered
