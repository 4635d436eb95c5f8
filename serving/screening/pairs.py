"""Which names of bidders are compared with which names on lists, and how alike they are; set-based for whole lists."""

from typing import Any, Final

import numpy as np
import polars as pl

from serving.screening.reading import Publication
from serving.search.likeness import Scores

Names = np.ndarray[Any, np.dtype[np.object_]]

KEY_PAIRS: Final = 3_000
"""The most pairs that one key may make; more tell nothing, and a name that is the same counts anyway."""

_WORDS: Final = 6
_LOOSER: Final = 0.2

# Keys of a name, each for one way in which two spellings of it differ: blanks and order of words; words added; one word
# mistyped, whose beginning or end stays. docs/list-screening.md has the same for suppliers.
_PAIRS: Final = f"""
WITH sided AS (
    SELECT 'b' AS side, number, name FROM bidder_name UNION ALL SELECT 'e', number, name FROM listed_name
),
worded AS (
    SELECT side, number, string_split(name, ' ') AS words,
        list_slice(list_sort(list_distinct(string_split(name, ' ')), 'DESC'), 1, 20) AS distinct_words
    FROM sided
),
longest AS (
    SELECT side, number, words, list_transform(list_slice(list_reverse_sort(list_transform(distinct_words,
        lambda word: {{'letters': length(word), 'word': word}})), 1, {_WORDS}), lambda one: one.word) AS told
    FROM worded
),
keyed AS (
    SELECT side, number, unnest(list_concat(
        ['=' || array_to_string(words, ''), '=' || array_to_string(list_sort(words), '')],
        list_transform(list_filter(told, lambda word: length(word) >= 5), lambda word: '1' || word),
        flatten(list_transform(told, lambda word: list_transform(
            list_filter(told, lambda other: other > word), lambda other: '2' || word || ' ' || other))),
        flatten(list_transform(list_filter(told[1:3], lambda word: length(word) >= 6),
            lambda word: ['<' || left(word, 4), '>' || right(word, 4)]))
    )) AS key
    FROM longest
),
counted AS (
    SELECT key, count(*) FILTER (WHERE side = 'b') * count(*) FILTER (WHERE side = 'e') AS pairs FROM keyed GROUP BY key
),
used AS (
    SELECT key FROM counted WHERE pairs > 0 AND (pairs <= {KEY_PAIRS} OR key LIKE '=%')
)
SELECT DISTINCT bidders.number AS bidder, entries.number AS entry
FROM used
JOIN keyed AS bidders ON bidders.key = used.key AND bidders.side = 'b'
JOIN keyed AS entries ON entries.key = used.key AND entries.side = 'e'
ORDER BY ALL
"""


def alike_names(publication: Publication, bidder_keys: pl.Series, listed: pl.DataFrame, least: float) -> pl.DataFrame:
    """Gives bidder_key, name_key and score of all names that are at least so much alike, of keys that share a word.

    `listed` has a column name_key. The work grows with the number of names, as keys are bounded.
    """
    bidders, entries = _numbered(bidder_keys), _numbered(listed["name_key"])
    connection = publication.connection
    connection.register("bidder_name", bidders.to_arrow())
    connection.register("listed_name", entries.to_arrow())
    try:
        pairs = connection.execute(_PAIRS).pl()
    finally:
        connection.unregister("bidder_name")
        connection.unregister("listed_name")
    typed, known = _names(bidders, pairs["bidder"]), _names(entries, pairs["entry"])
    near = _letters_alike(typed, known) >= least - _LOOSER
    typed, known = typed[near], known[near]
    scores = publication.index.likenesses(typed.tolist(), known.tolist())
    columns = {"bidder_key": typed.tolist(), "name_key": known.tolist(), "score": scores}
    scored = pl.DataFrame(
        columns, schema={"bidder_key": pl.String, "name_key": pl.String, "score": pl.Float64}
    ).with_columns(pl.col("score").round(4))
    return scored.filter(pl.col("score") >= least)


def _numbered(names: pl.Series) -> pl.DataFrame:
    """Gives each name once with its place in their order: millions of pairs are of numbers, not of texts."""
    return pl.DataFrame({"name": names.unique().sort()}).with_row_index("number")


def _names(numbered: pl.DataFrame, numbers: pl.Series) -> Names:
    names: Names = np.array(numbered["name"].to_list(), dtype=object).take(numbers.to_numpy())
    return names


def _letters_alike(typed: Names, known: Names) -> Scores:
    """Gives how much of the shorter name is in the longer, letter by letter, from 0 to 1, for all pairs at once."""
    from rapidfuzz import fuzz, process

    alike: Scores = process.cpdist(typed, known, scorer=fuzz.token_set_ratio, dtype=np.float64, workers=-1) / 100
    return alike
