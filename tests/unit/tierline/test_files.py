"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from tierline.files import json_bytes, sha256_of_bytes, sha256_of_file, write_bytes_atomically


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_bytes_atomically(path, b"old")

    def refuse(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no space"):
        write_bytes_atomically(path, b"new")

    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_the_mode_is_set_before_the_content_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_bytes_atomically(path, b"x", mode=0o600)

    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_value_gives_the_same_bytes() -> None:
    assert json_bytes({"b": 1, "a": 2}) == json_bytes({"a": 2, "b": 1}) == b'{\n  "a": 2,\n  "b": 1\n}\n'


def test_a_file_has_the_hash_of_its_bytes(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    (tmp_path / "f").write_bytes(content)

    assert sha256_of_file(tmp_path / "f") == sha256_of_bytes(content)
