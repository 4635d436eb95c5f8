"""The first pages: what it is, overdue actions, what changed, who needs action now."""

from serving.pdf import blocks
from serving.pdf.blocks import Block
from serving.pdf.report.speaking import Row, Speaker, cut


def summary(by: Speaker) -> list[Block]:
    """Says what the report is, and what stands in the way of trusting it."""
    portfolio, manifest = by.content.portfolio, by.content.manifest
    made = []
    if manifest["fictional"]:
        made.append(blocks.paragraph(by.text("Fictional data: nothing here is about any real company."), "note"))
    if manifest["sources_degraded"]:
        count = len(manifest["sources_degraded"])
        failed = by.plural(
            "{count} of the sources could not be used in full.",
            "{count} of the sources could not be used in full.",
            count=count,
        )
        less = by.text("Suppliers may look less known, or less at risk, than they are.")
        made.append(blocks.paragraph(f"{failed} {less} {', '.join(manifest['sources_degraded'])}", "warning"))
    made.append(
        blocks.paragraph(
            by.text(
                "This report puts suppliers in an order: where to look first for forced labour, and why. A"
                " score does not say that forced labour was found, and a low one does not say that there is none."
            )
        )
    )
    unknown = portfolio["counts"]["Unknown"]
    if unknown:
        told = by.plural(
            "of {count} supplier too little is known to say.",
            "of {count} suppliers too little is known to say.",
            count=unknown,
        )
        made.append(blocks.paragraph(f"{by.text('Unknown is not clean')}: {told}", "strong"))
    made.append(
        blocks.paragraph(
            by.text(
                "It is a reason to look, to ask workers and to put things right together with the supplier. It is no"
                " reason to end a contract: leaving can harm the very people it is about, and is a last resort."
            )
        )
    )
    return made


def overdue(by: Speaker) -> list[Block]:
    """Gives the actions past their day; nothing where there are none."""
    told = by.content.overdue
    if not told["overdue_count"]:
        return []
    late = by.plural(
        "{count} action is past its day.", "{count} actions are past their day.", count=told["overdue_count"]
    )
    columns = [
        blocks.column(by.text("Supplier"), width=2),
        blocks.column(by.text("What to do"), width=4),
        blocks.column(by.text("Owner"), width=1.2),
        blocks.column(by.text("Due"), width=1.1),
    ]
    rows = [
        [
            by.name(row),
            by.term(row["action"]),
            row["owner_role"] or by.text("nobody yet"),
            by.speech.day(row["due_on"]),
        ]
        for row in told["overdue"]
    ]
    return [
        blocks.heading(by.text("Overdue actions")),
        blocks.paragraph(late, "strong"),
        blocks.table(columns, rows, by.text("Actions past their day, the longest overdue first.")),
        *by.first_of(rows, told["overdue_count"], "csv/supplier_action.csv"),
    ]


def changes(by: Speaker) -> list[Block]:
    """Says what moved since the run before, and why."""
    told = by.content.changes
    head = blocks.heading(by.text("What changed since the last run, and why"))
    if not told.before:
        first = by.text("This is the first publication: there is nothing to compare with.")
        return [head, blocks.paragraph(first)]
    if told.problem:
        why = by.text("Run {run} cannot be compared with this one: {why}.", run=told.before, why=told.problem)
        return [head, blocks.paragraph(why)]
    return [head, blocks.paragraph(_counts(by)), *_method_note(by), *_causes(by), *_other_bands(by), *_movers(by)]


def action_now(by: Speaker) -> list[Block]:
    """Gives the suppliers of the bands Critical and High, with why and what to do."""
    portfolio = by.content.portfolio
    head = blocks.heading(by.text("Who needs action now"))
    if not portfolio["acute"]:
        none = by.text("No supplier is Critical or High. That says how far the sources reach, not that all is well.")
        return [head, blocks.paragraph(none)]
    said = by.plural(
        "{count} supplier is Critical or High.",
        "{count} suppliers are Critical or High, the most severe first.",
        count=portfolio["acute_count"],
    )
    columns = [
        blocks.column(by.text("Supplier"), width=2),
        blocks.column(by.text("Band"), width=0),
        blocks.column(by.text("Reason"), width=3),
        blocks.column(by.text("What to do"), width=3),
    ]
    rows = [
        [
            f"{by.name(row)} ({by.place(row)})",
            by.band(row["band"]),
            by.term(row["band_reason"]),
            by.term(row["action"]),
        ]
        for row in portfolio["acute"]
    ]
    return [
        head,
        blocks.paragraph(said),
        blocks.table(
            columns, rows, by.text("Suppliers in the bands Critical and High, with the reason and what to do.")
        ),
        *by.first_of(rows, portfolio["acute_count"], "csv/ranking.csv"),
    ]


def _counts(by: Speaker) -> str:
    told, counts = by.content.changes, by.content.changes.counts
    return " ".join(
        (
            by.text("Compared with run {run}, as of {day}.", run=told.before, day=by.speech.day(told.before_as_of)),
            by.plural(
                "The score or band of {count} supplier moved,",
                "The score or band of {count} suppliers moved,",
                count=counts["moved"],
            ),
            by.plural("{count} to another band;", "{count} to another band;", count=counts["other_band"]),
            by.plural("{count} did not move.", "{count} did not move.", count=counts["unmoved"]),
            by.plural("{count} is new,", "{count} are new,", count=counts["arrived"]),
            by.plural("{count} is gone.", "{count} are gone.", count=counts["left"]),
        )
    )


def _method_note(by: Speaker) -> list[Block]:
    before, after = by.content.changes.before_method, by.content.manifest["method_version"]
    if before == after:
        return []
    said = by.text(
        "The method changed from version {before} to {after}: part of the moves say nothing of the suppliers.",
        before=before, after=after,
    )  # fmt: skip
    return [blocks.paragraph(said, "note")]


def _causes(by: Speaker) -> list[Block]:
    columns = [
        blocks.column(by.text("Reason"), width=2),
        *(
            blocks.column(text, align="right")
            for text in (by.text("Suppliers"), by.text("Points up"), by.text("Points down"))
        ),
    ]
    rows = [
        [by.term(row["tag"]), by.number(row["suppliers"]), by.speech.signed(row["up"]), by.speech.signed(row["down"])]
        for row in by.content.changes.by_tag
    ]
    caption = by.text("What moved scores. The parts of all moves add up to the whole difference.")
    return [blocks.table(columns, rows, caption)] if rows else []


def _other_bands(by: Speaker) -> list[Block]:
    told = by.content.changes
    caption = by.text("Suppliers whose band is another one, in the order in which to look at them.")
    return _moved(by, by.text("Another band"), caption, told.bands)


def _movers(by: Speaker) -> list[Block]:
    caption = by.text("Those that moved most within their band.")
    return _moved(by, by.text("The same band, another score"), caption, by.content.changes.movers)


def _moved(by: Speaker, title: str, caption: str, moved: list[Row]) -> list[Block]:
    if not moved:
        return []
    columns = [
        blocks.column(by.text("Supplier"), width=2),
        blocks.column(by.text("Band before and now"), width=1.6),
        blocks.column(by.text("Score before and now"), width=1.4),
        blocks.column(by.text("What moved it most"), width=4),
    ]
    rows = [
        [
            by.name(row),
            f"{by.term(row['band'])} → {by.term(row['band_after'])}",
            f"{by.number(row['score'], 1)} → {by.number(row['score_after'], 1)}",
            cut("; ".join(row["why"]), 500),
        ]
        for row in moved
    ]
    return [blocks.heading(title, 2), blocks.table(columns, rows, caption)]
