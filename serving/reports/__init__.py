"""The report: one HTML file that says where to look first, why, and what is not known."""
