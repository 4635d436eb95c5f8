"""Survey submissions as pages of the KoboToolbox API, one asset a chunk of suppliers."""

from pathlib import Path

import numpy as np
import polars as pl

from demo_world.companies import Companies, Sites, site_id
from demo_world.surveys import QUESTIONS, Answers

_PAGE_ROWS = 5000
_ASSET_URL = "https://survey.example/api/v2/assets/aDemoWorld{chunk:04d}/data/?format=json&limit={limit}&start={start}"


def write_pages(folder: Path, chunk: int, rows: pl.DataFrame, extra: list[str]) -> None:
    """Writes the submissions of the chunk, then the extra ones (JSON texts), as {count, next, previous, results}.

    `count` is the number of submissions of the chunk's asset, not of the page.
    """
    count = rows.height + len(extra)
    for page, start in enumerate(range(0, max(rows.height, 1), _PAGE_ROWS)):
        last = start + _PAGE_ROWS >= rows.height
        lines = rows.slice(start, _PAGE_ROWS).write_ndjson().splitlines() + (extra if last else [])
        later = "null" if last else _link(chunk, start + _PAGE_ROWS)
        earlier = _link(chunk, start - _PAGE_ROWS) if start else "null"
        body = ",\n".join(lines)
        text = f'{{"count": {count}, "next": {later}, "previous": {earlier}, "results": [\n{body}\n]}}\n'
        (folder / f"kobo-{chunk:04d}-{page + 1:02d}.json").write_text(text, encoding="utf-8", newline="\n")


def _link(chunk: int, start: int) -> str:
    return f'"{_ASSET_URL.format(chunk=chunk, limit=_PAGE_ROWS, start=start)}"'


def submissions(chunk: int, companies: Companies, sites: Sites, answers: Answers) -> pl.DataFrame:
    """Gives one row a submission, in the order of the submissions' ids."""
    count, company = len(answers), sites.company[answers.site]
    vendor_ids = companies.vendor_ids()
    site_ids = [
        site_id(vendor_ids[row], place)
        for row, place in zip(company.tolist(), sites.place[answers.site].tolist(), strict=True)
    ]
    end = answers.submitted_on.astype("datetime64[s]") + answers.second_of_day.astype("timedelta64[s]")
    start = end - (answers.minutes * 60).astype("timedelta64[s]")
    frame = pl.DataFrame(
        {
            "_id": np.arange(1, count + 1) + chunk * 10_000_000,
            "identifier": answers.identifier,
            "first_identifier": answers.first_identifier,
            "start": pl.Series(start.astype("datetime64[ms]")),
            "end": pl.Series(end.astype("datetime64[ms]")),
            "located": answers.located,
            # A made-up spot: a whole number of the site's town, turned into degrees that mean nothing.
            "latitude": (sites.town[answers.site] * 7919 % 120_000 - 60_000) / 1000,
            "longitude": (sites.town[answers.site] * 104_729 % 340_000 - 170_000) / 1000,
            "site/vendor_id": [vendor_ids[row] for row in company.tolist()],
            "site/site_id": site_ids,
            "design/place": np.where(answers.offsite, "offsite", "onsite").tolist(),
            **{
                question.key: pl.Series(answers.answer[:, place].tolist(), dtype=pl.String).replace({"": None})
                for place, question in enumerate(QUESTIONS)
            },
            "q/free_text": pl.Series(answers.free_text, dtype=pl.String),
        }
    )
    return frame.select(
        "_id",
        _uuid("identifier").alias("_uuid"),
        pl.lit(f"demo{chunk:028d}").alias("formhub/uuid"),
        pl.lit("vDemoForm3").alias("__version__"),
        pl.concat_str(pl.lit("uuid:"), _uuid("identifier")).alias("meta/instanceID"),
        pl.concat_str(pl.lit("uuid:"), _uuid("first_identifier")).alias("meta/rootUuid"),
        pl.col("start").dt.strftime("%Y-%m-%dT%H:%M:%S"),
        pl.col("end").dt.strftime("%Y-%m-%dT%H:%M:%S"),
        pl.col("end").dt.strftime("%Y-%m-%dT%H:%M:%S").alias("_submission_time"),
        pl.concat_str(pl.lit("enumerator"), (pl.col("_id") % 9 + 1).cast(pl.String)).alias("_submitted_by"),
        pl.when("located").then(pl.concat_list("latitude", "longitude")).alias("_geolocation"),
        pl.lit([], dtype=pl.List(pl.String)).alias("_attachments"),
        "site/vendor_id",
        "site/site_id",
        "design/place",
        *(question.key for question in QUESTIONS),
        "q/free_text",
    )


def _uuid(column: str) -> pl.Expr:
    digits = pl.col(column)
    cuts = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    return pl.concat_str([digits.str.slice(start, length) for start, length in cuts], separator="-")
