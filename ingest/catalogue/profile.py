"""What the texts of one column look like: blanks, dates, numbers, flags, few values, identifiers, countries."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from ingest.text_sql import country_key

NULL_SPELLINGS = frozenset(
    (
        *("na", "n/a", "n.a.", "null", "none", "nan", "#n/a", "-", "--", "?", "unknown", "not available", "not known"),
        *("n/d", "n.d.", "nd", "s/d", "s.d.", "sin dato", "sin datos", "sin información", "no disponible"),
        *("no aplica", "desconocido", "non disponible", "inconnu", "non renseigné", "não disponível", "sem dados"),
        *("sem informação", "desconhecido", "k.a.", "k. a.", "unbekannt", "keine angabe"),
    )
)
"""Texts, in small letters, that mean nothing but that nothing is known."""
DATE_FORMATS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%d/%m/%y", "%m/%d/%y"),
    *("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d-%b-%y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
    *("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S"),
)
YES = frozenset(("true", "yes", "y", "t", "1", "oui", "si", "sí", "s", "sim", "ja", "x"))
NO = frozenset(("false", "no", "n", "f", "0", "non", "não", "nao", "nein"))
MOST_LISTED_VALUES = 30
_MOST_ENUMERATED = 12
_LEAST_REPEATED = 2.5
_LEAST_COUNTRIES = 0.9
_MOST_ODD = 0.2
_FINE_DECIMALS = 3
_LONGEST_DATE = 40
_LETTERS_OF_A_COUNTRY = 2
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_NUMBERS: tuple[tuple[re.Pattern[str], str | None, str], ...] = (
    (_PLAIN_NUMBER, None, "."),
    (re.compile(r"[+-]?\d+(,\d+)?"), None, ","),
    (re.compile(r"[+-]?\d{1,3}(,\d{3})*(\.\d+)?"), ",", "."),
    (re.compile(r"[+-]?\d{1,3}(\.\d{3})*(,\d+)?"), ".", ","),
    *((re.compile(rf"[+-]?\d{{1,3}}({mark}\d{{3}})*(\.\d+)?"), mark, ".") for mark in (" ", "\u00a0", "'", "\u2019")),
    *((re.compile(rf"[+-]?\d{{1,3}}({mark}\d{{3}})*(,\d+)?"), mark, ",") for mark in (" ", "\u00a0")),
)
_MORE_THAN_ONE_READING = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written: the sign between thousands, if any, and the decimal mark."""

    thousands: str | None
    decimal: str


@dataclass(frozen=True)
class Column:
    """What was seen in one column; nothing is said that its texts do not show.

    `dates` are the formats that read the most texts, nearly all, the empty text for ISO 8601; several mean that day and
    month cannot be told apart. `numbers` likewise. `values` are all its texts with their counts where they are few and
    repeat. `greatest` is the greatest absolute value of its numbers, `has_fine_decimals` says that most of them have
    three decimals or more, `odd` are texts that are no date or number where most are. `is_code`: nearly all texts have
    a digit and no blank; `has_words`: most have a blank.
    """

    name: str
    filled: int
    nulls: tuple[str, ...]
    is_unique: bool
    dates: tuple[str, ...]
    numbers: tuple[NumberFormat, ...]
    is_flag: bool
    is_lei: bool
    is_country: bool
    values: tuple[tuple[str, int], ...]
    longest: int
    greatest: float | None
    has_fine_decimals: bool
    odd: tuple[str, ...]
    is_code: bool
    has_words: bool

    @property
    def is_ambiguous_date(self) -> bool:
        """Whether several formats read the same texts, so that nobody can tell the day from the month."""
        return len(self.dates) > 1

    @property
    def is_ambiguous_number(self) -> bool:
        """Whether a sign may stand between thousands or before decimals."""
        return len(self.numbers) > 1


def profiles_of(connection: duckdb.DuckDBPyConnection, columns: pl.DataFrame) -> list[Column]:
    """Gives what was seen of each column; `connection` has the table `country_name`."""
    return [_profile(connection, name, columns[name].to_list()) for name in columns.columns]


def has_lei_check_digits(text: str) -> bool:
    """Tells whether a text is a Legal Entity Identifier with right check digits (ISO 17442, ISO 7064 MOD 97-10)."""
    return _LEI.fullmatch(text) is not None and int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1


def _profile(connection: duckdb.DuckDBPyConnection, name: str, texts: Sequence[str | None]) -> Column:
    trimmed = [text.strip() for text in texts if text is not None and text.strip()]
    nulls = _nulls(trimmed)
    known = [text for text in trimmed if text not in nulls]
    counts = Counter(known)
    distinct = list(counts)
    dates, numbers = _dates(connection, distinct), _numbers(distinct)
    return Column(
        name=name,
        filled=len(known),
        nulls=nulls,
        is_unique=bool(known) and len(known) == len(texts) == len(distinct),
        dates=dates,
        numbers=numbers,
        is_flag=bool(distinct) and {text.lower() for text in distinct} <= YES | NO and len(distinct) > 1,
        is_lei=_nearly_all(sum(map(has_lei_check_digits, distinct)), len(distinct)),
        is_country=_is_country(connection, counts),
        values=tuple(counts.most_common()) if _is_enumerated(counts) else (),
        longest=max(map(len, distinct), default=0),
        greatest=_greatest(distinct, numbers),
        has_fine_decimals=_all_plain(distinct) and sum(map(_is_fine, distinct)) > len(distinct) / 2,
        odd=_odd(connection, distinct, dates, numbers),
        is_code=_nearly_all(sum(map(_is_code, distinct)), len(distinct)),
        has_words=sum(" " in text for text in distinct) > len(distinct) / 2,
    )


def _nulls(trimmed: Sequence[str]) -> tuple[str, ...]:
    """Gives the spellings of nothing known; NA among codes of two letters is Namibia."""
    found = dict.fromkeys(text for text in trimmed if text.casefold() in NULL_SPELLINGS)
    others = {text for text in trimmed if text not in found}
    if all(len(text) == _LETTERS_OF_A_COUNTRY and text.isupper() and text.lower() not in YES | NO for text in others):
        found.pop("NA", None)
    return tuple(found) if others else ()


def _greatest(texts: Sequence[str], numbers: tuple[NumberFormat, ...]) -> float | None:
    """Gives the greatest absolute value, read as the first format writes numbers; texts that are none are left out."""
    if not numbers:
        return None
    plain = [text.replace(numbers[0].thousands or "", "").replace(numbers[0].decimal, ".") for text in texts]
    return max((abs(float(text)) for text in plain if _PLAIN_NUMBER.fullmatch(text)), default=None)


def _is_code(text: str) -> bool:
    return " " not in text and any(map(str.isdigit, text))


def _odd(
    connection: duckdb.DuckDBPyConnection,
    texts: Sequence[str],
    dates: tuple[str, ...],
    numbers: tuple[NumberFormat, ...],
) -> tuple[str, ...]:
    if numbers:
        chosen = next(pattern for pattern, mark, decimal in _NUMBERS if NumberFormat(mark, decimal) == numbers[0])
        return tuple(text for text in texts if chosen.fullmatch(text) is None)
    if dates and dates[0]:
        return tuple(text for text in texts if not _read_by(connection, dates[0], [text]))
    return tuple(text for text in texts if _ISO_DATE.fullmatch(text) is None) if dates else ()


def _all_plain(texts: Sequence[str]) -> bool:
    return bool(texts) and all(_PLAIN_NUMBER.fullmatch(text) for text in texts)


def _is_fine(text: str) -> bool:
    return len(text.partition(".")[2]) >= _FINE_DECIMALS


def _is_enumerated(counts: Counter[str]) -> bool:
    return 0 < len(counts) <= _MOST_ENUMERATED and counts.total() >= _LEAST_REPEATED * len(counts)


def _dates(connection: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> tuple[str, ...]:
    """Gives the formats that read the most texts, nearly all, by the function with which a load reads dates."""
    if not texts or sum(len(text) <= _LONGEST_DATE and any(map(str.isdigit, text)) for text in texts) < len(texts) / 2:
        return ()
    read = {"": sum(_ISO_DATE.fullmatch(text) is not None for text in texts)}
    if read[""] < len(texts):
        read |= {format_: _read_by(connection, format_, texts) for format_ in DATE_FORMATS}
    most = max(read.values())
    return tuple(format_ for format_, count in read.items() if count == most) if _nearly_all(most, len(texts)) else ()


def _read_by(connection: duckdb.DuckDBPyConnection, format_: str, texts: Sequence[str]) -> int:
    found = connection.execute(
        "SELECT count(*) FROM (SELECT unnest($texts) AS text) "
        "WHERE try_strptime(text, $format) BETWEEN DATE '1900-01-01' AND DATE '2100-01-01'",
        {"format": format_, "texts": list(texts)},
    ).fetchone()
    return int(found[0]) if found else 0


def _numbers(texts: Sequence[str]) -> tuple[NumberFormat, ...]:
    read = {
        NumberFormat(thousands, decimal): sum(pattern.fullmatch(text) is not None for text in texts)
        for pattern, thousands, decimal in _NUMBERS
    }
    most = max(read.values())
    if not _nearly_all(most, len(texts)):
        return ()
    signs = {sign for text in texts for sign in text}
    fitting = [
        form for form, count in read.items() if count == most and (not form.thousands or form.thousands in signs)
    ]
    plain = [text for text in texts if text.lstrip("+-").isdigit()]
    either = [text for text in texts if _MORE_THAN_ONE_READING.fullmatch(text)]
    open_to_both = bool(either) and len(plain) + len(either) >= most
    return tuple(fitting) if open_to_both and len(fitting) > 1 else (fitting[0],)


def _nearly_all(count: int, of: int) -> bool:
    return of > 0 and count >= (1 - _MOST_ODD) * of


def _is_country(connection: duckdb.DuckDBPyConnection, counts: Counter[str]) -> bool:
    """Tells whether nearly all texts are names or codes of countries, and not all of them numbers."""
    if not counts or all(text.isdigit() for text in counts):
        return False
    found = connection.execute(
        f"SELECT text FROM (SELECT unnest($texts) AS text) SEMI JOIN country_name ON name_key = {country_key('text')}",
        {"texts": list(counts)},
    ).fetchall()
    return sum(counts[text] for (text,) in found) >= _LEAST_COUNTRIES * counts.total()
