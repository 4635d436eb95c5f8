"""The one way to a PDF: what is put in is shown and never run, and the same comes out each time."""

import hashlib
import io
import subprocess
import sys
from datetime import date

import pypdf
import pytest

from serving.language import language
from serving.pdf import blocks, render_pdf
from serving.pdf.coverage import covered
from serving.pdf.readable import in_latin, readable
from serving.pdf.typesetter import FONTS, TEMPLATES
from tierline.errors import ConfigError, TierlineError

AS_OF = date(2026, 11, 1)
HOSTILE = (
    '#import "@preview/anything:1.0.0": *',
    '#read("/etc/passwd")',
    "$ x^2 $ `code` *bold* _it_ ] [ } { @label <label> // /* \\",
    "=cmd()|' /C calc'!A1",
    "<script>alert(1)</script>",
)


def made(*shown: blocks.Block, **more: object) -> bytes:
    data = {"title": "A title", "blocks": list(shown), **more}
    return render_pdf("document", data, language=language("es"), as_of=AS_OF)


def reader_of(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in reader_of(content).pages)


def test_hostile_texts_are_shown_as_they_are() -> None:
    pdf = made(
        blocks.heading(HOSTILE[0]),
        blocks.bullets(HOSTILE),
        blocks.table([blocks.column("Name"), blocks.column("Said")], [[text, blocks.cell(text)] for text in HOSTILE]),
        title=HOSTILE[1],
    )

    told = text_of(pdf)
    assert all(text in told for text in HOSTILE)
    assert "root:" not in told
    assert reader_of(pdf).metadata.title == HOSTILE[1]


def test_it_is_tagged_and_says_title_language_and_day() -> None:
    root = reader_of(made(blocks.heading("One"))).trailer["/Root"]
    metadata = reader_of(made()).metadata

    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert (metadata.title, metadata.creation_date.date()) == ("A title", AS_OF)


def test_the_same_arguments_give_the_same_bytes_in_any_process() -> None:
    again = (
        "import hashlib, tests.unit.pdf.test_render_pdf as t\n"
        "print(hashlib.sha256(t.made(t.blocks.paragraph('上海 and ไทย'))).hexdigest())"
    )
    told = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True)

    first = made(blocks.paragraph("上海 and ไทย"))
    assert first == made(blocks.paragraph("上海 and ไทย"))
    assert told.stdout.strip() == hashlib.sha256(first).hexdigest()


@pytest.mark.parametrize("name", ["上海服装有限公司", "مصنع النسيج", "บริษัท", "မြန်မာ", "কারখানা", "Łódź Ελλάς Київ Việt"])
def test_scripts_that_a_font_has_stay_as_they_are(name: str) -> None:
    assert readable(name, covered(FONTS)) == name
    made(blocks.paragraph(name))


def test_other_scripts_are_told_in_latin_letters_and_never_as_empty_boxes() -> None:
    assert "‹HanGug›" in text_of(made(blocks.paragraph("한국 Textile")))


def test_a_letter_that_no_alphabet_spells_is_told_by_its_number() -> None:
    assert readable("a\u3180", "a") == "a‹U+3180›"


def test_what_cannot_be_seen_goes_and_white_space_is_one_space() -> None:
    assert readable("a\u202eb\u2066c\x00\x07 \t\n d\ue000\ufeff\ufe0f", covered(FONTS)) == "abc d"


def test_ten_thousand_letters_stay_on_the_page() -> None:
    pdf = made(blocks.table([blocks.column("Name"), blocks.column("No", width=0)], [["x" * 10_000, "1"]]))

    assert text_of(pdf).replace("\n", "").count("x") == 10_000
    assert max(map(len, text_of(pdf).splitlines())) < 200


def test_a_hash_can_be_copied_whole() -> None:
    digest = hashlib.sha256(b"").hexdigest()

    assert digest in text_of(made(blocks.facts([("Hash", digest)])))


def test_a_mark_a_notice_and_a_foot_stand_on_each_page() -> None:
    pdf = made(
        blocks.paragraph("one"), blocks.page_break(), blocks.paragraph("two"),
        mark="Internal", notice="Retracted: do not use", foot="run first",
    )  # fmt: skip

    pages = [page.extract_text() for page in reader_of(pdf).pages]
    assert len(pages) == 2
    assert all(said in page for page in pages for said in ("Internal", "Retracted: do not use", "run first"))


def test_a_letter_that_turns_out_to_have_no_glyph_is_told_in_latin_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.pdf.rendering.covered", lambda _: frozenset(map(chr, range(0x10000))))

    assert in_latin("한국") in text_of(made(blocks.paragraph("한국")))


def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(TierlineError, match="given up"):
        render_pdf("document", {"title": "t", "blocks": []}, language=language("en"), as_of=AS_OF, time_limit=0.001)


@pytest.mark.parametrize("template", ["../document", "_page", "nothing", "document.typ"])
def test_only_templates_of_ours_are_set(template: str) -> None:
    with pytest.raises(ConfigError, match="no such template"):
        render_pdf(template, {"title": "t"}, language=language("en"), as_of=AS_OF)


def test_a_document_without_title_is_refused() -> None:
    with pytest.raises(ConfigError, match="title"):
        render_pdf("document", {"title": " ", "blocks": []}, language=language("en"), as_of=AS_OF)


def test_no_template_evaluates_or_fetches() -> None:
    for template in TEMPLATES.glob("*.typ"):
        text = template.read_text(encoding="utf-8")
        assert "eval(" not in text
        assert "read(" not in text
        assert "@" not in text.replace("@preview", "@"), template
