"""Makes Jinja templates speak a language: `_`, `ngettext` and filters."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from serving.language.speaking import Language
from serving.language.spoken import languages

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`(.+?)`")
_FILTERS = ("day", "age", "number", "signed", "percent", "country", "currency")


def page_templates(package: str, speech: Language) -> Environment:
    """Gives the templates of a package in one language: everything is escaped, and nothing may be missing.

    `_("… {name} …", name=value)` and `ngettext("{count} supplier", "{count} suppliers", count, name=value)` give
    markup: the message is escaped, and so is each value that is not markup already. In a message `**x**` is strong and
    `x` in backticks is code; in a value they are not. `language` is the language, `languages` all that there are.
    Filters: day, age, number, signed, percent, country, currency, and `term` for texts of the tables of the method.
    """
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": lambda message, /, **values: shaped(speech.message(message)).format(**values),
        "ngettext": lambda one, many, count, /, **values: shaped(speech.plural_message(one, many, count)).format(
            count=speech.number(count), **values
        ),
        "language": speech,
        "languages": languages(),
    }
    environment.filters |= {name: getattr(speech, name) for name in _FILTERS}
    environment.filters["term"] = lambda text: marked_term(speech, text)
    return environment


@cache
def shaped(message: str) -> Markup:
    """Gives a message escaped, with what is between `**` strong and what is between backticks as code."""
    inert = str(escape(message))
    return Markup(_CODE.sub(r"<code>\1</code>", _STRONG.sub(r"<strong>\1</strong>", inert)))  # noqa: S704 - escaped


def marked_term(speech: Language, text: str | None) -> Markup:
    """Gives a text of a table in this language; where it has none, the English one, marked as English."""
    if not text or speech.knows(text):
        return escape(speech.term(text))
    return Markup('<span lang="en">{}</span>').format(text)
