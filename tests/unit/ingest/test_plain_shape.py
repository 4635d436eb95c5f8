"""Only a file in which no reader can see anything else is called plain."""

from pathlib import Path

import pytest

from ingest.readers.plain_shape import PlainLines, PlainShape, plain_csv_shape, plain_lines


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b"a,b\n1,2\n", 1),
        (b"a,b\r\n1,2\r\n3,4", 2),
        (b'a,b\n"1\n2","x ""y"" z"\n', 1),
        (b"a,b\n\n1,2\n\n", 1),
        (b"a,b\n", 0),
        (b'a,b\n"1" ,2\n', None),
        (b'a,b\n5" pipe,2\n', None),
        (b'a,b\n"1,2\n', None),
        (b"a,b\n1,2,3\n", 1),
        (b"a,b\n1,\n", 1),
        (b"a,b\n,,\n", None),
        (b"a,b\r\n1,2,,\r\n", None),
        (b'a,b\n",,\n",2\n', 1),
        (b"a,b\n1\n", 1),
        (b"a,b\n1,2\r\n", None),
        (b"a,b\n1\r,2\n", None),
        (b"a,b\r1,2\r", None),
        (b"a,b\n1,\x00\n", None),
        (b"a,b\n1," + b"x" * 100 + b"\n", None),
    ],
)
def test_a_plain_csv_file_is_counted(tmp_path: Path, content: bytes, records: int | None) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    shape = plain_csv_shape(path, ",", 2, longest=90)

    assert (shape and shape.records) == records


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b"{}\n{}", 2),
        (b"{}\r\n\r\n{}\r\n", 2),
        (b"{}\n{}\r\n", None),
        (b"{\r}\n", None),
        (b"{}\x1f\n", None),
        (b"{}\x00\n", None),
        (b"x" * 100, None),
    ],
)
def test_plain_lines_are_counted(tmp_path: Path, content: bytes, records: int | None) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    lines = plain_lines(path, longest=90)

    assert (lines and lines.records) == records


def test_a_plain_file_is_counted_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a,b\r\n" + b'"x\r\n""y""",2\r\n' * 50)
    tidy = tmp_path / "tidy"
    tidy.write_bytes(b"\xef\xbb\xbfa,b\r\n" + 'x y,"2, é"\r\n'.encode() * 50)

    for size in (1, 2, 3, 7, 16):
        monkeypatch.setattr("ingest.readers.plain_shape._CHUNK_BYTES", size)
        assert plain_csv_shape(path, ",", 2, longest=90) == PlainShape(50, is_tidy=False)
        assert plain_csv_shape(tidy, ",", 2, longest=90) == PlainShape(50, is_tidy=True)


@pytest.mark.parametrize(
    ("content", "is_tidy"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\nx y,2\n", True),
        ('a,b\n"x, y",2\n', True),
        ('a,b\n"x ""y"" z",2\n', False),
        ("a,b\n 1,2\n", False),
        ("a,b\n1 ,2\n", False),
        ("a,b\n1,2\t\n", False),
        ('a,b\n" 1",2\n', False),
        ('a,b\n"1\n",2\n', False),
        ("a,b\n\u00a01,2\n", False),
        ("a,b\n\ufeff1,2\n", False),
        ("a,b\n1,2 ", False),
    ],
)
def test_a_cell_that_may_begin_or_end_with_a_blank_is_noticed(tmp_path: Path, content: str, is_tidy: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(content.encode())

    shape = plain_csv_shape(path, ",", 2, longest=90)

    assert shape is not None
    assert shape.is_tidy == is_tidy


@pytest.mark.parametrize("size", [1, 3, 1 << 22])
def test_brackets_are_counted_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("ingest.readers.plain_shape._CHUNK_BYTES", size)
    path = tmp_path / "file"
    path.write_bytes(b'{"a": [1]}\n{"a": [{}, {}]}\n\n{}')

    assert plain_lines(path, longest=90) == PlainLines(3, most_brackets=4)
