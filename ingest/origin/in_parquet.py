"""Records of Parquet: a file stores columns, so a record has values and a number, and no bytes of its own."""

from pathlib import Path

from ingest.origin.places import Place, no_such_record
from ingest.readers.parquet_file import read_parquet_file
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit
from tierline.warehouse import connect


def place_in_parquet(
    path: Path, name: str, spec: SourceSpec, record_no: int, *, work: Path, limit: ExpansionLimit
) -> Place:
    """Gives the values of a record, read as a load reads them; raises ContractError where there is none."""
    with connect() as connection:
        columns = read_parquet_file(connection, path, name, spec, work=work, limit=limit)
        found = connection.execute(
            "SELECT * EXCLUDE (_record_no) FROM incoming WHERE _record_no = $number", {"number": record_no}
        ).fetchone()
        if found is not None:
            return Place(None, None, None, "utf-8", values=dict(zip(columns, found, strict=True)))
        rejected = connection.execute(
            "SELECT original_text FROM rejected WHERE record_no = $number", {"number": record_no}
        ).fetchone()
        if rejected is not None:
            return Place(None, None, None, "utf-8", values={"record": rejected[0]})
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM incoming) + (SELECT count(*) FROM rejected)"
        ).fetchone()
    raise no_such_record(name, record_no, int(counted[0]) if counted else 0)
