"""`tierline screen` and `tierline verify --record`: a list, what was taken of it, its answers, the hash made again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.unit.command_line import CommandLine
from tests.unit.screening_lists.conftest import supplier_id
from tierline.errors import ConfigError, ContractError

LIST = "Bieter;Land\nAmber Textiles;BD\nValley Ore;CN\nNobody;DE\n;\n;FR\n"


@pytest.fixture
def screen(command_line: CommandLine, published: Path, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    (tmp_path / "bidders.csv").write_text(LIST, encoding="utf-8")

    def call(*words: str) -> tuple[int, str]:
        paths = [str(tmp_path / word[1:]) if word.startswith("%") else word for word in words]
        command, arguments = paths[0], paths[1:]
        return command_line(command, *arguments, "--published", str(published))

    return call


def test_a_list_is_checked_its_record_is_written_and_its_hash_made_again(
    screen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    asked = ("screen", "%bidders.csv", "--out", "%result.xlsx", "--record", "%record.pdf", "--as-of", "2026-11-20")
    code, told = screen(*asked, "--confirm", "%confirmations.csv")

    assert code == 0, told
    assert "name: Bieter (by its heading): Amber Textiles; Valley Ore; Nobody" in told
    assert "5 rows read = 3 answered + 2 refused" in told
    assert load_workbook(tmp_path / "result.xlsx").worksheets[0].max_row == 6
    code, told = screen("verify", "--record", "%record.pdf", "--input", "%bidders.csv")
    assert (code, told.count("HOLDS")) == (0, 6), told
    (tmp_path / "bidders.csv").write_text(LIST + "One More;GB\n", encoding="utf-8")
    code, told = screen("verify", "--record", "%record.pdf", "--input", "%bidders.csv")
    assert (code, "BROKEN" in told) == (1, True)


def test_a_band_comes_once_the_file_of_confirmations_was_filled(
    screen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    asked = ("screen", "%bidders.csv", "--out", "%result.csv", "--confirm", "%confirmations.csv", "--yes")
    screen(*asked)
    before = (tmp_path / "result.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "confirmations.csv"
    path.write_bytes(path.read_bytes().rstrip() + b"yes\r\n")

    code, told = screen(*asked)

    assert code == 0, told
    assert "not shown until confirmed" in before
    after = (tmp_path / "result.csv").read_text(encoding="utf-8-sig")
    assert "not shown until confirmed" not in after
    assert supplier_id(0) in after


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--out", "%result.docx"), ConfigError),
        (("--out", "%result.csv", "--columns", "name=Nothing"), ConfigError),
        (("--out", "%result.csv", "--record", "%record.xlsx"), ConfigError),
        (("--out", "%result.csv", "--lang", "xx"), ConfigError),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_written(
    screen: Callable[..., tuple[int, str]], tmp_path: Path, words: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        screen("screen", "%bidders.csv", *words)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["bidders.csv"]


def test_a_pdf_under_the_name_of_a_list_is_refused(screen: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    (tmp_path / "bidders.csv").write_bytes(b"%PDF-1.7")

    with pytest.raises(ContractError, match="PDF document"):
        screen("screen", "%bidders.csv", "--out", "%result.csv")
