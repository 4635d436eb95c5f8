"""The first suppliers of the order as a picture: bands one below the other, in each the scores with their intervals."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from serving.language import Language
from serving.reports.words import drawn_text

Row = Mapping[str, Any]

SHOWN: Final = 25
_WIDTH: Final = 760
_LABELS: Final = 300
_LINE: Final = 20
_STEPS: Final = (0, 25, 50, 75, 100)


def ranking_chart(ranking: Sequence[Row], speech: Language) -> Markup:
    """Gives the picture of the first suppliers; nothing where there are none. The table below it tells the numbers."""
    shown = ranking[:SHOWN]
    if not shown:
        return Markup("")
    parts, y = [], 4
    for band, rows in groupby(shown, key=lambda row: row["band"]):
        parts.append(_heading(speech.term(str(band)), y + 14))
        y += _LINE + 2
        for row in rows:
            parts.append(_line(row, y))
            y += _LINE
        y += 6
    text = speech.plural(
        "Score and 80 % interval of the first supplier; the table below tells the numbers.",
        "Scores and 80 % intervals of the first {count} suppliers, by band; the table below tells the numbers.",
        count=len(shown),
    )
    return Markup(
        '<svg class="chart ranking" viewBox="0 0 {width} {height}" role="img" aria-labelledby="rank-title rank-text">'
        '<title id="rank-title">{title}</title><desc id="rank-text">{text}</desc>{scale}{content}</svg>'
    ).format(
        width=_WIDTH, height=y + 18, title=speech.text("The first of the order, with their intervals"), text=text,
        scale=_scale(y, speech), content=Markup("").join(parts),
    )  # fmt: skip


def _across(score: float) -> float:
    return _LABELS + 10 + min(100.0, max(0.0, score)) / 100 * (_WIDTH - _LABELS - 30)


def _scale(bottom: int, speech: Language) -> Markup:
    step = Markup('<path class="grid" d="M{x:.1f} 4V{bottom}"/><text class="end" x="{x:.1f}" y="{y}">{label}</text>')
    return Markup("").join(
        step.format(x=_across(value), bottom=bottom, y=bottom + 14, label=speech.number(value)) for value in _STEPS
    )


def _heading(band: str, y: int) -> Markup:
    return Markup('<text class="tier" x="0" y="{y}">{band}</text>').format(y=y, band=band)


def _line(row: Row, y: int) -> Markup:
    middle = y + _LINE / 2
    colour = f"fill-{row['band'].lower()}"
    flag = Markup(' <tspan class="flag">⚑</tspan>') if row["is_contested"] else Markup("")
    return Markup(
        '<text x="12" y="{text:.0f}">{rank}. {name}{flag}</text>'
        '<path class="range" d="M{low:.1f} {middle:.1f}H{high:.1f}"/>'
        '<path class="caps" d="M{low:.1f} {top:.1f}v8M{high:.1f} {top:.1f}v8"/>'
        '<circle class="{colour}" cx="{score:.1f}" cy="{middle:.1f}" r="4.5"/>'
    ).format(
        text=middle + 4, rank=row["review_rank"], name=drawn_text(row["name"], 36), flag=flag, middle=middle,
        low=_across(row["interval_low"]), high=_across(row["interval_high"]), score=_across(row["score"]),
        top=middle - 4, colour=colour,
    )  # fmt: skip
