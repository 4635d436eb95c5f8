"""Readers: the bytes of one landed file become records, all text, and records that could not be read."""
