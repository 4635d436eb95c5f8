"""What to suggest where somebody wrote a name that nothing has."""

import difflib
from collections.abc import Sequence

_NEAR_ENOUGH = 0.65


def nearest(word: str, known: Sequence[str]) -> str:
    """Gives a question with the known names that are near to the word, or the list of all that are known."""
    near = difflib.get_close_matches(word, known, n=3, cutoff=_NEAR_ENOUGH)
    return f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}"
