"""Only a file in which no reader can see anything else is called plain."""

from pathlib import Path

import pytest

from ingest.readers.plain_shape import plain_csv_records, plain_line_records


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
        (b"a,b\n1,2,3\n", None),
        (b"a,b\n1\n", None),
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

    assert plain_csv_records(path, ",", 2, longest=90) == records


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

    assert plain_line_records(path, longest=90) == records


def test_a_plain_file_is_counted_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a,b\r\n" + b'"x\r\n""y""",2\r\n' * 50)

    for size in (1, 2, 3, 7, 16):
        monkeypatch.setattr("ingest.readers.plain_shape._CHUNK_BYTES", size)
        assert plain_csv_records(path, ",", 2, longest=90) == 50
