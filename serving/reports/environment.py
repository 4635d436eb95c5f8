"""The Jinja environment in which pages of the report are rendered: everything is escaped, nothing may be missing."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from serving.language import install, language
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
    environment = Environment(
        loader=PackageLoader("serving.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(environment, language(code))
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
