"""All the ways in which the server misbehaves, and what a test says to make it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Misbehaviour(Enum):
    """One way to go wrong; the value says what a reader of the matrix sees."""

    SERVER_ERROR = "500"
    TOO_MANY_REQUESTS = "429 with Retry-After in seconds"
    TOO_MANY_REQUESTS_DATED = "429 with Retry-After as a date"
    CUT_BODY = "the body breaks off before its Content-Length"
    CUT_CHUNKS = "a chunked body breaks off without its end"
    WRONG_LENGTH = "a Content-Length that is too small"
    SLOW_DRIP = "a body that drips, byte by byte"
    HANG_UP = "the connection closes without an answer"
    REDIRECT_LOOP = "a redirect to itself"
    WRONG_CONTENT_TYPE = "the right bytes as an image"
    HTML_ERROR_PAGE = "200 with an HTML error page"
    GZIP_BOMB = "a small gzip body that unpacks without end"
    INVALID_UTF8 = "a text that is not UTF-8"
    BROKEN_JSON = "a document that is no JSON"
    REPEATED_PAGE = "the page before once more"
    EMPTY_PAGE = "a page without records before the end"
    RECORD_INSERTED = "a record inserted at the front between two pages"
    RECORD_DELETED = "a record deleted at the front between two pages"
    RECORD_SWAPPED = "one deleted at the front and one added at the end between two pages"
    NEVER_ENDS = "a last page that leads to itself"
    OTHER_HOST = "a next link to another host"
    RANGE_IGNORED = "a server that sends the whole file where a part was asked for"
    CHANGED_FILE = "a file that changes while it is read"


PAGE_LEVEL = {Misbehaviour.REPEATED_PAGE, Misbehaviour.EMPTY_PAGE, Misbehaviour.NEVER_ENDS, Misbehaviour.OTHER_HOST}
DATA_LEVEL = {Misbehaviour.RECORD_INSERTED, Misbehaviour.RECORD_DELETED, Misbehaviour.RECORD_SWAPPED}


@dataclass
class Command:
    """One order to misbehave: on which paths, from which matching request on (1 is the first), how many times."""

    misbehaviour: Misbehaviour
    path: str = "/"
    first: int = 1
    times: int | None = 1
    query: Mapping[str, str] = field(default_factory=dict)
    retry_after: int = 7
    seen: int = 0

    def strikes(self, path: str, query: Mapping[str, str]) -> bool:
        """Counts a request, and tells whether it is one to spoil."""
        if not path.startswith(self.path) or not self.query.items() <= query.items():
            return False
        self.seen += 1
        return self.seen >= self.first and (self.times is None or self.seen < self.first + self.times)
