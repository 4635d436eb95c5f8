"""Connectors: each yields the files of a source, from wherever they are."""
