"""Screening a list of bidders: a table as it came, its columns, the answers row by row, and the record of them."""
