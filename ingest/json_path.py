"""Paths into JSON as declarations write them, turned into paths that DuckDB understands in one way only."""

import re

_STEP = re.compile(r'\."(?P<quoted>[^"]+)"|\.(?P<plain>[^.\[\]"]+)|\[(?P<index>\d+|\*)\]')


def json_path(path: str) -> str:
    """Gives the path with every name quoted, so that names like `q/paid_fee` are one step.

    `$.a.b[0]`, `$."a.b"[*]` and `$` are paths. Raises ValueError for anything else.
    """
    if not path.startswith("$"):
        raise ValueError(f"'{path}' is no path: it must begin with $")
    steps, position = ["$"], 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise ValueError(f"'{path}' is no path: it cannot be read from character {position + 1} on")
        name = step["quoted"] or step["plain"]
        steps.append(f'."{name}"' if name else f"[{step['index']}]")
        position = step.end()
    return "".join(steps)
