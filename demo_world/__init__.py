"""A fictional world of suppliers, written as the files in which such data come."""

from demo_world.generator import WorldSummary, write

__all__ = ["WorldSummary", "write"]
