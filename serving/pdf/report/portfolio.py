"""The middle pages: ranking, where suppliers are, what is not known, contradictions, the buyer's own practices."""

from typing import Final

from serving.pdf import blocks
from serving.pdf.blocks import Block
from serving.pdf.report.speaking import Row, Speaker, cut
from serving.reports.overview import OTHER
from serving.reports.words import NOT_KNOWN, STATES

RANKING_LIMIT: Final = 150
CONTRADICTION_LIMIT: Final = 40
BUYER_LIMIT: Final = 20


def ranking(by: Speaker) -> list[Block]:
    """Gives how many suppliers are in each band, and the first of the order with their intervals."""
    portfolio = by.content.portfolio
    shown = portfolio["ranking"][:RANKING_LIMIT]
    columns = [
        blocks.column(by.text("Rank"), width=0, align="right"),
        blocks.column(by.text("Supplier"), width=3),
        blocks.column(by.text("Band"), width=0),
        blocks.column(by.text("Score (80 % interval)"), width=1.4, align="right"),
        blocks.column(by.text("Severity"), width=0, align="right"),
        blocks.column(by.text("Coverage"), width=0, align="right"),
        blocks.column(by.text("Country and sector"), width=2.4),
    ]
    rows = [_rank_row(by, row) for row in shown]
    order = by.text(
        "The band comes first: it says what to do. Within a band the order is by severity, then score."
        " Severity says how grave it would be (1–5), the score how likely (0–100; 50 stands for one in ten"
        " under the method’s priors)."
    )
    return [
        blocks.heading(by.text("Ranking")),
        blocks.paragraph(order),
        blocks.bar(portfolio["counts"]),
        *_bands(by),
        blocks.table(columns, rows, by.text("Suppliers in the order in which to look at them.")),
        *by.first_of(rows, portfolio["supplier_count"], "csv/ranking.csv"),
    ]


def where(by: Speaker) -> list[Block]:
    """Gives country × sector: how many need action now, of how many."""
    matrix = by.content.portfolio["matrix"]
    columns = [
        blocks.column(by.text("Country"), width=1.4),
        *(blocks.column(_side(by, sector, by.term(sector, 40)), align="right") for sector in matrix["sectors"]),
    ]
    rows = [
        [
            _side(by, country, by.speech.country(country)),
            *(_heat(by, matrix, country, one) for one in matrix["sectors"]),
        ]
        for country in matrix["countries"]
    ]
    said = by.text(
        "In each cell: how many suppliers need action now (Critical or High), of how many. Country and"
        " sector are part of what is expected before any fact is known; a dark cell with few suppliers says little."
    )
    caption = by.text("Suppliers that are Critical or High, by country and sector.")
    return [
        blocks.heading(by.text("Where they are")),
        blocks.paragraph(said),
        *([blocks.table(columns, rows, caption)] if rows else []),
    ]


def not_known(by: Speaker) -> list[Block]:
    """Says how much was looked at, and which indicators nobody could assess."""
    portfolio, data = by.content.portfolio, by.content.data
    said = by.text(
        "Coverage says how much of what could be seen at a supplier was looked at by a source able to see"
        " it. The median is {median}; {thin} of {all} suppliers lie below 30 %. Missing data never raise or"
        " lower a score: they lower confidence.",
        median=by.speech.percent(portfolio["coverage"]["median"]),
        thin=by.number(portfolio["coverage"]["thin"]),
        all=by.number(portfolio["supplier_count"]),
    )
    columns = [
        blocks.column(by.text("Indicator"), width=2.6),
        *(blocks.column(by.term(state), align="right") for state in STATES),
        blocks.column(by.text("Most often missing"), width=2.6),
    ]
    rows = [
        [
            f"{by.term(row['name'])} {row['indicator_id']}",
            *(by.number(row["states"][state]) for state in STATES),
            by.term(row["missing"], 110),
        ]
        for row in data["indicators"]
    ]
    caption = by.plural(
        "In which state the {count} site is, indicator by indicator.",
        "How many of the {count} sites are in which state, indicator by indicator.",
        count=portfolio["site_count"],
    )
    note = portfolio["survey_note"]
    return [
        blocks.heading(by.text("Coverage, and what is not known")),
        blocks.paragraph(said),
        *([blocks.paragraph(note, "note")] if note else []),
        blocks.table(columns, rows, caption),
    ]


def contradictions(by: Speaker) -> list[Block]:
    """Gives the audits that found clean what workers report."""
    portfolio = by.content.portfolio
    head = blocks.heading(by.text("Contradictions between audits and workers"))
    shown = portfolio["audit_contradictions"][:CONTRADICTION_LIMIT]
    if not shown:
        none = by.text("No audit contradicts workers. With few sources that is what one would see either way.")
        return [head, blocks.paragraph(none)]
    columns = [
        blocks.column(by.text("Supplier"), width=2),
        blocks.column(by.text("Band"), width=0),
        blocks.column(by.text("What contradicts what"), width=5),
    ]
    rows = [[by.name(row), by.band(row["band"]), cut(row["told"], 500)] for row in shown]
    said = by.text(
        "Where workers speak against an audit, the audit’s clean word counts for nothing there; the"
        " contradiction itself is worth a look."
    )
    caption = by.text("Audits that found clean what workers of the site report in the same time.")
    return [
        head,
        blocks.paragraph(said),
        blocks.table(columns, rows, caption),
        *by.first_of(rows, portfolio["audit_contradiction_count"], "csv/supplier_contradiction.csv"),
    ]


def buyer(by: Speaker) -> list[Block]:
    """Says what the buyer itself must mend, and where that weighs most."""
    told = by.content.buyer
    said = by.text(
        "These are your doing, not the suppliers’. Lead times that are cut short and invoices that are paid late push"
        " suppliers towards forced overtime and unpaid wages. Mend them first: no supplier can do it for you."
    )
    asked = [
        f"{row['action']} ({by.plural('at {count} supplier', 'at {count} suppliers', count=row['suppliers'])})"
        for row in told["buyer_actions"]
    ]
    none = by.text("No order or payment that was given shows such a practice.")
    return [
        blocks.heading(by.text("Your own practices as the buyer")),
        blocks.paragraph(said),
        blocks.bullets(asked) if asked else blocks.paragraph(none),
        *_buyer_rows(by),
    ]


def _rank_row(by: Speaker, row: Row) -> list[blocks.Cell]:
    interval = f"({by.number(row['interval_low'])}–{by.number(row['interval_high'])})"
    return [
        by.number(row["review_rank"]),
        by.name(row),
        by.band(row["band"]),
        f"{by.number(row['score'])} {interval}",
        by.number(row["severity"], 1),
        by.speech.percent(row["coverage"]),
        by.place(row),
    ]


def _bands(by: Speaker) -> list[Block]:
    counts, in_all = by.content.portfolio["counts"], by.content.portfolio["supplier_count"]
    columns = [
        blocks.column(by.text("Band"), width=2),
        blocks.column(by.text("Suppliers"), align="right"),
        blocks.column(by.text("Share"), align="right"),
    ]
    rows = [
        [by.band(band), by.number(count), by.speech.percent(count / in_all if in_all else 0.0)]
        for band, count in counts.items()
    ]
    caption = by.text("Suppliers by band. The bar above shows the same shares in the same order.")
    return [blocks.table(columns, rows, caption)]


def _side(by: Speaker, name: str, otherwise: str) -> str:
    if name == OTHER:
        return by.text("all others")
    return by.text("not known") if name == NOT_KNOWN else otherwise


def _heat(by: Speaker, matrix: Row, country: str, sector: str) -> blocks.Cell:
    one = matrix["cells"].get((country, sector))
    if one is None:
        return "–"
    said = by.text("{acute} of {all}", acute=by.number(one["acute"]), all=by.number(one["suppliers"]))
    return blocks.cell(said, shade=one["shade"])


def _buyer_rows(by: Speaker) -> list[Block]:
    told = by.content.buyer
    shown = told["buyer_rows"][:BUYER_LIMIT]
    if not shown:
        return []
    columns = [
        blocks.column(by.text("Supplier"), width=2),
        blocks.column(by.text("Practice"), width=1.6),
        blocks.column(by.text("Points"), width=0, align="right"),
        blocks.column(by.text("What your records say"), width=4),
    ]
    rows = [
        [
            by.name(row),
            by.indicator(row["indicator_id"]),
            by.speech.signed(row["contribution"]),
            by.term(row["description"]),
        ]
        for row in shown
    ]
    return [
        blocks.table(columns, rows, by.text("Where your practices weigh most.")),
        *by.first_of(rows, told["buyer_row_count"], "csv/score_evidence.csv"),
    ]
