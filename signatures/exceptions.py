"""What can go wrong with a signature, each with one plain sentence as its message."""


class SignatureError(Exception):
    """Base of every refusal in this app; `str()` is fit to be shown, and names nobody."""


class IllegalTransition(SignatureError):
    """The signature's state does not lead where it was asked to go."""


class TextChanged(SignatureError):
    """The letter's text is no longer the one that was shown."""


class AlreadyCounted(SignatureError):
    """The same person's signature is live already; the database refused a second one."""


class PersonWithdrew(SignatureError):
    """Whoever signed has withdrawn, and only they can sign again."""


class MailRefused(SignatureError):
    """The mailbox does not exist or will not take our mail; trying again is of no use."""


class MailDelayed(SignatureError):
    """The mail server could not take the mail now; trying again later may help."""
