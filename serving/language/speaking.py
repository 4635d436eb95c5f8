"""One language: messages with named values, and numbers, days, ages, countries and amounts as it writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from gettext import NullTranslations
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency

from serving.language.composed import translated

_DAYS_A_MONTH = 30.4375
_MONTHS_IN_YEARS_FROM = 24
_SPACE = "\u00a0"
_ENGLISH = "en"


@dataclass(frozen=True, eq=False)
class Language:
    """A language by its code; `translations` give a message of the catalogue, or the English one where it has none.

    `known` are the English messages that the catalogue has. What a language gives is plain text: whoever shows it
    makes it inert.
    """

    code: str
    locale: Locale
    translations: NullTranslations
    known: frozenset[str]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML has it."""
        return self.locale.text_direction

    @property
    def own_name(self) -> str:
        """What the language is called in itself."""
        name = str(self.locale.get_display_name(self.locale))
        return name[:1].upper() + name[1:]

    def text(self, message: str, /, **values: object) -> str:
        """Gives the message in this language, with the values put in by name after it was translated.

        Raises KeyError where the message names a value that is not given.
        """
        return self.translations.gettext(message).format(**values)

    def plural(self, one: str, many: str, /, *, count: int, **values: object) -> str:
        """Gives the form of the message that goes with the count; `{count}` stands for it, written as a number."""
        return self.plural_message(one, many, count).format(count=self.number(count), **values)

    def term(self, text: str | None) -> str:
        """Gives a text of a published table of the method, or of our own code, in this language.

        A text that other steps composed of known sentences is put together from their translations. It stays as it is
        where the language does not have it, and nothing is put in. Nothing for none.
        """
        if not text or self.code == _ENGLISH:
            return text or ""
        said = translated(self, text)
        return text if said is None else said

    def knows(self, text: str) -> bool:
        """Says whether this language has the text: English has all, another what can be said by its catalogue."""
        return self.code == _ENGLISH or translated(self, text) is not None

    def message(self, message: str) -> str:
        """Gives the message in this language with its names of values still in it."""
        return self.translations.gettext(message)

    def plural_message(self, one: str, many: str, count: int) -> str:
        """Gives the form that goes with the count, with its names of values still in it."""
        return self.translations.ngettext(one, many, count)

    def number(self, value: float | None, digits: int = 0) -> str:
        """Gives a number with thousands apart and a real minus sign; `not known` for none."""
        if value is None:
            return self._not_known
        rounded = round(value, digits) + 0.0
        return f"{rounded:,.{digits}f}".translate(self._marks)

    def signed(self, value: float | None, digits: int = 1) -> str:
        """Gives points with their sign; nothing before zero."""
        if value is None:
            return self._not_known
        text = self.number(value, digits)
        return text if text.startswith("−") or not round(value, digits) else f"+{text}"

    def percent(self, share: float | None) -> str:
        """Gives a share between 0 and 1 as whole percent; nearly none as < 1 %, nearly all as > 99 %."""
        if share is None:
            return self._not_known
        if 0 < share < 0.01:
            return f"<{_SPACE}{self._percent(1)}"
        return f">{_SPACE}{self._percent(99)}" if 0.99 < share < 1 else self._percent(share * 100)

    def day(self, value: date | None) -> str:
        """Gives a date with its month in letters, so that day and month cannot be mistaken: 21 Nov 2026."""
        if value is None:
            return self._not_known
        return format_date(value, "d MMM y" if self.code == _ENGLISH else "medium", locale=self.locale)

    def age(self, value: date | None, as_of: date) -> str:
        """Gives the time from a date to `as_of` in days, months or years."""
        if value is None:
            return self._not_known
        days = (as_of - value).days
        months = days / _DAYS_A_MONTH
        if months < 2:
            return self.plural("{count} day", "{count} days", count=days)
        if months < _MONTHS_IN_YEARS_FROM:
            return self.plural("{count} month", "{count} months", count=round(months))
        return self.text("{years} years", years=self.number(months / 12, 1))

    def country(self, code: str | None) -> str:
        """Gives the name of an ISO 3166 code (source: Unicode CLDR), or the code itself where CLDR has none."""
        if not code:
            return self._not_known
        return str(self.locale.territories.get(code.upper(), code))

    def currency(self, amount: float | None, code: str) -> str:
        """Gives an amount of the currency of an ISO 4217 code, with as many digits as the currency has."""
        return self._not_known if amount is None else format_currency(amount, code, locale=self.locale)

    def joined(self, parts: Sequence[str]) -> str:
        """Gives the parts as one enumeration with commas."""
        return ", ".join(parts)

    @property
    def _not_known(self) -> str:
        return self.text("not known")

    @cached_property
    def _marks(self) -> dict[int, Any]:
        symbols = self.locale.number_symbols["latn"]
        return {ord(","): symbols["group"], ord("."): symbols["decimal"], ord("-"): "−"}

    def _percent(self, percents: float) -> str:
        """Gives whole percents; English has a space before the sign, as ISO 80000-1 asks for."""
        pattern = f"#{_SPACE}%" if self.code == _ENGLISH else str(self.locale.percent_formats[None].pattern)
        return pattern.replace("#,##0", "#").replace("#", self.number(percents))
