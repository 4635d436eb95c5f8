"""Work in a process of its own, and how much memory a process took at most."""

from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


def apart(work: Any, *arguments: Any) -> Any:
    """Runs the work in a process of its own, so that one peak of memory is not another's; gives what it gives."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work, arguments))
    process.start()
    sender.close()
    result = receiver.recv()
    process.join()
    return result


def peak_gib() -> float:
    """Gives the most memory that this process held at once, in GiB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 2**20


def _send(sender: Connection, work: Any, arguments: tuple[Any, ...]) -> None:
    sender.send(work(*arguments))
