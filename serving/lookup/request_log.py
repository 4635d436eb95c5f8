"""What is written about requests: that there was one, never what was looked for, unless an audit log is asked for."""

import json
from collections.abc import Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

from tierline.errors import ConfigError
from tierline.files import private_stream
from tierline.log import get_logger

_LOG = get_logger(__name__)
_NO_PAGE = "(no page)"


class RequestLog:
    """Tells of each request in the log: method, kind of page, status, duration; no name, no id, no address.

    With an audit log it writes there who asked for what, one JSON object a line, to a file of its owner alone.
    """

    def __init__(self, audit_log: Path | None, now: Callable[[], datetime] | None) -> None:
        """`now` gives the time of day; raises ConfigError where the audit log cannot be written."""
        self._now = now
        self._lock = Lock()
        if audit_log is not None and now is None:
            raise ConfigError(
                "an audit log needs the time of day", remedy="Start it with `tierline serve --audit-log`."
            )
        self._audit = _opened(audit_log) if audit_log else None

    def tell(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """Tells of one request that was answered."""
        _LOG.info("%s %s %d in %.0f ms", scope["method"], _kind(scope), status, seconds * 1000)
        if self._audit is not None:
            self._write(scope, status, self._audit)

    def close(self) -> None:
        """Closes the audit log."""
        if self._audit is not None:
            self._audit.close()

    def _write(self, scope: MutableMapping[str, Any], status: int, audit: TextIO) -> None:
        line = {
            "at": self._now().isoformat(timespec="seconds") if self._now else None,
            "address": scope["client"][0] if scope.get("client") else None,
            "method": scope["method"],
            "path": scope["path"],
            "query": scope.get("query_string", b"").decode("latin-1"),
            "status": status,
        }
        with self._lock:
            audit.write(json.dumps(line) + "\n")
            audit.flush()


def _kind(scope: MutableMapping[str, Any]) -> str:
    """Gives the pattern of the path, such as /suppliers/{supplier_id}, so that no id is written."""
    return str(getattr(scope.get("route"), "path", _NO_PAGE))


def _opened(path: Path) -> TextIO:
    try:
        if not path.exists():
            private_stream(path, must_be_new=True).close()
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"the audit log {path.name} cannot be written: {error.strerror}",
            remedy="Name a file in a folder that exists and that you may write to.",
        ) from error
