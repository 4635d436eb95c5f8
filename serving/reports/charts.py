"""Pictures as SVG that load nothing; what a picture shows stands as a table or as text beside it.

A picture with numbers beside it in the same row is hidden from screen readers; one of its own has a title and says what
it shows. No picture tells by colour alone: marks have shapes, parts have patterns or words.
"""

from collections.abc import Callable, Mapping

from markupsafe import Markup

_BAR = '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>'
_EVIDENCE_SPAN = 40.0


def share_bar(share: float, band: str) -> Markup:
    """Gives a bar whose length is the share (0–1) of the whole width, in the colour of the band."""
    return _bar(_rectangle(0, 100 * share, f"fill-{band.lower()}"))


def stacked_bar(counts: Mapping[str, int]) -> Markup:
    """Gives one bar made of a part for each band, as long as its count."""
    return _stacked(counts, lambda band: f"fill-{band.lower()}")


def interval_bar(low: float, score: float, high: float) -> Markup:
    """Gives a 0–100 track with the interval as a line and the score as a mark."""
    return Markup(  # noqa: S704 - numbers alone are put in
        '<svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<path class="track" d="M0 6H100"/><path class="range" d="M{_within(low):.1f} 6H{_within(high):.1f}"/>'
        f'<path class="mark" d="M{_within(score):.1f} 1V11"/></svg>'
    )


def contribution_bar(points: float) -> Markup:
    """Gives a bar from the middle: to the right for points that raise a score, to the left for those that lower it."""
    width = min(abs(points), _EVIDENCE_SPAN) / _EVIDENCE_SPAN * 50
    start, colour = (50.0, "fill-up") if points >= 0 else (50.0 - width, "fill-down")
    return _bar(_rectangle(start, width, colour))


def states_bar(counts: Mapping[str, int]) -> Markup:
    """Gives one bar made of a part for each state of an indicator."""
    return _stacked(counts, lambda state: f"state-{state.replace(' ', '-')}")


def _stacked(counts: Mapping[str, int], colour: Callable[[str], str]) -> Markup:
    total = sum(counts.values())
    parts, start = [], 0.0
    for name, count in counts.items():
        width = 100 * count / total if total else 0.0
        if width:
            parts.append(_rectangle(start, width, colour(name)))
        start += width
    return _bar("".join(parts))


def _bar(parts: str) -> Markup:
    return Markup(_BAR.format(parts))  # noqa: S704 - made of numbers and of names of our own


def _rectangle(start: float, width: float, colour: str) -> str:
    return f'<rect x="{start:.2f}" width="{width:.2f}" y="0" height="10" class="{colour}"/>'


def _within(score: float) -> float:
    return min(100.0, max(0.0, score))
