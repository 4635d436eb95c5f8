"""A process of its own that merges parts, so that merging in Python and mapping in DuckDB run side by side.

In one process both want the interpreter's lock: DuckDB's client asks for it after each task, and each time waits for
the merge to give it up. Parts and what comes of them pass through pipes as Arrow streams and are never on disk. It is a
plain child process, not one of `multiprocessing`, which a daemon such as a worker of a scheduler may not start.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, cast

import pyarrow as pa

from ingest.ocds.parts import STATE_SCHEMA, How, Remainder, merged_batches
from tierline.errors import ContractError

_HOW = b"how"
_SHARING = b"sharing_an_id"


@dataclass(frozen=True)
class Merged:
    """What became of one part: its states, the rows for `faulty`, and how many releases share their id with another."""

    states: pa.Table
    faults: pa.Table
    sharing_an_id: int


def merge_here(part: pa.Table, how: How) -> Merged:
    """Merges a part in this process."""
    remainder = Remainder()
    batches = list(merged_batches(part, how, remainder))
    return Merged(pa.Table.from_batches(batches, STATE_SCHEMA), remainder.faults_table(), remainder.sharing_an_id)


class MergingProcess:
    """The child process, as seen by the one that gives it parts; one part at a time."""

    def __init__(self, process: "subprocess.Popen[bytes]", parts: IO[bytes], told: IO[bytes]) -> None:
        self._process, self._parts, self._told = process, parts, told

    def merge(self, part: pa.Table, how: How) -> Merged:
        """Merges a part in the child; raises ContractError where that process ended."""
        try:
            _write(self._parts, part.replace_schema_metadata({_HOW: json.dumps(asdict(how))}))
            states, faults = _read(self._told), _read(self._told)
        except (OSError, pa.ArrowInvalid):
            raise self._ended() from None
        return Merged(states, faults, int(faults.schema.metadata[_SHARING]))

    def _ended(self) -> ContractError:
        self._process.kill()
        code = self._process.wait()
        why = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
        return ContractError(
            f"the process that merges its releases ended early ({why}); nothing of the source was loaded",
            remedy="Load again; if it ends again, give the machine more memory or load fewer files at once.",
        )


@contextmanager
def merging_process() -> Iterator[MergingProcess]:
    """Starts the child for the length of a `with` block and ends it whatever happens."""
    folders = os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": folders},
    )
    parts, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)  # as both are pipes
    try:
        yield MergingProcess(process, parts, told)
    finally:
        process.kill()
        process.wait()
        for pipe in (parts, told):
            with suppress(OSError):  # what was not written when it ended cannot be written any more
                pipe.close()


def main(parts: IO[bytes], told: IO[bytes]) -> None:
    """Merges each part that comes in and writes what became of it, until no more comes."""
    while (part := _next_part(parts)) is not None:
        how, remainder = How(**json.loads(part.schema.metadata[_HOW])), Remainder()
        with pa.ipc.new_stream(told, STATE_SCHEMA) as writer:
            for batch in merged_batches(part, how, remainder):
                writer.write_batch(batch)
        told_with = {_SHARING: str(remainder.sharing_an_id)}
        _write(told, remainder.faults_table().replace_schema_metadata(told_with))


def _next_part(parts: IO[bytes]) -> pa.Table | None:
    try:
        return _read(parts)
    except pa.ArrowInvalid:
        return None


def _write(pipe: IO[bytes], table: pa.Table) -> None:
    with pa.ipc.new_stream(pipe, table.schema) as writer:
        writer.write_table(table)
    pipe.flush()


def _read(pipe: IO[bytes]) -> pa.Table:
    with pa.ipc.open_stream(pipe) as reader:
        return reader.read_all()


def _tell_kind_alone(kind: type[BaseException], _error: BaseException, _trace: TracebackType | None) -> None:
    sys.stderr.write(f"{kind.__name__}\n")  # its message may quote a record


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted as well, and then ends this
    sys.excepthook = _tell_kind_alone
    main(sys.stdin.buffer, sys.stdout.buffer)
