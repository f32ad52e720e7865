"""Freezing a list, building its packets, and proving that a signature stands in it."""
