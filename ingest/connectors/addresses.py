"""Addresses: their parts that decide who gets a secret, and their form that may be told and kept."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote, unquote_plus, urlencode, urlsplit, urlunsplit

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Gives scheme, host and port of an address; raises ValueError for a port that is no number."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").casefold(), parts.port or _PORTS.get(parts.scheme)


def is_address(url: str) -> bool:
    """Tells whether a text is an address that can be asked over HTTP."""
    try:
        scheme, host, _ = origin_of(url)
    except ValueError:
        return False
    return scheme in _PORTS and bool(host)


def is_confidential(url: str) -> bool:
    """Tells whether nobody between here and the host can read what is sent."""
    scheme, host, _ = origin_of(url)
    return scheme == "https" or host in _LOOPBACK


def with_parameters(url: str, parameters: Mapping[str, str | int]) -> str:
    """Gives the address with these query parameters, in place of those of the same names."""
    url = without_parameters(url, parameters)
    parts = urlsplit(url)
    added = urlencode(parameters, quote_via=quote)
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, added) if part)))


def without_parameters(url: str, names: Mapping[str, object] | set[str]) -> str:
    """Gives the address without these query parameters; the others stay as they are written."""
    parts = urlsplit(url)
    kept = [part for part in parts.query.split("&") if unquote_plus(part.split("=")[0]) not in names]
    return urlunsplit(parts._replace(query="&".join(kept)))


def filled(url: str, day: date) -> str:
    """Gives the address with {as_of}, {year}, {month} and {day} filled in from a day."""
    year, month, day_of_month = day.isoformat().split("-")
    blanks = {"as_of": day.isoformat(), "year": year, "month": month, "day": day_of_month}
    for name, text in blanks.items():
        url = url.replace(f"{{{name}}}", text)
    return url
