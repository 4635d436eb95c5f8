"""Suppliers' objections: the form with the rows that a supplier may contest, taking it in, and decisions."""
