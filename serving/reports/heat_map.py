"""Country × sector as a picture: each cell has its numbers as text, and the share that needs action as hatching."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from serving.language import Language
from serving.reports.overview import OTHER
from serving.reports.words import NOT_KNOWN, drawn_text

_LABELS: Final = 150
_HEADS: Final = 128
_WIDTH: Final = 72
_HEIGHT: Final = 28
_GAPS: Final = (0, 12, 8, 5, 0)
"""Distance between the lines of the hatching, by shade: the closer, the larger the share; none and full have none."""


def heat_map(matrix: Mapping[str, Any], speech: Language) -> Markup:
    """Gives the picture of the matrix of `overview.matrix`; nothing where it is empty. A table tells the same."""
    countries, sectors, cells = matrix["countries"], matrix["sectors"], matrix["cells"]
    if not cells:
        return Markup("")
    width, height = _LABELS + _WIDTH * len(sectors) + 60, _HEADS + _HEIGHT * len(countries) + 4
    drawn = [
        _cell(cells.get((country, sector)), column, row, speech)
        for row, country in enumerate(countries)
        for column, sector in enumerate(sectors)
    ]
    title = speech.text("Suppliers that are Critical or High, by country and sector")
    text = speech.text(
        "Each cell tells how many of how many; closer hatching is a larger share. The table tells the same."
    )
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        '<svg class="chart heat-map" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="heat-title heat-text"><title id="heat-title">{title}</title>'
        '<desc id="heat-text">{text}</desc>'
        "{patterns}{content}</svg></div>"
    ).format(
        width=width, height=height, title=title, text=text, patterns=_patterns(),
        content=Markup("").join([*_heads(sectors, speech), *_sides(countries, speech), *drawn]),
    )  # fmt: skip


def shade_sample(shade: int) -> Markup:
    """Gives a small cell of a shade for the key."""
    return Markup(
        '<svg viewBox="0 0 20 14" aria-hidden="true" focusable="false"><rect class="shade-{0}" width="20" height="14"/>'
        '<rect class="hatch-{0}" width="20" height="14"/></svg>'
    ).format(shade)


def _patterns() -> Markup:
    pattern = Markup(
        '<pattern id="hatch-{shade}" width="{gap}" height="{gap}" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="hatch-line" d="M0 0V{gap}"/></pattern>'
    )
    return Markup("<defs>{}</defs>").format(
        Markup("").join(pattern.format(shade=shade, gap=gap) for shade, gap in enumerate(_GAPS) if gap)
    )


def _heads(sectors: Sequence[str], speech: Language) -> list[Markup]:
    shape = Markup('<text transform="translate({x:.0f} {y}) rotate(-38)">{label}</text>')
    return [
        shape.format(x=_LABELS + _WIDTH * (place + 0.4), y=_HEADS - 8, label=drawn_text(_label(sector, speech), 26))
        for place, sector in enumerate(sectors)
    ]


def _sides(countries: Sequence[str], speech: Language) -> list[Markup]:
    shape = Markup('<text text-anchor="end" x="{x}" y="{y:.0f}">{label}</text>')
    return [
        shape.format(x=_LABELS - 8, y=_HEADS + _HEIGHT * (place + 0.5) + 4, label=_country(country, speech))
        for place, country in enumerate(countries)
    ]


def _country(code: str, speech: Language) -> str:
    return drawn_text(_label(code, speech) if code in (OTHER, NOT_KNOWN) else speech.country(code), 20)


def _label(name: str, speech: Language) -> str:
    return speech.text("all others") if name == OTHER else speech.term(name)


def _cell(cell: Mapping[str, int] | None, column: int, row: int, speech: Language) -> Markup:
    x, y = _LABELS + _WIDTH * column, _HEADS + _HEIGHT * row
    if cell is None:
        return Markup('<text class="none" text-anchor="middle" x="{}" y="{:.0f}">–</text>').format(
            x + _WIDTH // 2, y + _HEIGHT / 2 + 4
        )
    told = speech.text("{acute} of {all}", acute=speech.number(cell["acute"]), all=speech.number(cell["suppliers"]))
    return Markup(
        '<rect class="shade-{shade}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        '<rect class="hatch-{shade}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        '<rect class="plate" x="{px}" y="{py}" width="{pw}" height="16" rx="2"/>'
        '<text text-anchor="middle" x="{tx:.0f}" y="{ty:.0f}">{told}</text>'
    ).format(
        shade=cell["shade"], x=x + 1, y=y + 1, width=_WIDTH - 2, height=_HEIGHT - 2, px=x + 8, py=y + 6,
        pw=_WIDTH - 16, tx=x + _WIDTH / 2, ty=y + _HEIGHT / 2 + 4, told=told,
    )  # fmt: skip
