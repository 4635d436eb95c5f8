"""Actions that follow from a publication: who takes them on, by when, and how they ended."""
