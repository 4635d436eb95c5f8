"""Why one supplier stands where it stands, in sentences, from a publication alone."""
