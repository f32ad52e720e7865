"""Which passphrases too many people think of."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SHORTEST_PART = 4


class CommonPassphraseValidator(CommonPasswordValidator):
    """Refuses common passwords, and common ones drawn out: doubled, numbered, or put in pairs.

    Of the 20,000 on Django's list only 48 have 15 characters or more, so by itself it refuses
    hardly anything of that length; people who have to reach it repeat and add.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where `password` is too easy to think of."""
        super().validate(password, user)
        if self._is_drawn_out("".join(filter(str.isalnum, password.casefold()))):
            raise ValidationError(
                _("This is a common password, repeated or lengthened. Take four words at random."),
                code="password_too_common",
            )

    def _is_drawn_out(self, text: str) -> bool:
        beginnings = (text[:end] for end in range(SHORTEST_PART, len(text) // 2 + 2))
        return text.isdecimal() or any(
            beginning in self.passwords and self._adds_little(beginning, text)
            for beginning in beginnings
        )

    def _adds_little(self, beginning: str, text: str) -> bool:
        rest = text
        while rest.startswith(beginning):
            rest = rest.removeprefix(beginning)
        return beginning.startswith(rest) or rest.isdecimal() or rest in self.passwords
