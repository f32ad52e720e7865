"""What can go wrong with a letter, each with one plain sentence as its message."""


class LetterError(Exception):
    """Base of every refusal in this app; `str()` is fit to be shown to staff."""


class BundleError(LetterError):
    """A letter bundle on disk is missing something or says something impossible."""


class TextLocked(LetterError):
    """Somebody has signed this text, so its words can no longer change."""
