"""Everything that may happen to a signature: keyword-only functions named <entity>_<verb>."""
