"""Duplicate suggestions, measured on labelled pairs."""
