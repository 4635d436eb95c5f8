"""Interfaces that others already speak: reconciliation, matching by example, and exports; they only read."""

from serving.interfaces.description import TAGS
from serving.interfaces.routes import router

__all__ = ["TAGS", "router"]
