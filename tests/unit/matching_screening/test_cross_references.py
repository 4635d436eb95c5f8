"""The cross-references of SAM exclusions: other parties are aliases, persons are not read."""

import pytest
import yaml

from tierline.run import PROJECT
from tierline.warehouse import connect

_SOURCE = PROJECT / "ingest" / "sources" / "us_sam_exclusions" / "source.yml"


@pytest.mark.parametrize(
    ("kind", "text", "aliases"),
    [
        ("Firm", "(also ALDER PAVING)", ["ALDER PAVING"]),
        ("Firm", "(also ALDER, LLC, ANSEL EXAMPLE, BIRCH HOLDINGS, INC.)", ["ALDER LLC", "BIRCH HOLDINGS INC."]),
        ("Firm", "(also ANSEL EXAMPLE)", None),
        ("Firm", None, None),
        ("Individual", "(also ALDER PAVING)", None),
    ],
)
def test_only_parties_with_a_word_of_a_business_are_aliases(kind, text, aliases):
    expression = yaml.safe_load(_SOURCE.read_text(encoding="utf-8"))["mapping"][0]["fields"]["aliases"]["sql"]
    with connect() as connection:
        found = connection.execute(
            f'SELECT {expression} FROM (SELECT $kind AS "Classification", CAST($text AS VARCHAR) AS "Cross-Reference")',
            {"kind": kind, "text": text},
        ).fetchall()
    assert found == [(aliases,)]
