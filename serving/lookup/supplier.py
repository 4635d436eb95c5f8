"""The page of one supplier as the lookup shows it."""

from markupsafe import Markup

from serving.explanation.choice import Chosen
from serving.explanation.reading import explained
from serving.explanation.telling import explanation_lines
from serving.lookup.current import Reading
from serving.reports.published import Published


def supplier_page(reading: Reading, supplier_id: str) -> Markup:
    """Gives the content of a supplier's page."""
    chosen = Chosen(Published(reading.folder, reading.manifest), None, "")
    told = explained(chosen, supplier_id)
    lines = "\n".join(explanation_lines(told))
    return Markup('<h1><bdi>{}</bdi></h1><pre class="lines" lang="{}">{}</pre>').format(
        told.supplier["name"], "en", lines
    )
