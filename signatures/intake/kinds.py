"""Mail that nobody wrote: bounces (RFC 3464), automatic replies (RFC 3834), spam and bulk mail."""

from __future__ import annotations

from email.message import Message

from .message import header
from .parsed import Kind
from .phrases import AWAY, MACHINE, MARKED, RETURNED

_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-AutoReply-From", "X-Vacation")
_BULK_HEADERS = ("Feedback-ID", "X-Campaign", "X-CampaignID", "X-Mailgun-Tag", "X-MC-User")


def kind_of(message: Message) -> Kind | None:
    """Recognise a message that is not a person's own; None when a person may have written it.

    A list (`Precedence: list`, `List-Id`) is no reason: campaigns share their mailbox as a group.
    """
    if _is_bounce(message):
        return Kind.BOUNCE
    if _is_auto_reply(message):
        return Kind.AUTO_REPLY
    return Kind.SPAM if _is_spam(message) else None


def _is_bounce(message: Message) -> bool:
    report = str(message.get_param("report-type", "")).lower()
    if message.get_content_type() == "multipart/report":
        return "disposition-notification" not in report
    if "X-Failed-Recipients" in message or MACHINE.search(header(message, "From")):
        return True
    is_null = header(message, "Return-Path") == "<>"
    return bool(is_null and RETURNED.match(header(message, "Subject"))) or (
        is_null and not _says_automatic(message)
    )


def _is_auto_reply(message: Message) -> bool:
    if message.get_content_type() == "multipart/report":
        return True  # a receipt: the other reports are bounces
    return _says_automatic(message) or bool(AWAY.match(header(message, "Subject")))


def _says_automatic(message: Message) -> bool:
    submitted = header(message, "Auto-Submitted").lower()
    if submitted.startswith("auto-") and not submitted.startswith("auto-forwarded"):
        return True
    if any(name in message for name in _AUTO_HEADERS):
        return True
    return header(message, "Precedence").lower() in {"auto_reply", "auto-reply"}


def _is_spam(message: Message) -> bool:
    if header(message, "X-Spam-Flag").lower() in {"yes", "true"}:
        return True
    if MARKED.match(header(message, "Subject")):
        return True
    if header(message, "X-Spam-Status").lower().startswith("yes"):
        return True
    if header(message, "Precedence").lower() in {"bulk", "junk"}:
        return True
    is_offered = "List-Unsubscribe" in message
    return is_offered and any(name in message for name in _BULK_HEADERS)
