"""The path over ties behind a row on the network, which scoring composes in English: each step said in a language."""

import re
from typing import TYPE_CHECKING, Final

from serving.language.wording import mark

if TYPE_CHECKING:
    from serving.language.speaking import Language

_RELATIONS: Final = (
    *(mark("is owned or controlled by"), mark("belongs to"), mark("recruits through"), mark("is at")),
    *(mark("has work done by"), mark("owns or controls"), mark("is the parent of"), mark("recruits for")),
    *(mark("is the address of"), mark("works for")),
)
_ONWARDS: Final = mark("{path}, which {step}")
_KINDS: Final = (mark("labour agent"), mark("natural person"))
_RELATION: Final = "|".join(map(re.escape, _RELATIONS))
_FIRST: Final = re.compile(rf"(?P<case>.+? \([A-Z]\d{{2}}, .+?\)) (?P<relation>{_RELATION}) (?P<name>.+)", re.DOTALL)
_NEXT: Final = re.compile(rf", which ({_RELATION}) ")
_UNNAMED: Final = re.compile(rf"({'|'.join(_KINDS)})( \w+)?")


def path_in(speech: "Language", path: str) -> str | None:
    """Gives a path in the language, names of companies as they are; None where it is not composed as scoring does."""
    head, *steps = _NEXT.split(path)
    first = _FIRST.fullmatch(head)
    if first is None or not speech.known.issuperset({*_RELATIONS, _ONWARDS}):
        return None
    said = f"{first['case']} {_step(speech, first['relation'], first['name'])}"
    for relation, name in zip(steps[::2], steps[1::2], strict=True):
        said = speech.message(_ONWARDS).format(path=said, step=_step(speech, relation, name))
    return said


def _step(speech: "Language", relation: str, name: str) -> str:
    return f"{speech.message(relation)} {_called(speech, name)}"


def _called(speech: "Language", name: str) -> str:
    """Gives a party's name, in the language where it is the set phrase for one who is not named."""
    found = _UNNAMED.fullmatch(name)
    return name if found is None else f"{speech.message(found[1])}{found[2] or ''}"
