"""Scores pairs of names by nomenklatura's published matchers; run by an interpreter that has nomenklatura.

Reads a JSON list of {left, right, schema} and writes a JSON object of lists of scores, one for each matcher.
"""

import json
import sys
from typing import Any

MATCHERS = ("LogicV2", "LogicV1", "NameMatcher")


def main() -> int:
    """Reads standard input, writes standard output; gives 0."""
    import nomenklatura
    from nomenklatura import matching

    pairs = json.load(sys.stdin)
    scores = {}
    for name in MATCHERS:
        matcher = getattr(matching, name)
        config = matcher.default_config()
        scores[f"{nomenklatura.__version__} {name}"] = [
            matcher.compare(_entity(pair, "left", number), _entity(pair, "right", number), config).score
            for number, pair in enumerate(pairs)
        ]
    json.dump(scores, sys.stdout)
    return 0


def _entity(pair: dict[str, Any], side: str, number: int) -> Any:
    from followthemoney import model

    # LogicV2 remembers the names of an id.
    return model.get_proxy({"id": f"{side}-{number}", "schema": pair["schema"], "properties": {"name": [pair[side]]}})


if __name__ == "__main__":
    sys.exit(main())
