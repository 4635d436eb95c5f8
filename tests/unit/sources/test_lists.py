"""What lists say after loading: names taken apart, programmes and ends kept, persons unnamed, context kept apart."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.spec import SOURCES, load_spec
from tests.unit.sources.bench import Bench, bench
from tierline.errors import FetchError

LISTS = sorted(
    source
    for source in (path.parent.name for path in SOURCES.glob("*/source.yml"))
    if any(mapping.table == "list_entry" for mapping in load_spec(source).mapping)
)


@pytest.fixture(scope="module")
def store() -> Iterator[Bench]:
    """All fixtures of all lists, loaded."""
    with bench() as opened:
        for source in LISTS:
            for path in sorted((SOURCES / source / "fixtures").iterdir()):
                if path.name != "expected.json":
                    opened.load(load_spec(source), path.name, path.read_bytes())
        yield opened


@pytest.fixture
def empty() -> Iterator[Bench]:
    with bench() as opened:
        yield opened


def entries(store: Bench, source: str, columns: str) -> list[tuple[Any, ...]]:
    return store.query(
        f"SELECT {columns} FROM canonical.list_entry WHERE source_id = '{source}' ORDER BY record_no, item_no"
    )


@pytest.mark.parametrize("source", LISTS)
def test_a_list_says_what_it_feeds_or_that_it_feeds_nothing(source: str) -> None:
    spec = load_spec(source)
    for mapping in spec.mapping:
        feeds = mapping.fields.get("feeds_indicator")
        if feeds is None:
            assert "feeds nothing" in spec.shape_note
        else:
            assert feeds.value is not None or feeds.enumeration is not None


def test_persons_on_lists_have_no_name_and_nothing_that_leads_to_them(store: Bench) -> None:
    found = store.query(
        "SELECT DISTINCT name, aliases, address, lei, tax_number, company_number, other_identifier"
        " FROM canonical.list_entry WHERE entry_kind = 'person'"
    )
    assert found == [("natural person", None, None, None, None, None, None)]


def test_context_lists_feed_nothing(store: Bench) -> None:
    for source in ("us_sam_exclusions", "world_bank_debarred"):
        assert {feeds for (feeds,) in entries(store, source, "feeds_indicator")} == {None}


def test_names_of_the_entity_list_are_taken_apart(store: Bench) -> None:
    assert entries(store, "us_uflpa_entities", "entry_ref, name, aliases") == [
        ("uflpa:northern-loom-textile-co-ltd", "Northern Loom Textile Co., Ltd.", ["Northern Loom and Dye Co."]),
        (
            "uflpa:silver-dune-silicon-co-ltd",
            "Silver Dune Silicon Co., Ltd.",
            ["Dune Silicon", "Silver Dune (Group) Ltd.", "Silverdune"],
        ),
        ("uflpa:amber-ridge-agricultural-corps", "Amber Ridge Agricultural Corps", ["ARAC", "A.R.A. Corps"]),
        ("uflpa:emeraude-fils-cotton", "Émeraude & Fils Cotton", None),
        (
            "uflpa:quartz-valley-metals",
            "Quartz Valley Metals",
            ["Valley Ore Co. Ltd.", "Valley Smelting", "Valley Rail"],
        ),
        ("uflpa:harbor-light-seafood", "Harbor Light Seafood", ["Harbor Cold Storage"]),
        ("uflpa:tall-pine-foods", "Tall Pine Foods", ["TP Foods", "Pine Foods"]),
    ]


def test_every_table_of_the_entity_list_is_read_under_its_heading(store: Bench) -> None:
    programmes = {programme for (programme,) in entries(store, "us_uflpa_entities", "programme")}
    assert programmes == {
        "UFLPA Entity List: Sec. 2(d)(2)(B)(i) A list of entities in the region",
        "UFLPA Entity List: Sec. 2(d)(2)(B)(v) A list of facilities and entities",
    }


def test_a_name_keeps_its_reference_when_the_page_changes_its_signs(empty: Bench) -> None:
    spec = load_spec("us_uflpa_entities")
    page = "<table><tr><th>Name of Entity<th>Effective Date</tr><tr><td>%s<td>June 1, 2022</tr></table>"

    references = set()
    for name in ("Loom&nbsp;Co., Ltd.", "LOOM  Co. Ltd", "Loom Co., Ltd. (also known as LC)", "织布厂"):
        empty.load(spec, "page.html", (page % name).encode())
        references |= set(entries(empty, spec.id, "entry_ref"))

    assert len(references) == 2
    assert ("uflpa:loom-co-ltd",) in references


def test_of_several_programmes_in_a_cell_one_that_feeds_decides(store: Bench) -> None:
    found = {
        ref: (kind, feeds)
        for ref, kind, feeds in entries(store, "opensanctions_simple", "entry_ref, status, feeds_indicator")
    }

    assert found["os:demo-0007"] == ("in_force", "A02")
    assert found["os:demo-0011"] == ("in_force", "A01")
    assert "os:demo-0008" not in found, "none feeds and one is unknown: quarantined"


def test_targets_whose_sanctions_have_all_ended_are_ended(store: Bench) -> None:
    states = dict(entries(store, "opensanctions_simple", "entry_ref, status"))

    assert [ref for ref, state in states.items() if state == "ended"] == ["os:demo-0009", "os:demo-0012"]


def test_values_with_a_semicolon_stay_whole(store: Bench) -> None:
    aliases = dict(entries(store, "opensanctions_simple", "entry_ref, aliases"))

    assert aliases["os:demo-0007"] == ["Several; Programmes", "SPL"]


def test_entities_are_chosen_by_dataset_and_programme_and_not_by_topic(store: Bench) -> None:
    found = entries(store, "opensanctions_ftm", "entry_ref, status, CAST(ended_on AS VARCHAR), feeds_indicator")

    assert found == [
        ("os:demo-a|demo_forced_labour", "in_force", None, "A01"),
        ("os:demo-b|demo_forced_labour", "in_force", None, "A01"),
        ("os:demo-c|demo_forced_labour", "in_force", None, "A01"),
        ("os:demo-e|DEMO-LABOUR-DEBARMENT", "in_force", "2027-02-03", "A02"),
        ("os:demo-e|DEMO-STATE-LABOUR", "in_force", "2027-02-03", "F12"),
        ("os:demo-f|DEMO-FORCED-LABOUR", "ended", "2021-05-06", "A01"),
        ("os:demo-f|DEMO-STATE-LABOUR", "ended", None, "F12"),
        ("os:demo-g|demo_forced_labour", "in_force", None, "A01"),
    ]


def test_an_extract_of_exclusions_is_read_from_its_archive(empty: Bench) -> None:
    spec = load_spec("us_sam_exclusions")
    content = (SOURCES / spec.id / "fixtures" / "sam_exclusions.csv").read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SAM_Exclusions_Public_Extract.CSV", content)

    plain = empty.load(spec, "extract.csv", content)
    assert empty.load(spec, "extract.zip", packed.getvalue()) == plain
    with pytest.raises(FetchError, match="truncated"):
        empty.load(spec, "extract.zip", packed.getvalue()[:-40])


def test_orders_are_read_whether_a_year_is_in_latin_1_or_in_utf_8(empty: Bench) -> None:
    spec = load_spec("us_cbp_wro")
    latin = (SOURCES / spec.id / "fixtures" / "cbp_wro.csv").read_bytes()

    empty.load(spec, "orders.csv", latin)
    names = entries(empty, spec.id, "name")
    empty.load(spec, "orders.csv", latin.decode("latin-1").encode("utf-8-sig"))

    assert entries(empty, spec.id, "name") == names
    assert names[0] == ("Compañía Maderera Río Seco",)


def test_columns_of_the_orders_that_come_and_go_break_nothing(empty: Bench) -> None:
    spec = load_spec("us_cbp_wro")
    other_year = (
        "Status,WRO or Finding,Modified Date,Entity,Country,Effective Date\nActive,WRO,,Loom Works,India,2/3/2024\n"
    )

    empty.load(spec, "orders.csv", other_year.encode("latin-1"))

    assert entries(empty, spec.id, "name, programme, country_code") == [("Loom Works", "WRO", "IN")]
