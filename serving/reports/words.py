"""How dates, ages, numbers and codes are put into words."""

import re
from datetime import date

from babel import Locale
from markupsafe import Markup, escape

BANDS = ("Critical", "High", "Elevated", "Moderate", "Unknown", "Lower")
ACTION_BANDS = ("Critical", "High")
DETAIL_BANDS = ("Critical", "High", "Elevated")
OBSERVED = ("present", "contradicted", "absent")
STATES = (*OBSERVED, "not applicable", "not assessable")

NOT_KNOWN = "not known"
_DAYS_A_MONTH = 30.4375
_MONTHS_IN_YEARS_FROM = 24
# Control characters have no place in HTML; bidirectional overrides are kept inside <bdi>.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_BREAK_AFTER = {"_": Markup("_<wbr>"), ".": Markup(".<wbr>"), ":": Markup(":<wbr>")}
_COUNTRIES = Locale("en").territories

INDICATOR_FAMILIES = "FXAPWQMN"
"""First letters of indicator ids in the order in which people read them: findings first, context last."""

KINDS = {
    "base": "Inherent risk",
    "adverse": "Points to risk",
    "clean": "Speaks against",
    "mitigation": "Mitigation",
    "cap": "Limit",
    "learned": "Learned",
}


def day(value: date | None) -> str:
    """Gives a date as 21 Nov 2026, the same in every locale."""
    if value is None:
        return NOT_KNOWN
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def age(value: date | None, as_of: date) -> str:
    """Gives the time from a date to `as_of` in days, months or years."""
    if value is None:
        return NOT_KNOWN
    days = (as_of - value).days
    months = days / _DAYS_A_MONTH
    if months < 2:
        return _count(days, "day")
    if months < _MONTHS_IN_YEARS_FROM:
        return _count(round(months), "month")
    return f"{months / 12:.1f} years"


def number(value: float | None, digits: int = 0) -> str:
    """Gives a number with thousands apart and a real minus sign; `not known` for none."""
    if value is None:
        return NOT_KNOWN
    rounded = round(value, digits) + 0.0
    return f"{rounded:,.{digits}f}".replace("-", "−")


def signed(value: float | None) -> str:
    """Gives points with their sign and one digit."""
    if value is None:
        return NOT_KNOWN
    text = number(value, 1)
    return text if text.startswith("−") or text == "0.0" else f"+{text}"


def percent(share: float | None) -> str:
    """Gives a share between 0 and 1 as whole percent; nearly none as < 1 %, nearly all as > 99 %."""
    if share is None:
        return NOT_KNOWN
    if 0 < share < 0.01:
        return "<\u00a01\u00a0%"
    return ">\u00a099\u00a0%" if 0.99 < share < 1 else f"{share * 100:.0f}\u00a0%"


def country(code: str | None) -> str:
    """Gives the English name of an ISO 3166 code (source: Unicode CLDR), or the code itself where CLDR has none."""
    if not code:
        return NOT_KNOWN
    return str(_COUNTRIES.get(code.upper(), code))


def clean(text: object) -> str:
    """Gives the text without control characters; nothing for none."""
    return "" if text is None else _CONTROLS.sub("\ufffd", str(text))


def breakable(text: object) -> Markup:
    """Gives an identifier, escaped, that may break after an underscore, a full stop or a colon and nowhere else."""
    whole = escape(clean(text))
    for mark in ("_", ".", ":"):
        whole = whole.replace(mark, _BREAK_AFTER[mark])
    return whole


def apart(text: object, length: int = 400) -> str:
    """Gives text of strangers cut to the length, in marks that keep its direction of writing from reaching others."""
    whole = _ISOLATES.sub("", short(text, length))
    return f"\u2068{whole}\u2069"


def unmarked(text: str) -> str:
    """Gives the text without the marks of `apart`, for where they would be shown."""
    return _ISOLATES.sub("", text)


def short(text: object, length: int = 90) -> str:
    """Gives the text without control characters, cut to the length with an ellipsis."""
    whole = clean(text)
    return whole if len(whole) <= length else whole[: length - 1].rstrip() + "…"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
