"""Static files under names that tell their content, so that browsers keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's, which also knows a file that nobody has collected: under its own name.

    Where `collectstatic` was forgotten, or is older than the code, every page would else be an
    error 500. WHITENOISE_USE_FINDERS serves such files, uncompressed and for an hour.
    """

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
