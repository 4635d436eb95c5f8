"""The last pages: sources, method, sensitivity, and how a row is contested."""

from serving.pdf import blocks
from serving.pdf.blocks import Block
from serving.pdf.report.speaking import Speaker, cut


def sources(by: Speaker) -> list[Block]:
    """Gives where the data come from, under which licence, how old they are and what became of their records."""
    columns = [
        blocks.column(by.text("Source"), width=2.4),
        blocks.column(by.text("Publisher"), width=1.8),
        blocks.column(by.text("Licence"), width=1.6),
        blocks.column(by.text("Known on"), width=1.2),
        blocks.column(by.text("Age"), width=1),
        blocks.column(by.text("Read"), width=0, align="right"),
        blocks.column(by.text("Loaded"), width=0, align="right"),
        blocks.column(by.text("Set aside"), width=0, align="right"),
    ]
    rows = [
        [
            cut(f"{row['title']} ({row['source']})", 160),
            cut(str(row["publisher"] or ""), 100),
            cut(str(row["licence"] or ""), 100),
            by.speech.day(row["known_on"]) if row["known_on"] else by.text("not stated"),
            by.speech.age(row["known_on"], by.content.as_of) if row["known_on"] else "",
            by.number(row["read"]),
            by.number(row["loaded"]),
            by.number(row["quarantined"]),
        ]
        for row in by.content.data["sources"]
    ]
    caption = by.text("Where the data come from, under which licence and how old they are.")
    return [
        blocks.heading(by.text("Sources, with age, licence and quality")),
        *([blocks.table(columns, rows, caption)] if rows else []),
        *(
            blocks.paragraph(by.text("{source} failed: {why}", source=source, why=cut(why, 300)), "warning")
            for source, why in sorted(by.content.data["sources_without_files"].items())
        ),
    ]


def method(by: Speaker) -> list[Block]:
    """Says which method, code and seed made it, and what its words mean."""
    manifest = by.content.manifest
    version = by.text(
        "Method version {method}, code {code}, seed {seed}.",
        method=manifest["method_version"], code=manifest["code_version"], seed=manifest["seed"],
    )  # fmt: skip
    points = by.text(
        "Points are ten times the binary logarithm of a likelihood ratio: ten points more double the odds. A fact"
        " counts with its points × the reliability of who says so × its freshness. The weights are expert judgement,"
        " not measured rates; the report in HTML tells the source of each."
    )
    words = [
        (
            by.text("Score"),
            by.text(
                "0 to 100, of the supplier’s worst site. Good news from one site never lowers the score of another."
            ),
        ),
        (
            by.text("Severity"),
            by.text("How grave the harm would be, 1 to 5. It is kept apart from likelihood and goes before it."),
        ),
        (by.text("Coverage"), by.text("The share of what applies that a source able to see it has looked at.")),
        (by.text("Confidence"), by.text("Coverage, together with how reliable, fresh and independent the facts are.")),
        (
            by.text("80 % interval"),
            by.text("Under the method’s own uncertainty of its weights, the score lies inside it four times in five."),
        ),
    ]
    blind = by.text(
        "What the method cannot see: anything no source was asked about; workers who were coached or afraid;"
        " subcontractors nobody declared. Lead times and late payment are the buyer’s doing, and are said to be."
    )
    return [
        blocks.heading(by.text("Method, its version and its limits")),
        blocks.paragraph(version, "strong"),
        blocks.paragraph(points),
        blocks.facts(words),
        blocks.paragraph(blind),
        *_rules(by),
    ]


def sensitivity(by: Speaker) -> list[Block]:
    """Says how far the order hangs on the weights."""
    told = by.content.sensitivity
    head = blocks.heading(by.text("Sensitivity: how far the order hangs on the weights"))
    if not told["sensitivity"]:
        none = by.text(
            "This run drew no weights anew: `{setting}` of its configuration is 0.", setting="sensitivity_draws"
        )
        return [head, blocks.paragraph(none)]
    first = told["sensitivity"]["first_kept_share"]
    bands = told["sensitivity"]["band_changed_share"]
    said = " ".join(
        (
            by.text(
                "All weights are judgements, and each may be off. All of them were drawn at once {draws}"
                " times, each from its own spread.",
                draws=by.number(first["draw_count"]),
            ),
            by.text(
                "In 95 % of draws at least {kept} of the first {first} (5 %) stay among the first.",
                kept=by.number(told["first_that_stay"]), first=by.number(first["first_count"]),
            ),
            by.text(
                "Half of the draws change at most {half} of bands, and 95 % of them at most {most}.",
                half=by.speech.percent(bands["median"]), most=by.speech.percent(bands["high"]),
            ),
            by.text("This says how firm the order is under these spreads, not whether the weights are right."),
        )
    )  # fmt: skip
    return [head, blocks.paragraph(said), *_priors(by)]


def contest(by: Speaker) -> list[Block]:
    """Says how many objections there are, and how a row is contested."""
    told = by.content.contests
    state = (
        by.plural(
            "{count} of {all} waits for a decision.", "{count} of {all} wait for a decision.",
            count=told["contests_waiting"], all=by.number(told["contest_count"]),
        )
        if told["contest_count"]
        else by.text("No supplier has objected to a row of this run.")
    )  # fmt: skip
    return [
        blocks.heading(by.text("How to contest a row")),
        blocks.paragraph(state),
        blocks.bullets(
            (
                by.text(
                    "Every row has a record: its source and number stand at its end, and `{file}` gives its id. Quote"
                    " them.",
                    file="csv/score_evidence.csv",
                ),
                by.text(
                    "A mistake in a public list is corrected by its publisher, named under Sources; a"
                    " mistake in an audit or order file by whoever keeps that file. The next run reads the"
                    " corrected file."
                ),
                by.text(
                    "A wrong match to a list ends with the verdict “rejected” in the file of verdicts; human verdicts"
                    " always win, and the person is named by role only."
                ),
            )
        ),
    ]


def _rules(by: Speaker) -> list[Block]:
    columns = [
        blocks.column(by.text("Band"), width=0),
        blocks.column(by.text("Holds when"), width=1),
        blocks.column(by.text("What to do"), width=1),
    ]
    rows = [
        [by.band(row["band"]), by.term(row["condition"], 600), by.term(row["action"], 600)]
        for row in by.content.data["rules"]
    ]
    return [
        blocks.heading(by.text("Rules that decide the band, in their order"), 2),
        blocks.table(columns, rows, by.text("The first rule that holds decides.")),
    ]


def _priors(by: Speaker) -> list[Block]:
    columns = [
        blocks.column(by.text("Weight"), width=3),
        blocks.column(by.text("From"), align="right"),
        blocks.column(by.text("To"), align="right"),
        blocks.column(by.text("Bands that change"), align="right"),
    ]
    rows = [
        [
            f"{by.term(row['meaning'])} ({by.term(row['prior_name'].replace('_', ' '))})",
            by.number(row["value"], row["digits"]),
            by.number(row["moved_value"], row["digits"]),
            by.speech.percent(row["band_changed_share"]),
        ]
        for row in by.content.sensitivity["moving_priors"]
    ]
    caption = by.text("The weights that move most bands when one alone is off by its spread.")
    return [blocks.table(columns, rows, caption)] if rows else []
