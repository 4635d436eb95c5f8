"""Invented tax numbers: of nine digits, and with right check digits in countries whose rule is public.

The rules are those that python-stdnum implements and cites: DE ISO 7064 mod 11,10; ES a letter and the Luhn rule; the
others weighted sums.
"""

from collections.abc import Callable

# Powers of primes that divide none of the sizes: multiplying by them numbers every supplier differently.
_STEP, _SIZE = 3**18, 10**9
_CHECKED_STEP = 7**9


def tax_number(country_code: str, number: int) -> str:
    """Gives the tax number of the supplier with that number (1, 2, …); no two suppliers of a country share one."""
    if country_code not in _CHECKED:
        return f"{number * _STEP % _SIZE:09d}"
    length, checked = _CHECKED[country_code]
    return checked(_stem(number, length))


def _stem(number: int, length: int) -> str:
    """Gives so many digits, the first of them no zero."""
    least = 10 ** (length - 1)
    return str(least + number * _CHECKED_STEP % (9 * least))


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _german(stem: str) -> str:
    product = 10
    for digit in stem:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return f"{stem}{(11 - product) % 10}"


def _dominican(stem: str) -> str:
    return f"{stem}{(10 - _weighted(stem, (7, 9, 8, 6, 5, 4, 3, 2)) % 11) % 9 + 1}"


def _british(stem: str) -> str:
    return f"{stem}{97 - _weighted(stem, (8, 7, 6, 5, 4, 3, 2)) % 97:02d}"


def _guatemalan(stem: str) -> str:
    check = -_weighted(stem, tuple(range(len(stem) + 1, 1, -1))) % 11
    return f"{stem}{'K' if check == 10 else check}"


def _polish(stem: str) -> str:
    """Gives the first of ten continuations that has a check digit of one figure."""
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    return next(
        f"{stem}{last}{check}" for last in range(10) if (check := _weighted(f"{stem}{last}", weights) % 11) < 10
    )


def _portuguese(stem: str) -> str:
    return f"{stem}{(11 - _weighted(stem, (9, 8, 7, 6, 5, 4, 3, 2))) % 11 % 10}"


def _romanian(stem: str) -> str:
    return f"{stem}{10 * _weighted(stem, (5, 3, 2, 1, 7, 5, 3, 2)) % 11 % 10}"


def _spanish(stem: str) -> str:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in stem[::2])
    return f"B{stem}{-(doubled + sum(map(int, stem[1::2]))) % 10}"


_CHECKED: dict[str, tuple[int, Callable[[str], str]]] = {
    "DE": (8, _german),
    "DO": (8, _dominican),
    "ES": (7, _spanish),
    "GB": (7, _british),
    "GT": (8, _guatemalan),
    "PL": (8, _polish),
    "PT": (8, _portuguese),
    "RO": (8, _romanian),
}
