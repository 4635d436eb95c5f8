"""The words of the method, and how text of strangers is made fit to be shown."""

import re

from markupsafe import Markup, escape

from serving.language import mark

BANDS = (mark("Critical"), mark("High"), mark("Elevated"), mark("Moderate"), mark("Unknown"), mark("Lower"))
ACTION_BANDS = ("Critical", "High")
DETAIL_BANDS = ("Critical", "High", "Elevated")
OBSERVED = (mark("present"), mark("contradicted"), mark("absent"))
STATES = (*OBSERVED, mark("not applicable"), mark("not assessable"))

NOT_KNOWN = mark("not known")
# Control characters have no place in HTML; bidirectional overrides are kept inside <bdi>.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAK_AFTER = {"_": Markup("_<wbr>"), ".": Markup(".<wbr>"), ":": Markup(":<wbr>")}

INDICATOR_FAMILIES = "FXAPWQMN"
"""First letters of indicator ids in the order in which people read them: findings first, context last."""

KINDS = {
    "base": mark("Inherent risk"),
    "adverse": mark("Points to risk"),
    "clean": mark("Speaks against"),
    "mitigation": mark("Mitigation"),
    "cap": mark("Limit"),
    "learned": mark("Learned"),
}


def clean(text: object) -> str:
    """Gives the text without control characters; nothing for none."""
    return "" if text is None else _CONTROLS.sub("\ufffd", str(text))


def breakable(text: object) -> Markup:
    """Gives an identifier, escaped, that may break after an underscore, a full stop or a colon and nowhere else."""
    whole = escape(clean(text))
    for joint in ("_", ".", ":"):
        whole = whole.replace(joint, _BREAK_AFTER[joint])
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


def drawn_text(text: object, length: int = 40) -> str:
    """Gives text of strangers for a picture, without marks of the direction of writing: nothing can isolate them."""
    return short(_DIRECTIONS.sub("", clean(text)), length)
