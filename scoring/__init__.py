"""Features to evidence, contributions, score, band and action: the method as pure functions over Polars frames."""
