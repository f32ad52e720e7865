"""What can go wrong when a list is handed over; each message is one plain sentence for staff."""

from __future__ import annotations


class DeliveryError(Exception):
    """Base of every refusal in this app; `str()` is fit to be shown to staff."""


class FontsMissing(DeliveryError):
    """A name cannot be drawn with the fonts of this machine."""


class PacketExists(DeliveryError):
    """A packet is there already; a delivery never changes afterwards."""


class TypesettingFailed(DeliveryError):
    """The PDF could not be made."""


class SealingFailed(DeliveryError):
    """The file could not be encrypted to its recipient."""


class MirrorRefused(DeliveryError):
    """The folder named for a copy of the site holds something else."""
