"""A text file read line by line that knows at which byte each line begins and ends."""

import codecs
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

TEXT_CODECS = {"utf-8": "utf-8-sig", "latin-1": "latin-1", "cp1252": "cp1252", "utf-16": "utf-16"}
"""Declared encoding → codec with which the readers open a file: a byte order mark is no text."""

_LINE_ENDS = "\r\n"
_MARKS = {
    "utf-8": {codecs.BOM_UTF8: "utf-8"},
    "utf-16": {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"},
}
_UNMARKED = {"utf-16": "utf-16-le" if sys.byteorder == "little" else "utf-16-be"}


@dataclass(frozen=True)
class Line:
    """One line as it was read, with its line end, and its range in bytes."""

    text: str
    start: int
    end: int


class PlacedText:
    """Text with line ends as they are; undecodable bytes become lone surrogates. Lines read and not taken are kept."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.codec, self.mark_size = _codec_and_mark(path, encoding)
        self._position = self.mark_size
        self._stream = path.open(encoding=TEXT_CODECS[encoding], errors="surrogateescape", newline="")
        self._lines: deque[Line] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def readline(self, size: int = -1) -> str:
        """Gives the next line, or as much of it as `size` characters; an empty text at the end of the file."""
        text = self._stream.readline(size)
        if text:
            start, self._position = self._position, self._position + self.size_of(text)
            self._lines.append(Line(text, start, self._position))
        return text

    def size_of(self, text: str) -> int:
        """Gives how many bytes the text takes in the file."""
        return len(text.encode(self.codec, "surrogateescape"))

    def take_line(self) -> Line:
        """Gives the first line that was read and not taken yet; raises IndexError where there is none."""
        return self._lines.popleft()

    def take_lines(self, text: str) -> Line:
        """Gives the lines that make up the text, as one; blank lines before them, and the rest of a cut line, go too.

        The text is a record as a reader gives it: lines that follow each other.
        """
        first = self.take_line()
        while not first.text.strip(_LINE_ENDS):
            first = self.take_line()
        end, length, last = first.end, len(first.text), first.text
        while length < len(text) or (self._lines and not last.endswith(("\n", "\r"))):
            line = self.take_line()
            end, length, last = line.end, length + len(line.text), line.text
        return Line(text, first.start, end)


def read_range(path: Path, start: int, end: int) -> bytes:
    """Gives the bytes of the file from `start` up to `end`, which is left out."""
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(end - start)


def without_line_end(content: bytes, codec: str) -> bytes:
    """Gives the bytes without the carriage returns and line feeds at their end."""
    ends = [end.encode(codec) for end in _LINE_ENDS]
    while tail := next((end for end in ends if content.endswith(end)), b""):
        content = content[: -len(tail)]
    return content


def _codec_and_mark(path: Path, encoding: str) -> tuple[str, int]:
    """Gives the codec of the text without its mark, and how many bytes the mark takes."""
    with path.open("rb") as stream:
        beginning = stream.read(4)
    for mark, codec in _MARKS.get(encoding, {}).items():
        if beginning.startswith(mark):
            return codec, len(mark)
    return _UNMARKED.get(encoding, encoding), 0
