"""The Jinja environment in which pages of the report are rendered: everything is escaped, nothing may be missing."""

from functools import cache, partial

from jinja2 import Environment
from markupsafe import Markup, escape

from serving.language import Language, language, page_templates
from serving.reports import charts, words
from serving.reports.changes import TAG_MEANINGS
from serving.reports.heat_map import heat_map, shade_sample
from serving.reports.overview import OTHER
from serving.reports.ranking_chart import ranking_chart
from serving.reports.timeline import LANES
from serving.reports.timeline_chart import timeline_chart


@cache
def page_environment(code: str) -> Environment:
    """Gives the environment of one language by its code; raises ConfigError for a language that there is not."""
    speech = language(code)
    environment = page_templates("serving.reports", speech)
    environment.filters["said"] = partial(said, speech)
    environment.filters |= {name: getattr(words, name) for name in ("clean", "short", "breakable")}
    environment.globals |= {
        "share_bar": charts.share_bar,
        "stacked_bar": charts.stacked_bar,
        "interval_bar": charts.interval_bar,
        "contribution_bar": charts.contribution_bar,
        "states_bar": charts.states_bar,
        "timeline_chart": timeline_chart,
        "ranking_chart": ranking_chart,
        "heat_map": heat_map,
        "shade_sample": shade_sample,
        "LANES": LANES,
        "TAG_MEANINGS": TAG_MEANINGS,
        "OTHER": OTHER,
        "NOT_KNOWN": words.NOT_KNOWN,
        "KINDS": words.KINDS,
        "STATES": words.STATES,
    }
    return environment


def said(speech: Language, text: str | None, length: int = 400) -> Markup:
    """Gives a text of a published table in the language, cut to the length; one that is not known is marked English."""
    cut = words.short(speech.term(text), length)
    return escape(cut) if not text or speech.knows(text) else Markup('<span lang="en">{}</span>').format(cut)
