"""The first records of a sample as a fixture: the same layout, unpacked, and nothing else of the file."""

import io
import json
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.catalogue.sample import Sample
from ingest.readers.delimited import delimited_records
from ingest.readers.text_file import open_text
from ingest.spec import Format
from ingest.unpacking import ExpansionLimit

FIXTURE_RECORDS = 10
_CODECS = {"utf-8": "utf-8", "latin-1": "latin-1", "cp1252": "cp1252", "utf-16": "utf-16"}


def fixture_name(sample: Sample) -> str:
    """Gives the file name of the fixture."""
    kind = sample.layout.format.kind
    return f"first_records.{kind}"


def first_records(sample: Sample, path: Path) -> bytes:
    """Gives the bytes of a file with the first records of the sample; `path` is the sample."""
    format_ = sample.layout.format
    if format_.kind == "csv":
        return _csv(sample, format_)
    if format_.kind == "jsonl":
        return "".join(f"{record}\n" for record in sample.records[:FIXTURE_RECORDS]).encode(_CODECS[format_.encoding])
    if format_.kind == "json":
        return _document(sample, format_)
    if format_.kind == "xlsx":
        return _workbook(sample, format_)
    return _parquet(path) if format_.kind == "parquet" else _page(sample)


def _csv(sample: Sample, format_: Format) -> bytes:
    with TemporaryDirectory(prefix="tierline-") as folder:
        cut = Path(folder) / "sample"
        cut.write_bytes(sample.layout.content)
        unpacked = format_.model_copy(update={"member": None})
        text = open_text(cut, "sample", unpacked, Path(folder), ExpansionLimit())
        with text.open() as stream:
            records = [
                record for record, _ in islice(delimited_records(stream, format_.delimiter), FIXTURE_RECORDS + 1)
            ]
    whole = "".join(records)
    return whole.encode(_CODECS[format_.encoding], errors="surrogateescape")


def _document(sample: Sample, format_: Format) -> bytes:
    content: Any = [json.loads(record) for record in sample.records[:FIXTURE_RECORDS]]
    if format_.records is None:
        root = content if len(sample.records) > 1 else content[0]
        return json.dumps(root, ensure_ascii=False, indent=1).encode(_CODECS[format_.encoding])
    for step in reversed(_steps(format_.records)):
        content = {step: content}
    return json.dumps(content, ensure_ascii=False, indent=1).encode(_CODECS[format_.encoding])


def _steps(records: str) -> list[str]:
    return [
        step.strip('."')
        for step in records.removeprefix("$").removesuffix("[*]").replace('."', '\0"').replace(".", "\0").split("\0")
        if step
    ]


def _workbook(sample: Sample, format_: Format) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(format_.sheet)
    sheet.append(sample.columns.columns)
    for row in sample.columns.head(FIXTURE_RECORDS).iter_rows():
        sheet.append([text or None for text in row])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _parquet(path: Path) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = next(pq.ParquetFile(path).iter_batches(batch_size=FIXTURE_RECORDS))
    written = io.BytesIO()
    pq.write_table(pa.Table.from_batches([rows]), written)
    return written.getvalue()


def _page(sample: Sample) -> bytes:
    from lxml import etree

    table = etree.Element("table")
    heading = etree.SubElement(table, "tr")
    for name in sample.columns.columns:
        etree.SubElement(heading, "th").text = name
    for row in sample.columns.head(FIXTURE_RECORDS).iter_rows():
        line = etree.SubElement(table, "tr")
        for text in row:
            etree.SubElement(line, "td").text = text
    page: bytes = etree.tostring(table, method="html", pretty_print=True, encoding=sample.layout.format.encoding)
    return page
