"""Benchmarks: how fast this site is beside the least that could do the same work."""
