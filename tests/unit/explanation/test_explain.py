"""An explanation holds all that decides, in sentences that the report shares, and finds the one supplier meant."""

import json
import math
from datetime import date
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from serving.explanation import facts
from serving.explanation import sentences as say
from serving.explanation.choice import chosen_publication
from serving.explanation.paragraphs import best_question, most_moving
from serving.explanation.reading import explained
from serving.explanation.telling import as_json, explanation_lines
from serving.explanation.who import found_supplier
from serving.language import language
from serving.reports.words import unmarked
from tests.unit.command_line import CommandLine
from tests.unit.explanation.conftest import EARLIER, HOSTILE, supplier_id
from tierline.errors import ConfigError, PublishError, TierlineError


@pytest.fixture(scope="module")
def told(explained_runs: Path):
    return explained(chosen_publication(explained_runs, run_id="third"), supplier_id(0))


def test_the_rows_that_are_told_add_up_to_the_score(explained_runs: Path) -> None:
    chosen = chosen_publication(explained_runs, run_id="third")
    for number in range(12):
        of = explained(chosen, supplier_id(number))
        assert math.fsum(row["contribution"] for row in of.evidence) == pytest.approx(of.score["raw_score"], abs=1e-9)
        for row in of.evidence:
            assert row["description"] in "\n".join(explanation_lines(of))


def test_the_lines_say_what_decides_what_is_unknown_and_what_would_change_it(told) -> None:
    text = "\n".join(explanation_lines(told))

    for said in (
        f"Band {told.score['band']}: ", "80 % interval", "Coverage ", "What to do: ", "The rows add up to",
        "Not assessable: ", "no source that could tell was given", "Not applicable: P03 Lead-time squeeze – no orders",
        "If a field visit reports forced labour directly observed (X01), the score goes from ",
        "the band goes from " if told.score["band"] != "Critical" else "the band stays",
        "Worth most to ask: a worker survey off site about retention of identity documents (F07)",
        "It is no reason to end a contract.",
    ):  # fmt: skip
        assert said in text, said


def test_leverage_is_told_with_the_share_of_sales_or_why_it_is_not_known(explained_runs: Path) -> None:
    chosen = chosen_publication(explained_runs, run_id="third")
    first, second, third = ("\n".join(explanation_lines(explained(chosen, supplier_id(place)))) for place in range(3))

    assert "and the buyer takes 42\xa0% of its sales." in first
    assert "the buyer's share of its sales is not known: no sales of it are stated." in second
    assert "Leverage is not known" in third


def test_what_changed_since_the_run_before_is_told_with_its_parts(told) -> None:
    text = "\n".join(explanation_lines(told))

    assert told.before == "second"
    assert told.move is not None
    assert sum(part["points"] for part in told.parts) == pytest.approx(told.move["score_after"] - told.move["score"])
    assert "Since run second: Score " in text


def test_where_nothing_moved_or_no_run_came_before_it_says_so(explained_runs: Path) -> None:
    second = explained(chosen_publication(explained_runs, run_id="second"), supplier_id(3))
    first = explained(chosen_publication(explained_runs, run_id="first"), supplier_id(3))

    assert "There is no earlier run to compare with." in "\n".join(explanation_lines(first))
    assert "neither score nor band moved" in "\n".join(explanation_lines(second))


def test_a_day_picks_the_newest_publication_for_it_or_before_and_says_so(explained_runs: Path) -> None:
    on_the_day = chosen_publication(explained_runs, as_of=date(2026, 12, 24))
    between = chosen_publication(explained_runs, as_of=date(2026, 10, 31))

    assert on_the_day.published.folder.name == "third", "the last of two for one day"
    assert between.published.folder.name == "first"
    assert (
        between.note == f"Run first, which speaks for {EARLIER}: the newest publication for 2026-10-31 or a day before."
    )
    with pytest.raises(PublishError, match="no publication speaks for 2020-01-01"):
        chosen_publication(explained_runs, as_of=date(2020, 1, 1))


def test_a_supplier_is_found_by_id_reference_number_or_name(explained_runs: Path) -> None:
    published = chosen_publication(explained_runs, run_id="third").published
    name = published.table("dim_supplier").filter(pl.col("supplier_id") == supplier_id(5)).collect()["name"].item()

    for text in (supplier_id(5), "erp:V5", "v5", name.upper()):
        assert found_supplier(published, text) == supplier_id(5)


def test_where_several_or_none_are_meant_the_candidates_are_listed(explained_runs: Path) -> None:
    published = chosen_publication(explained_runs, run_id="third").published

    with pytest.raises(ConfigError, match="may be any of 2 suppliers") as several:
        found_supplier(published, "twin mills")
    assert supplier_id(1) in str(several.value)
    assert supplier_id(2) in str(several.value)
    with pytest.raises(ConfigError, match="Did you mean one of these"):
        found_supplier(published, "twin")
    with pytest.raises(ConfigError, match="no supplier is 'nobody of that name'"):
        found_supplier(published, "nobody of that name")


def test_another_site_may_be_asked_for_by_id_or_name(explained_runs: Path) -> None:
    chosen = chosen_publication(explained_runs, run_id="third")
    sites = chosen.published.table("site_score").collect()
    several = sites.filter(pl.len().over("supplier_id") > 1)
    worst = set(chosen.published.table("supplier_score").collect()["worst_site_id"])
    other = several.filter(~pl.col("site_id").is_in(list(worst))).row(0, named=True)

    for wanted in (other["site_id"], other["site_name"]):
        of = explained(chosen, other["supplier_id"], wanted)
        assert of.score["raw_score"] == other["raw_score"]
        assert "which is not the one that decides" in "\n".join(explanation_lines(of))
    with pytest.raises(ConfigError, match="has no site 'no such'"):
        explained(chosen, other["supplier_id"], "no such")


def test_the_json_has_the_keys_that_are_promised_and_the_same_sentences(told) -> None:
    values = json.loads(json.dumps(as_json(told), default=str))

    assert list(values) == [
        "shape_version", "run_id", "as_of", "fictional", "supplier", "site", "is_worst_site", "score", "evidence",
        "indicators", "contradictions", "possible_matches", "next_facts", "leverage", "other_sites", "since",
        "sentences",
    ]  # fmt: skip
    said = [line for lines in values["sentences"].values() for line in lines]
    assert all(line in "\n".join(explanation_lines(told)) for line in said)
    assert values["evidence"][1]["age_months"] > 0
    assert {"fact_rank", "outcome", "score_after", "band_after", "sentence"} <= values["next_facts"][0].keys()


def test_the_json_of_the_page_names_every_key(told) -> None:
    page = (Path(__file__).parents[3] / "docs" / "explain.md").read_text(encoding="utf-8")

    assert [key for key in as_json(told) if f"`{key}`" not in page] == []


def test_the_report_says_the_same_sentences(explained_runs: Path, told) -> None:
    page = unescape((explained_runs.parent / "reports" / "third" / "report.html").read_text(encoding="utf-8"))
    plain = unmarked(page)
    lines = [line.strip() for line in explanation_lines(told)]
    shared = [
        line
        for line in lines
        if line.startswith(("Band ", "What to do", "Score ", "Severity", "Coverage", "Leverage", "If a"))
    ]

    assert len(shared) >= 7
    assert [line for line in shared if line not in plain] == []


def test_a_name_that_would_like_to_be_code_does_nothing_on_a_terminal(
    explained_runs: Path, command_line: CommandLine
) -> None:
    code, printed = command_line("explain", supplier_id(0), "--published", str(explained_runs))

    assert code == 0
    assert "\u202e" not in printed
    assert "<b>Acme</b>\\u202e" in printed
    assert HOSTILE not in printed


def test_what_cannot_be_told_has_an_exit_code_of_its_own(explained_runs: Path, command_line: CommandLine) -> None:
    where = ("--published", str(explained_runs))

    assert json.loads(command_line("explain", supplier_id(1), "--json", *where)[1])["run_id"] == "third"
    for arguments, exit_code in (
        (("twin mills",), 2),
        ((supplier_id(1), "--run", "nowhere"), 2),
        ((supplier_id(1), "--run", "first", "--as-of", "2026-11-01"), 2),
        ((supplier_id(1), "--as-of", "2020-01-01"), 1),
    ):
        with pytest.raises(TierlineError) as refused:
            command_line("explain", *arguments, *where)
        assert refused.value.exit_code == exit_code, arguments


def test_the_arithmetic_of_a_row_is_told_as_it_was_done() -> None:
    row = {"kind": "adverse", "points": 30.0, "reliability": 0.85, "freshness": 0.5, "rank": 2, "contribution": 6.375}
    clean = {"kind": "clean", "points": -5.15, "reliability": 0.6, "freshness": 1.0, "rank": 1, "contribution": -5.15}

    told = "30.0 points × reliability 0.85 × freshness 0.50 × 0.500 as row 2 of its indicator = +6.4"
    assert facts.fact_arithmetic(row) == told
    assert facts.fact_arithmetic(clean) == "−5.2 points × freshness 1.00 = −5.2"


def test_a_contradiction_is_told_with_its_own_sentence() -> None:
    row = {"indicator_id": "F07", "sentence": "an announced audit found none; 12 workers report it"}

    told = unmarked(say.contradiction_sentence(row, {"F07": "Retention of identity documents"}))
    assert told == "F07 Retention of identity documents: an announced audit found none; 12 workers report it."


def test_what_moves_most_is_told_first_and_the_best_question_by_what_is_expected() -> None:
    facts = [
        {"fact_rank": 1, "outcome": "closed", "move": -2, "information": None},
        {"fact_rank": 2, "outcome": "adverse", "move": 2, "information": 0.1},
        {"fact_rank": 3, "outcome": "adverse", "move": 1, "information": 0.4},
        {"fact_rank": 4, "outcome": "clean", "move": 0, "information": 0.4},
    ]

    assert [fact["fact_rank"] for fact in most_moving(facts)] == [1, 2, 3]
    assert best_question(facts)["fact_rank"] == 3
    assert [fact["fact_rank"] for fact in most_moving(facts[3:])] == [4]
    assert best_question(facts[3:]) is None or best_question(facts[3:])["outcome"] == "adverse"


def test_nobody_is_told_to_leave_a_supplier_or_that_it_is_clean(told) -> None:
    text = "\n".join(explanation_lines(told)).lower()

    assert "drop the supplier" not in text
    assert "delist" not in text
    assert "unknown is not clean" in text or told.score["band"] != "Unknown"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("es", ("Banda ", "Qué hacer: ", "intervalo del 80\u00a0%", "No es motivo para terminar un contrato.")),
        (
            "fr",
            ("Palier ", "Que faire\u00a0: ", "intervalle à 80\u00a0%", "pas une raison de mettre fin à un contrat."),
        ),
        ("pt", ("Faixa ", "O que fazer: ", "intervalo de 80%", "Não é motivo para encerrar um contrato.")),
    ],
)
def test_an_explanation_is_told_in_another_language(
    explained_runs: Path, command_line: CommandLine, code: str, said: tuple[str, ...]
) -> None:
    words = ("explain", supplier_id(0), "--lang", code, "--published", str(explained_runs))

    printed = command_line(*words)[1]
    values = json.loads(command_line(*words, "--json")[1])

    assert [text for text in said if text not in printed] == []
    assert "What to do" not in printed
    assert {"score", "evidence", "sentences"} <= values.keys()
    with pytest.raises(ConfigError, match="no language 'xx'"):
        command_line("explain", supplier_id(0), "--lang", "xx", "--published", str(explained_runs))


def test_plurals_go_with_the_count() -> None:
    site = {"site_name": "Unit 1", "is_unknown_site": False, "workers": 1}

    assert unmarked(say.site_sentence(site, 1)) == "Rated by its site Unit 1 (1 worker)."
    assert unmarked(say.site_sentence(site, 2, language("es"))) == (
        "Valorado por su centro Unit 1 (1 trabajador), el peor de 2 conocidos."
    )
