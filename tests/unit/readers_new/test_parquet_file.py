"""Parquet rows become records with text cells; damaged or growing files are refused with one typed error."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.readers_new.conftest import Reader
from tierline.errors import ContractError, FetchError, TierlineError

PARQUET = "{kind: parquet}"


def written(folder: Path, columns: dict[str, pa.Array], **options: object) -> bytes:
    path = folder / "made.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path.read_bytes()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    names = [f"Company {number} ñ" for number in range(60)]
    return written(
        tmp_path_factory.mktemp("parquet"), {"Name": pa.array(names), "Day": pa.array(names)}, row_group_size=20
    )


def test_every_type_becomes_text_and_null_stays_null(read: Reader, tmp_path: Path) -> None:
    content = written(
        tmp_path,
        {
            "Name": pa.array(["A", None]),
            "Day": pa.array([20000, None], pa.date32()),
            "count": pa.array([7, 8], pa.int32()),
            "held": pa.array([True, None]),
            "parts": pa.array([[1, 2], None], pa.list_(pa.int8())),
            "inner": pa.array([{"a": "x"}, {"a": None}]),
        },
    )

    found = read(content, PARQUET)

    assert found.columns == ["Name", "Day", "count", "held", "parts", "inner"]
    assert found.rows == [
        (1, "A", "2024-10-04", "7", "true", "[1,2]", '{"a":"x"}'),
        (2, None, None, "8", None, None, '{"a":null}'),
    ]


def test_records_keep_the_order_of_the_file_over_batches(
    read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.readers.parquet_file._BATCH_ROWS", 100)
    names = [str(number) for number in range(5000)]
    content = written(tmp_path, {"Name": pa.array(names), "Day": pa.array(names)}, row_group_size=700)

    assert [(number, name) for number, name, _ in read(content, PARQUET).rows] == list(enumerate(names, start=1))


def test_a_record_with_a_nul_character_is_rejected(read: Reader, tmp_path: Path) -> None:
    found = read(written(tmp_path, {"Name": pa.array(["A", "B\0"]), "Day": pa.array(["1", "2"])}), PARQUET)

    assert found.rows == [(1, "A", "1")]
    assert found.rejected == [(2, "NUL character")]


def test_an_empty_table_has_no_records(read: Reader, tmp_path: Path) -> None:
    assert read(written(tmp_path, {"Name": pa.array([], "str"), "Day": pa.array([], "str")}), PARQUET).rows == []


def test_a_missing_column_is_named(read: Reader, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"lacks the column 'Day' \(near: Days\)"):
        read(written(tmp_path, {"Name": pa.array(["A"]), "Days": pa.array(["1"])}), PARQUET)


@pytest.mark.parametrize("kept", [4, 8, 100, -1, -4, -200])
def test_a_truncated_file_is_refused(read: Reader, sound: bytes, kept: int) -> None:
    with pytest.raises(ContractError, match="truncated"):
        read(sound[:kept], PARQUET)


def test_a_file_of_another_kind_is_refused(read: Reader) -> None:
    with pytest.raises(ContractError, match="no Parquet file"):
        read(b"Name,Day\nA,1\n", PARQUET)


def test_damage_inside_is_refused_without_a_value_in_the_message(read: Reader, sound: bytes) -> None:
    with pytest.raises(ContractError, match="is damaged") as told:
        read(sound[:40] + bytes(40) + sound[80:], PARQUET)
    assert "Company" not in str(told.value)


def test_a_file_that_grows_beyond_the_limit_is_stopped(read: Reader, tmp_path: Path) -> None:
    texts = pa.array(["x" * 1000] * 60_000)

    with pytest.raises(FetchError, match="unpacks to more"):
        read(written(tmp_path, {"Name": texts, "Day": texts}), PARQUET)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 3000), junk=st.binary(min_size=1, max_size=12), cut=st.integers(0, 40))
def test_any_damage_gives_the_records_or_one_typed_error(
    read: Reader, sound: bytes, start: int, junk: bytes, cut: int
) -> None:
    position = start % len(sound)
    try:
        found = read(sound[:position] + junk + sound[position + cut :], PARQUET)
    except TierlineError:
        return
    numbers = [row[0] for row in found.rows] + [number for number, _ in found.rejected]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
