"""Why two publications differ: every move of a score or band, with what moved it."""

from serving.difference.moves import Difference, compare_runs
from serving.difference.telling import difference_lines, supplier_lines

__all__ = ["Difference", "compare_runs", "difference_lines", "supplier_lines"]
