"""The page of one supplier: for the lookup, which puts it into a page of its own, and as a file of the report."""

from pathlib import Path

import duckdb
import polars as pl
from markupsafe import Markup

from serving.language import Language
from serving.manifest import read_manifest
from serving.reports.details import Changes, details, names_told
from serving.reports.environment import page_environment
from serving.reports.overview import ABOUT
from serving.reports.published import Published, PublishedByKey
from serving.reports.shareable import shareable_fragment
from tierline.errors import ConfigError


def supplier_page(
    publication: Path,
    connection: duckdb.DuckDBPyConnection,
    supplier_id: str,
    speech: Language,
    *,
    audience: str = "internal",
    heading: int = 2,
) -> Markup:
    """Gives all that a publication says of one supplier as a piece of a page, its headings from level `heading` on.

    `connection` reads the publication's DuckDB file; rows are asked for by key. For the audience `supplier` it is what
    that supplier alone may be given. Raises ConfigError where the publication does not have the supplier.
    """
    published = PublishedByKey(publication, read_manifest(publication), connection)
    if audience == "supplier":
        return shareable_fragment(published, supplier_id, speech, heading=heading)
    return internal_fragment(published, supplier_id, speech, heading=heading)


def supplier_document(
    published: Published,
    supplier_id: str,
    speech: Language,
    *,
    audience: str = "internal",
    changes: Changes | None = None,
    notice: str | None = None,
) -> str:
    """Gives the page of one supplier as one HTML file that loads nothing; `audience` as in `supplier_page`.

    `notice` says why the publication was retracted; a supplier is told only that it was. Raises ConfigError for a
    stranger.
    """
    is_internal = audience == "internal"
    if is_internal:
        fragment = internal_fragment(published, supplier_id, speech, heading=2, changes=changes)
    else:
        fragment = shareable_fragment(published, supplier_id, speech, heading=2)
    environment = page_environment(speech.code)
    return environment.get_template("supplier.html.j2").render(
        fragment=fragment,
        title=supplier_rows(published, [supplier_id])["name"][0],
        is_internal=is_internal,
        retraction=notice if is_internal or notice is None else speech.text("It was taken back."),
        run_id=published.manifest["run_id"],
        as_of=published.as_of,
        fictional=bool(published.manifest["fictional"]),
    )


def internal_fragment(
    published: Published, supplier_id: str, speech: Language, *, heading: int, changes: Changes | None = None
) -> Markup:
    """Gives the internal page of a supplier without head and foot; see `supplier_page`."""
    names = names_told(published)
    (row,) = details(published, supplier_rows(published, [supplier_id]), names, speech, changes)
    template = page_environment(speech.code).get_template("_supplier_page.html.j2")
    rendered = template.render(
        row=row,
        level=heading,
        as_of=published.as_of,
        indicator_names=names.indicators,
        source_names=names.sources,
    )
    return Markup(rendered)  # noqa: S704 - the template escapes


def supplier_rows(published: Published, supplier_ids: list[str]) -> pl.DataFrame:
    """Gives one row a supplier with name, place, sector and score, in the order of the ids.

    Raises ConfigError that names the first one that the publication does not have.
    """
    wanted = pl.Series(supplier_ids, dtype=pl.String)
    about = published.of_suppliers("dim_supplier", wanted).select(ABOUT)
    found = published.of_suppliers("supplier_score", wanted).join(about, on="supplier_id", how="left")
    order = {supplier_id: place for place, supplier_id in enumerate(supplier_ids)}
    missing = [supplier_id for supplier_id in supplier_ids if supplier_id not in set(found["supplier_id"])]
    if missing:
        raise ConfigError(
            f"the publication has no supplier '{missing[0]}'",
            remedy="Take the id from the report or from supplier_score; `tierline match why` tells of ids that merged.",
        )
    return found.sort(pl.col("supplier_id").replace_strict(order, return_dtype=pl.Int64))
