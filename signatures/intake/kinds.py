"""Mail that nobody wrote: bounces (RFC 3464), automatic replies (RFC 3834), spam and bulk mail."""

from __future__ import annotations

import re
from email.message import Message

from .message import header
from .parsed import Kind

_MACHINES = re.compile(
    r"\b(?:mailer-daemon|postmaster|mail delivery (?:sub)?system|mail delivery service)\b",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"(?:undeliver(?:ed|able)|delivery status notification \((?:failure|delay)|mail delivery failed"
    r"|returned mail|failure notice|delivery (?:failure|has failed)|mail system error|非送达|退信|系统退信|邮件无法投递"
    r"|unzustellbar|non remis|no entregado|недоставлен|не доставлено)",
    re.IGNORECASE,
)
_VACATION = re.compile(
    r"(?:auto(?:matic)?[- ]?(?:re(?:ply|sponse|sponder)|antwort)|auto:|out of (?:the )?office|away from (?:my|the) (?:office|mail|desk)"
    r"|vacation (?:reply|notice|message|re:)|on (?:vacation|holiday|leave)\b|i am (?:away|out of)|自动回复|自動回覆|自動回復|休假|外出自动"
    r"|автоответ|автоматический ответ|нет на месте|вне офиса|réponse automatique|absent(?:e)? du bureau|absence du bureau"
    r"|message d'absence|respuesta automática|fuera de (?:la )?oficina|ausente|رد تلقائي|الرد التلقائي|خارج المكتب"
    r"|automatische antwort|abwesenheit|自動応答|不在通知)",
    re.IGNORECASE,
)
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
    if "X-Failed-Recipients" in message or _MACHINES.search(header(message, "From")):
        return True
    is_null = header(message, "Return-Path") == "<>"
    return bool(is_null and _BOUNCE_SUBJECT.match(header(message, "Subject"))) or (
        is_null and not _says_automatic(message)
    )


def _is_auto_reply(message: Message) -> bool:
    if message.get_content_type() == "multipart/report":
        return True  # a receipt: the other reports are bounces
    return _says_automatic(message) or bool(_VACATION.match(header(message, "Subject")))


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
    if header(message, "X-Spam-Status").lower().startswith("yes"):
        return True
    if header(message, "Precedence").lower() in {"bulk", "junk"}:
        return True
    is_offered = "List-Unsubscribe" in message
    return is_offered and any(name in message for name in _BULK_HEADERS)
