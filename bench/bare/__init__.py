"""The least a Django site could do for the same answer: what the benchmarks compare with."""
