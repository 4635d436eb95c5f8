"""The days of a supplier as a picture: one line a kind of event, a mark a day, the day of the report as a line."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from serving.language import Language
from serving.reports.timeline import LANES, Event

_WIDTH: Final = 640
_LABELS: Final = 150
_LANE: Final = 26
_TOP: Final = 8
_TWO_DAYS: Final = 200
_MARKS: Final = {
    "adverse": Markup('<path class="fill-up" d="M{x:.1f} {above:.1f}l6 11h-12z"/>'),
    "clean": Markup('<circle class="fill-down" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'),
    "lists": Markup('<rect class="fill-ink" x="{left:.1f}" y="{above:.1f}" width="10" height="10"/>'),
    "work": Markup('<path class="fill-work" d="M{x:.1f} {above:.1f}l6 6l-6 6l-6 -6z"/>'),
}
"""A triangle, a circle, a square and a diamond: the shape tells the kind, not the colour."""
_PICTURE: Final = Markup(
    '<svg class="timeline" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-title {id}-text">'
    '<title id="{id}-title">{title}</title><desc id="{id}-text">{text}</desc>{content}</svg>'
)


def timeline_chart(events: Sequence[Event], as_of: date, chart_id: str, speech: Language) -> Markup:
    """Gives the picture of the events; nothing where there are none. `chart_id` is its own on the page."""
    if not events:
        return Markup("")
    first, last = _span(events, as_of)
    lanes = [lane for lane in LANES if any(event.lane == lane for event in events)]
    height = _TOP + _LANE * len(lanes) + 24
    content = [
        *(_lane(place, speech.term(LANES[lane])) for place, lane in enumerate(lanes)),
        _day_of_report(_across(as_of, first, last), height, speech),
        *(_mark(event, lanes.index(event.lane), _across(event.day, first, last)) for event in reversed(events)),
        *_first_day(first, _across(as_of, first, last), height, speech),
    ]
    text = speech.plural(
        "{count} event from {first} to {last}, by kind; the table below tells each.",
        "{count} events from {first} to {last}, by kind; the table below tells each.",
        count=len(events),
        first=speech.day(min(event.day for event in events)),
        last=speech.day(max(event.day for event in events)),
    )
    return _PICTURE.format(
        width=_WIDTH, height=height, id=chart_id, title=speech.text("Timeline"), text=text,
        content=Markup("").join(content),
    )  # fmt: skip


def _span(events: Sequence[Event], as_of: date) -> tuple[date, date]:
    days = [as_of, *(event.day for event in events)]
    return min(days), max(days)


def _across(day: date, first: date, last: date) -> float:
    whole = max((last - first).days, 1)
    return _LABELS + 12 + (day - first).days / whole * (_WIDTH - _LABELS - 24)


def _lane(place: int, label: str) -> Markup:
    middle = _TOP + _LANE * place + _LANE / 2
    return Markup(
        '<text x="0" y="{text:.0f}">{label}</text><path class="track" d="M{start} {middle:.0f}H{end}"/>'
    ).format(text=middle + 4, label=label, start=_LABELS, middle=middle, end=_WIDTH)


def _mark(event: Event, place: int, x: float) -> Markup:
    y = _TOP + _LANE * place + _LANE / 2
    ahead = Markup(' class="ahead"') if event.is_ahead else Markup("")
    flag = (
        Markup('<text x="{:.1f}" y="{:.1f}" class="flag">⚑</text>').format(x + 4, y - 3)
        if event.is_contested
        else Markup("")
    )
    return Markup("<g{}>{}{}</g>").format(ahead, _MARKS[event.lane].format(x=x, y=y, left=x - 5, above=y - 6), flag)


def _day_of_report(x: float, height: int, speech: Language) -> Markup:
    return Markup(
        '<path class="today" d="M{x:.1f} {top}V{bottom}"/><text class="end" text-anchor="end" x="{x:.1f}" y="{text}">'
        "{label}</text>"
    ).format(x=x, top=_TOP, bottom=height - 22, text=height - 4, label=speech.text("day of the report"))


def _first_day(first: date, x: float, height: int, speech: Language) -> list[Markup]:
    """Gives the first day below the lines; nothing where the day of the report stands too near to read both."""
    shape = Markup('<text class="end" text-anchor="start" x="{}" y="{}">{}</text>')
    return [shape.format(_LABELS, height - 4, speech.day(first))] if x > _LABELS + _TWO_DAYS else []
