"""Which supplier references are one supplier: those that links join, over any number of steps."""

import polars as pl


def components(nodes: pl.Series, links: pl.DataFrame) -> pl.DataFrame:
    """Gives one row a node: `node` and `component`, the smallest of the nodes that links join it with.

    `links` has `left` and `right`; an end that is no node is none. Memory and time grow with nodes and links.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ordered = nodes.unique().sort()
    numbers = pl.DataFrame({"node": ordered}).with_row_index("number")
    ends = links.select(
        pl.col(end).replace_strict(numbers["node"], numbers["number"], default=None) for end in ("left", "right")
    ).drop_nulls()
    shape = (len(ordered), len(ordered))
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends["left"].to_numpy(), ends["right"].to_numpy())), shape)
    labels = connected_components(graph, directed=False)[1]
    smallest = pl.col("node").min().over("label")
    return pl.DataFrame({"node": ordered, "label": labels}).select("node", smallest.alias("component"))
