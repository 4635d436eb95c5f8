"""Which names of bidders are compared with which names on lists, and how alike they are; set-based for whole lists."""

from typing import Final

import numpy as np
import polars as pl

from serving.screening.reading import Publication

KEY_PAIRS: Final = 3_000
"""The most pairs that one key may make; more tell nothing, and a name that is the same counts anyway."""

_WORDS: Final = 6
_LOOSER: Final = 0.2

# Keys of a name, each for one way in which two spellings of it differ: blanks and order of words; words added; one word
# mistyped, whose beginning or end stays. docs/list-screening.md has the same for suppliers.
_PAIRS: Final = f"""
WITH sided AS (
    SELECT DISTINCT 'b' AS side, key AS name FROM bidder_name UNION SELECT DISTINCT 'e', name_key FROM listed_name
),
worded AS (
    SELECT side, name, string_split(name, ' ') AS words,
        list_slice(list_sort(list_distinct(string_split(name, ' ')), 'DESC'), 1, 20) AS distinct_words
    FROM sided
),
longest AS (
    SELECT side, name, words, list_transform(list_slice(list_reverse_sort(list_transform(distinct_words,
        lambda word: {{'letters': length(word), 'word': word}})), 1, {_WORDS}), lambda one: one.word) AS told
    FROM worded
),
keyed AS (
    SELECT side, name, unnest(list_concat(
        ['=' || array_to_string(words, ''), '=' || array_to_string(list_sort(words), '')],
        list_transform(list_filter(told, lambda word: length(word) >= 5), lambda word: '1' || word),
        flatten(list_transform(told, lambda word: list_transform(
            list_filter(told, lambda other: other > word), lambda other: '2' || word || ' ' || other))),
        flatten(list_transform(list_filter(told[1:3], lambda word: length(word) >= 6),
            lambda word: ['<' || left(word, 4), '>' || right(word, 4)]))
    )) AS key
    FROM longest
),
used AS (
    SELECT key FROM keyed GROUP BY key
    HAVING count(DISTINCT side) = 2
        AND (count(*) FILTER (WHERE side = 'b') * count(*) FILTER (WHERE side = 'e') <= {KEY_PAIRS} OR key LIKE '=%')
)
SELECT DISTINCT bidders.name AS bidder_key, entries.name AS name_key
FROM used
JOIN keyed AS bidders ON bidders.key = used.key AND bidders.side = 'b'
JOIN keyed AS entries ON entries.key = used.key AND entries.side = 'e'
ORDER BY ALL
"""


def alike_names(publication: Publication, bidder_keys: pl.Series, listed: pl.DataFrame, least: float) -> pl.DataFrame:
    """Gives bidder_key, name_key and score of all names that are at least so much alike, of keys that share a word.

    `listed` has a column name_key. The work grows with the number of names, as keys are bounded.
    """
    connection = publication.connection
    connection.register("bidder_name", pl.DataFrame({"key": bidder_keys}, schema={"key": pl.String}).to_arrow())
    connection.register("listed_name", listed.select("name_key").unique().to_arrow())
    try:
        pairs = connection.execute(_PAIRS).pl()
    finally:
        connection.unregister("bidder_name")
        connection.unregister("listed_name")
    near = pairs.filter(_letters_alike(pairs) >= least - _LOOSER)
    scores = publication.index.likenesses(near["bidder_key"].to_list(), near["name_key"].to_list())
    scored = near.with_columns(pl.Series("score", scores, dtype=pl.Float64).round(4))
    return scored.filter(pl.col("score") >= least)


def _letters_alike(pairs: pl.DataFrame) -> pl.Series:
    """Gives how much of the shorter name is in the longer, letter by letter, from 0 to 1, for all pairs at once."""
    from rapidfuzz import fuzz, process

    names = pairs["bidder_key"].to_list(), pairs["name_key"].to_list()
    return pl.Series(process.cpdist(*names, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100)
