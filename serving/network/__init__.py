"""Paths, surroundings, tiers and circles in the network of a publication."""
