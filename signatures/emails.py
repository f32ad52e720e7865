"""One named function per mail, one builder under them.

Subjects and links are neutral: a mail on a seized phone should say as little as it can. No text
that a visitor typed goes into a header.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from email.utils import make_msgid
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from .exceptions import MailDelayed, MailRefused
from .tokens import Purpose, make_token


def link(route: str, purpose: Purpose, signature_id: UUID, version: int = 0) -> str:
    """The full address of `route` for one signature, in the active language."""
    return settings.SITE_URL + reverse(route, args=[make_token(purpose, signature_id, version)])


def send_confirmation(*, to: str, language: str, signature_id: UUID) -> None:
    """Ask the owner of the mailbox whether the signature is theirs."""
    _send("confirm", to, language, _confirm_links(language, signature_id))


def send_reminder(*, to: str, language: str, signature_id: UUID) -> None:
    """Ask once more, three days later."""
    _send("reminder", to, language, _confirm_links(language, signature_id))


def send_already_signed(*, to: str, language: str, signature_id: UUID, version: int) -> None:
    """Tell the owner that the mailbox has signed before, and where that signature is."""
    with translation.override(language):
        links = {"page_url": link("signature", Purpose.PAGE, signature_id, version)}
    _send("already-signed", to, language, links)


def send_update(
    *, to: str, language: str, signature_id: UUID, subject: str, body: str, body_html: str
) -> None:
    """News that staff wrote, with a link that ends them in one click (RFC 8058)."""
    with translation.override(language):
        stop = link("unsubscribe", Purpose.UNSUBSCRIBE, signature_id)
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    context = {
        "subject": subject,
        "body": body,
        "body_html": body_html,
        "unsubscribe_url": stop,
    }
    _send("update", to, language, context, headers)


def _confirm_links(language: str, signature_id: UUID) -> dict[str, str]:
    with translation.override(language):
        return {
            "confirm_url": link("signature_confirm", Purpose.CONFIRM, signature_id),
            "not_me_url": link("signature_not_me", Purpose.NOT_ME, signature_id),
        }


def _send(
    template: str,
    to: str,
    language: str,
    context: dict[str, str],
    headers: dict[str, str] | None = None,
) -> None:
    """Render the three parts of `template` in `language` and hand them to the mail server.

    Raises MailRefused or MailDelayed, neither of which carries the address.
    """
    with translation.override(language):
        context = {**context, "language": language, "site_url": settings.SITE_URL}
        subject = " ".join(render_to_string(f"emails/{template}-subject.txt", context).split())
        context["subject"] = subject
        text = render_to_string(f"emails/{template}-body-text.txt", context)
        html = render_to_string(f"emails/{template}-body-html.html", context)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text.strip() + "\n",
        to=[to],
        headers={
            "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
            **(headers or {}),
        },
    )
    mail.attach_alternative(html, "text/html")
    _hand_over(mail)


@contextmanager
def one_connection() -> Iterator[None]:
    """Let the mails sent meanwhile share one connection to the mail server.

    A server that is away is asked once; all later mails are delayed without asking it again.
    """
    line = _Line()
    marker = _line.set(line)
    try:
        yield
    finally:
        _line.reset(marker)
        line.close()


class _Line:
    """A connection to the mail server, opened for the first mail."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend | None = None
        self.is_broken = False

    def send(self, mail: EmailMultiAlternatives) -> None:
        if self.is_broken:
            raise MailDelayed("the mail server was away a moment ago")
        try:
            mail.connection = self._open()
            mail.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
            self.close()  # some servers hang up after a refusal, others count them
            raise
        except (smtplib.SMTPException, OSError):
            self.is_broken = True
            raise

    def _open(self) -> BaseEmailBackend:
        if self.connection is None:
            self.connection = get_connection()
            self.connection.open()
        return self.connection

    def close(self) -> None:
        connection, self.connection = self.connection, None
        with suppress(smtplib.SMTPException, OSError):
            if connection:
                connection.close()


_line: ContextVar[_Line | None] = ContextVar("line", default=None)


def _hand_over(mail: EmailMultiAlternatives) -> None:
    line = _line.get()
    try:
        if line:
            line.send(mail)
        else:
            mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise (MailRefused if min(codes) >= 500 else MailDelayed)("recipient refused") from None
    except smtplib.SMTPDataError as error:
        raise (MailRefused if error.smtp_code >= 500 else MailDelayed)("data refused") from None
    except (smtplib.SMTPException, OSError) as error:
        # A refused sender or login is ours to mend, not the recipient's: the mail waits for it.
        raise MailDelayed(type(error).__name__) from None
