"""The one search among the suppliers of a publication; the lookup, the screening and the interfaces share it."""

from serving.search.building import build_index
from serving.search.index import NEAR_SCORE, Hit, SupplierIndex, is_index_of, open_index

__all__ = ["NEAR_SCORE", "Hit", "SupplierIndex", "build_index", "is_index_of", "open_index"]
