"""The one comparison of names: how much two names of companies have in common, from 0 to 1, as an SQL expression.

It compares the values that `intermediate.int_name_keys.name_feature` gives for a spelling (words without legal form, in
Latin letters, abbreviations written out; a weight a word; the kind of legal form), so it serves whole tables at once:

    SELECT {similarity_sql("l.name_feature", "r.name_feature")} FROM ...

The score, for two names with the words W and V:

- two words are alike by 1 where they are equal, else by 1 - d/n, d being the Damerau-Levenshtein distance and n the
  length of the longer; below WORD_LIKENESS, with fewer than SHORT_WORD letters, or with a figure in front, by 0; an
  initial is like a word of at least SHORT_WORD letters that begins with it by INITIAL_LIKENESS;
- the cover of W by V is the weighted mean, over the words of W, of how alike each is to the word of V it is most like;
- the score is LESSER_SHARE of the lesser cover and the rest of the greater: a name is not the longer name it stands in;
- names that differ only in where blanks stand have SPACING_SCORE at least;
- where both names tell legal forms of different kinds, the score is multiplied by KIND_CONFLICT.

The constants are expert judgement (prior), set by what one slip of the pen changes in a word; none is fitted to pairs
with a known answer. docs/measurements.md says how it does on such pairs.
"""

WORD_LIKENESS = 0.8
SHORT_WORD = 4
INITIAL_LIKENESS = 0.5
LESSER_SHARE = 0.75
SPACING_SCORE = 0.98
KIND_CONFLICT = 0.85
_JARO_WINKLER_OF_ALIKE = 0.7


def similarity_sql(left: str, right: str) -> str:
    """Gives the SQL expression for the score of two values of name_feature: a DOUBLE from 0 to 1, empty where one is.

    `left` and `right` are SQL expressions for the values, usually columns. The score is symmetric.
    """
    # each cover is written once, because DuckDB would compute it as often as it is written
    covers = f"list_sort([{_cover(left, right)}, {_cover(right, left)}])"
    shares = f"[CAST({LESSER_SHARE} AS DOUBLE), {1 - LESSER_SHARE}]"
    return (
        f"CASE WHEN {left} IS NULL OR {right} IS NULL THEN NULL"
        f" ELSE greatest(list_inner_product({covers}, {shares}),"
        f" CASE WHEN array_to_string({left}.words, '') = array_to_string({right}.words, '')"
        f" THEN {SPACING_SCORE} ELSE 0 END)"
        f" * CASE WHEN {left}.kind <> {right}.kind THEN {KIND_CONFLICT} ELSE 1 END END"
    )


def word_likeness_sql(left: str, right: str) -> str:
    """Gives the SQL expression for how alike two words are: a DOUBLE from 0 to 1."""
    longer, shorter = (f"{extreme}(length({left}), length({right}))" for extreme in ("greatest", "least"))
    likeness = f"(1 - damerau_levenshtein({left}, {right}) / {longer})"
    return (
        f"CASE WHEN {left} = {right} THEN 1.0"
        f" WHEN {left} < 'A' OR {right} < 'A' THEN 0.0"
        f" WHEN {shorter} = 1 AND {longer} >= {SHORT_WORD} AND left({left}, 1) = left({right}, 1)"
        f" THEN {INITIAL_LIKENESS}"
        f" WHEN {shorter} < {SHORT_WORD} THEN 0.0"
        # Jaro-Winkler costs a twentieth and is at least this for any two words that the next line finds alike
        f" WHEN jaro_winkler_similarity({left}, {right}) < {_JARO_WINKLER_OF_ALIKE} THEN 0.0"
        f" WHEN {likeness} >= {WORD_LIKENESS} THEN {likeness} ELSE 0.0 END"
    )


def _cover(names: str, others: str) -> str:
    best = f"list_max(list_transform({others}.words, lambda other: {word_likeness_sql('word', 'other')}))"
    weighted = f"list_transform({names}.words, lambda word, place: {names}.weights[place] * {best})"
    return f"(list_sum({weighted}) / list_sum({names}.weights))"
