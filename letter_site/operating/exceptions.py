"""What can go wrong with a backup, each with one plain sentence as its message."""


class BackupError(Exception):
    """A backup could not be made, read or restored; `str()` is fit to be shown."""
