"""What a supplier alone may be given of itself: the rows that it may contest, in the choice of the contest form.

No score, interval, band, rank or total is in it, and no row from workers: not even whether there are such rows. A band
could be told where workers did not decide it, but then its absence would tell that they did; so none is told.
"""

from typing import Any

from markupsafe import Markup

from serving.contests.form import HOW_TO_FILL_IN, NOT_SHOWN, WHAT_THESE_ARE
from serving.contests.intake import CONTACT_ROLES
from serving.contests.rows import contestable_rows, require_supplier
from serving.language import Language
from serving.reports.environment import page_environment
from serving.reports.published import Published
from serving.reports.timeline import Event, in_order


def shareable_fragment(published: Published, supplier_id: str, speech: Language, *, heading: int) -> Markup:
    """Gives what this supplier alone may be given, as a piece of a page; raises ConfigError for a stranger."""
    require_supplier(published, supplier_id)
    rows = contestable_rows(published, [supplier_id]).sort("observed_on", "indicator_id", "source_key").to_dicts()
    template = page_environment(speech.code).get_template("_shareable.html.j2")
    rendered = template.render(
        name=_name(published, supplier_id),
        supplier_id=supplier_id,
        rows=rows,
        days=in_order([_event(row, published, speech) for row in rows if row["observed_on"]]),
        as_of=published.as_of,
        fictional=bool(published.manifest["fictional"]),
        level=heading,
        what_these_are=speech.text(WHAT_THESE_ARE),
        not_shown=speech.text(NOT_SHOWN),
        filled_in={
            column: speech.text(text, roles=", ".join(CONTACT_ROLES)) for column, text in HOW_TO_FILL_IN.items()
        },
    )
    return Markup(rendered)  # noqa: S704 - the template escapes


def _name(published: Published, supplier_id: str) -> str:
    about = published.rows_of(supplier_id, "dim_supplier")
    return str(about[0]["name"])


def _event(row: dict[str, Any], published: Published, speech: Language) -> Event:
    return Event(
        row["observed_on"],
        "adverse",
        row["indicator_id"],
        speech.term(row["kind_of_source"]),
        is_contested=row["decision_due_on"] is not None,
        is_ahead=row["observed_on"] > published.as_of,
    )
