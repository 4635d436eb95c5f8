"""Builds the index of a publication from its Parquet files; it is made once, beside them, and never changed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from serving.manifest import FILE_NAME
from serving.search import files
from serving.search.findable import findable
from serving.search.spelling import searched
from tierline.files import json_bytes, sha256_of_file
from tierline.log import get_logger

_LOG = get_logger(__name__)
_HEAP_BYTES: Final = 300_000_000


def build_index(publication: Path, folder: Path) -> None:
    """Builds the index of a publication in a folder that must not exist; the publication is only read.

    Raises TierlineError where the Parquet files cannot be read.
    """
    folder.mkdir(parents=True)
    found = findable(publication)
    _write_names(folder, found.names)
    _write_identifiers(folder, found.identifiers)
    _write_table(folder / files.SUPPLIERS, found.suppliers)
    (folder / files.SPELLING).write_bytes(json_bytes(found.spelling.values()))
    contents = {
        "layout": files.LAYOUT,
        "manifest_sha256": sha256_of_file(publication / FILE_NAME),
        "suppliers": found.suppliers.num_rows,
        "countries": sorted(filter(None, found.suppliers["country_code"].unique().to_pylist())),
        "names": found.names.num_rows,
        "identifiers": found.identifiers.num_rows,
    }
    (folder / files.CONTENTS).write_bytes(json_bytes(contents))
    _LOG.info("indexed %d names and %d identifiers for the search", contents["names"], contents["identifiers"])


def _write_names(folder: Path, names: pa.Table) -> None:
    import tantivy

    texts = [files.pieces_text(searched(key)) for key in names["key"].to_pylist()]
    countries = [country or files.ANY_COUNTRY for country in names["country_code"].to_pylist()]
    documents = (
        tantivy.Document(row=row, pieces=text, country=country)
        for row, (text, country) in enumerate(zip(texts, countries, strict=True))
    )
    index = _empty_index(folder / files.NAMES, files.names_schema())
    files.register_pieces(index)
    _fill(index, documents)
    _write_table(folder / f"{files.NAMES}.arrow", names.drop_columns(["country_code"]))


def _write_identifiers(folder: Path, identifiers: pa.Table) -> None:
    import tantivy

    documents = (tantivy.Document(row=row, identifier=keys) for row, keys in enumerate(identifiers["keys"].to_pylist()))
    _fill(_empty_index(folder / files.IDENTIFIERS, files.identifiers_schema()), documents)
    _write_table(folder / f"{files.IDENTIFIERS}.arrow", identifiers.drop_columns(["keys"]))


def _empty_index(folder: Path, schema: Any) -> Any:
    import tantivy

    folder.mkdir()
    return tantivy.Index(schema, path=str(folder))


def _fill(index: Any, documents: Iterable[Any]) -> None:
    # one thread, so that the same rows stand in the same order
    writer = index.writer(_HEAP_BYTES, 1)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _write_table(path: Path, table: pa.Table) -> None:
    whole = table.combine_chunks()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole, max_chunksize=max(1, whole.num_rows))
