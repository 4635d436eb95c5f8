"""Records of a web page: the markup of the `<tr>` that each came from."""

from pathlib import Path

from ingest.origin.placed_text import TEXT_CODECS, PlacedText
from ingest.origin.places import Place, no_such_record
from ingest.readers.html_markup import end_of_row
from ingest.readers.html_table import rows_of_records
from ingest.readers.text_file import TextFile
from ingest.spec import SourceSpec


def place_in_page(path: Path, name: str, spec: SourceSpec, record_no: int) -> Place:
    """Gives the place of a record of a page; raises ContractError where there is none of that number."""
    encoding = spec.format.encoding
    number = 0
    file = TextFile(path, name, TEXT_CODECS[encoding], is_utf8=encoding == "utf-8")
    for number, (page, start) in enumerate(rows_of_records(file, spec), start=1):
        if number == record_no:
            with PlacedText(path, encoding) as placed:
                content = page[start : end_of_row(page, start, name)].encode(placed.codec)
                first = placed.mark_size + placed.size_of(page[:start])
                return Place(content, first, first + len(content), placed.codec)
    raise no_such_record(name, record_no, number)
