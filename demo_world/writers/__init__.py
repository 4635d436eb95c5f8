"""Writers of the demo world's files: each knows one shape and nothing of how the world came about."""
