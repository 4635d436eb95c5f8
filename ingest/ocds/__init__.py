"""Contracting processes from OCDS releases: merged by the standard's rules, and shapes of the wild made one."""
