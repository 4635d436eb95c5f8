"""The catalogue of sources: what is declared, how it does on its fixtures, and how a new one begins."""
