"""Seeing how the site is, and keeping what it holds."""
