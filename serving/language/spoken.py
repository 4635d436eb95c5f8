"""Which languages there are, and their catalogues, read once in a process."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from serving.language.speaking import Language
from tierline.errors import ConfigError

CATALOGUES = Path(__file__).parent / "catalogues"
FILE_NAME = "messages.po"
ENGLISH = "en"
LANGUAGES = (ENGLISH, *sorted(path.parent.name for path in CATALOGUES.glob(f"*/{FILE_NAME}")))
"""Codes of the languages that people can choose, English first."""


@cache
def language(code: str) -> Language:
    """Gives the language of a code, with its catalogue read; raises ConfigError for one that there is not."""
    if code not in LANGUAGES:
        raise ConfigError(f"there is no language '{code}'", remedy=f"Choose one of: {', '.join(LANGUAGES)}.")
    if code == ENGLISH:
        return Language(code, Locale.parse(code), NullTranslations(), frozenset())
    return speaking_by(catalogue_of(code))


def languages() -> list[Language]:
    """Gives all languages that people can choose, English first."""
    return [language(code) for code in LANGUAGES]


def catalogue_of(code: str) -> Catalog:
    """Gives the catalogue of a language other than English as it stands in its file."""
    with (CATALOGUES / code / FILE_NAME).open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def speaking_by(catalogue: Catalog) -> Language:
    """Gives the language of a catalogue; messages that are doubtful or have no translation are said in English."""
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    said = [message.id for message in catalogue if message.id and message.string and not message.fuzzy]
    known = frozenset(one if isinstance(one, str) else one[0] for one in said)
    locale = Locale.parse(str(catalogue.locale))
    return Language(str(catalogue.locale), locale, GNUTranslations(compiled), known)
