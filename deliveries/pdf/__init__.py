"""letter.pdf: the letter set as a letter, how it was signed, and the numbered signatures."""

from __future__ import annotations

from .letter import Progress, check_fonts, make_pdf

__all__ = ["Progress", "check_fonts", "make_pdf"]
