"""Which characters the shipped fonts have, read from the fonts themselves.

Source of the layout: OpenType specification, table `cmap`, formats 4 and 12.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_SEGMENTS, _GROUPS = 4, 12


@cache
def covered(folder: Path) -> frozenset[str]:
    """Gives the characters that at least one font of the folder has a glyph for."""
    return frozenset(chr(code) for font in sorted(folder.glob("*.ttf")) for code in _codes(font.read_bytes()))


def _codes(font: bytes) -> Iterator[int]:
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    offsets = {struct.unpack_from(">I", font, start + 4 + 8 * number + 4)[0] for number in range(count)}
    for offset in sorted(offsets):
        (layout,) = struct.unpack_from(">H", font, start + offset)
        if layout == _SEGMENTS:
            yield from _of_segments(font, start + offset)
        elif layout == _GROUPS:
            yield from _of_groups(font, start + offset)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(count))
    return int(next(offset for name, _, offset, _ in records if name == tag))


def _of_segments(font: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    layout = f">{doubled // 2}H"
    ends, firsts, deltas, ranges = (
        struct.unpack_from(layout, font, start + 14 + gap + doubled * place)
        for place, gap in ((0, 0), (1, 2), (2, 2), (3, 2))
    )
    for number, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        at = start + 16 + 3 * doubled + 2 * number + ranges[number]
        for code in range(first, min(end, 0xFFFE) + 1):
            if ranges[number] == 0:
                glyph = (code + deltas[number]) & 0xFFFF
            else:
                (glyph,) = struct.unpack_from(">H", font, at + 2 * (code - first))
            if glyph:
                yield code


def _of_groups(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, start + 12)
    for number in range(count):
        first, end, glyph = struct.unpack_from(">III", font, start + 16 + 12 * number)
        yield from range(first if glyph else first + 1, end + 1)
