"""Work in a process of its own, and how much memory a process took at most."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any

_LOOK_EVERY_SECONDS = 0.05


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


def watch_memory() -> Callable[[], float]:
    """Gives what ends the watch and then gives the most memory of this process and of those it started, in GiB.

    It is the sum of what each held at most, be it not at the same time: never less than all held together.
    """
    peaks: dict[str, float] = {}
    is_over = Event()

    def look() -> None:
        while not is_over.wait(_LOOK_EVERY_SECONDS):
            for status in _statuses_of_children():
                peaks[status["Pid"]] = int(status["VmHWM"].split()[0]) / 2**20

    watcher = Thread(target=look, daemon=True)
    watcher.start()

    def end() -> float:
        is_over.set()
        watcher.join()
        return peak_gib() + sum(peaks.values())

    return end


def _statuses_of_children() -> list[dict[str, str]]:
    children = " ".join(path.read_text(encoding="utf-8") for path in Path("/proc/self/task").glob("*/children"))
    found = []
    for child in children.split():
        try:
            lines = Path("/proc", child, "status").read_text(encoding="utf-8").splitlines()
        except OSError:  # it ended meanwhile
            continue
        status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "VmHWM" in status:
            found.append(status)
    return found


def _send(sender: Connection, work: Any, arguments: tuple[Any, ...]) -> None:
    sender.send(work(*arguments))
