"""Forms in which headings and JSON paths are compared with synonyms, whatever their case, accents and word order."""

import re
import unicodedata
from collections.abc import Iterator

_PATH_SIGNS = re.compile(r'^\$\.|"|\[\*\]')
_STEPS = re.compile(r"[./:]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = str.maketrans({"%": " percent ", "#": " no ", "°": "o", "_": " "})
_NUMBER = frozenset(("no", "n", "nr", "nro", "nb", "nbre", "num", "numero", "number", "nummer", "anzahl"))
_PERCENT = frozenset(
    (
        *(
            "percent",
            "percentage",
            "pct",
            "perc",
            "share",
            "porcentaje",
            "porc",
            "proporcion",
            "pourcentage",
            "pourcent",
        ),
        *("part", "taux", "proportion", "percentagem", "porcentagem", "proporcao", "prozent", "anteil", "percentuale"),
    )
)
_PARTICLES = frozenset(
    (
        *("of", "the", "de", "del", "la", "el", "los", "las", "du", "des", "le", "les", "l", "d"),
        "do",
        "da",
        "dos",
        "das",
    )
)


def heading_key(heading: str) -> str:
    """Gives a heading as synonyms are written: words without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", _PATH_SIGNS.sub("", heading).casefold())
    words = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("_", " ")
    return " ".join(re.findall(r"\w+", words))


def heading_form(heading: str) -> str:
    """Gives the form in which a heading equals a synonym: the words of its key, each once, in order of the alphabet.

    Every sign and abbreviation of 'number' (n°, nº, No., #) is one word, and so is every one of 'percent' (%, share,
    porcentaje); articles and prepositions between words are left out.
    """
    words = heading_key(heading.translate(_SIGNS)).split()
    kept = [word for word in words if word not in _PARTICLES] or words
    return " ".join(sorted({"#" if word in _NUMBER else "%" if word in _PERCENT else word for word in kept}))


def says_percent(heading: str) -> bool:
    """Tells whether a heading says that its numbers are parts of a hundred, by the sign or a word such as percent."""
    words = heading_key(heading.translate(_SIGNS)).split()
    return bool({"percent", "percentage", "pct", "perc", "porcentaje", "pourcentage", "percentagem"} & set(words))


def forms_of(heading: str, below: str = "") -> Iterator[tuple[str, bool]]:
    """Yields the forms of a heading or path, each with whether it is only the end of it.

    `below` is the array that a path is in: its own steps come first, then with the name of the array in the singular.
    """
    inner = heading.removeprefix(f"{below}.") if below else heading
    steps = _STEPS.split(_PATH_SIGNS.sub("", inner))
    for first in range(len(steps)):
        end = " ".join(steps[first:])
        yield heading_form(end), first > 0
        yield heading_form(_CAMEL.sub(" ", end)), first > 0
    if below:
        array = _STEPS.split(_PATH_SIGNS.sub("", below))[-1].removesuffix("s")
        yield heading_form(" ".join((array, *steps))), False
