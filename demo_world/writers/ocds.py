"""OCDS files: older releases one a line, the last weeks' releases in a release package."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from demo_world.releases import Release
from demo_world.world import World

_RECENT_DAYS = 60


class ReleaseFiles:
    """The two files of one chunk: `ocds-….jsonl` for older releases, `package-….json` for the last weeks' ones."""

    def __init__(self, folder: Path, world: World, chunk: int) -> None:
        self._world, self._chunk = world, chunk
        self._package = folder / f"package-{chunk:04d}.json"
        self._older = (folder / f"ocds-{chunk:04d}.jsonl").open("w", encoding="utf-8", newline="\n")
        self._border = world.today - np.timedelta64(_RECENT_DAYS, "D")
        self._recent: list[str] = []
        self.first_older: dict[str, Any] | None = None
        self.written = 0

    def __enter__(self) -> "ReleaseFiles":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._older.close()
        if kind is None:
            self._write_package()

    def add(self, release: Release) -> None:
        """Adds a release to the file that its day calls for."""
        if release.day > self._border:
            self._recent.append(_as_json(release.content))
            self.written += 1
        else:
            self.first_older = self.first_older or release.content
            self.add_texts([_as_json(release.content)])

    def add_texts(self, lines: list[str]) -> None:
        """Adds releases (JSON texts) to the older ones, as they stand."""
        self._older.writelines(line + "\n" for line in lines)
        self.written += len(lines)

    def _write_package(self) -> None:
        head = {
            "uri": f"https://contracts.example/packages/{self._chunk:04d}.json",
            "version": "1.1",
            "publisher": {"name": "Demo contracts register (fictional)"},
            "publishedDate": f"{self._world.as_of}T00:00:00Z",
        }
        body = ",\n".join(self._recent)
        text = f'{_as_json(head)[:-1]},"releases":[\n{body}\n]}}\n'
        self._package.write_text(text, encoding="utf-8", newline="\n")


def _as_json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
