"""Which mail a signature is due, and how often one mailbox may hear from us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from .. import emails, keys, queue
from ..enums import Source, State
from ..exceptions import MailDelayed, MailRefused
from ..models import MailboxTally, Signature
from ..models.signature import SignatureQuerySet
from ..sealing import unseal
from .confirmation import VALID_FOR

MAILS_PER_MAILBOX = 5
REMIND_AFTER = timedelta(days=3)
OVERDUE = timedelta(hours=1)
# Those that were told to look into their mailbox. A held or a second one must get its mail too:
# one that never comes would tell which it is.
MAILED = [State.UNCONFIRMED, State.PENDING, State.DUPLICATE]
TALLY = MailboxTally._meta.db_table
# Found or made, and counted while there are fewer: one statement, that two workers can ask at once.
ONE_MORE = (
    f"INSERT INTO {TALLY} AS tally (letter_id, mailbox_key, sent, last_sent_at)"  # noqa: S608
    " VALUES (%s, %s, 1, %s) ON CONFLICT (letter_id, mailbox_key)"
    " DO UPDATE SET sent = tally.sent + 1, last_sent_at = excluded.last_sent_at"
    " WHERE tally.sent < %s RETURNING id"
)
MAY_BE_SECOND = {State.DUPLICATE, State.UNCONFIRMED}
Mailbox = tuple[int, str]  # a letter, and the keyed digest of an address
ID = Signature._meta.pk
MAILED_NOW = f"UPDATE {Signature._meta.db_table} SET mailed_at = %s WHERE id IN (%s, %s)"  # noqa: S608
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 3, 5, 10, 30, 60, 180, 360, 720, 1440)]


def confirmation_send(*, signature_id: UUID, attempt: int = 0) -> bool:
    """Send the mail that one signature is due; return whether one went out.

    Nothing is sent when the signature is gone, its address erased, its mail gone out already, or
    its mailbox has had `MAILS_PER_MAILBOX` mails about this letter. A mail server that is away is
    asked again after `RETRY_AFTER[attempt]`, a mailbox that refuses for good never.
    """
    (outcome,) = confirmations_send(attempts={signature_id: attempt}).values()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def confirmations_send(*, attempts: Mapping[UUID, int]) -> dict[UUID, bool | Exception]:
    """`confirmation_send` for many signatures, each with its attempt: one that breaks stops none.

    Returns for each whether a mail went out, or the error that it broke with.
    """
    found = Signature.objects.filter(id__in=attempts, email_sealed__isnull=False)
    rows = {row.id: row for row in found}
    confirmed = _confirmed_beside(rows.values())
    outcomes: dict[UUID, bool | Exception] = {}
    for signature_id, attempt in attempts.items():
        row = rows.get(signature_id)
        try:
            outcomes[signature_id] = row is not None and _send_one(row, confirmed, attempt)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 (a broken seal, say: the others must go out)
            outcomes[signature_id] = error
    return outcomes


def _send_one(row: Signature, confirmed: Mapping[Mailbox, Signature], attempt: int) -> bool:
    if not _is_due(row):
        return False
    acting = _acting(row, confirmed)
    sent = _deliver(row, acting, attempt)
    if sent:
        _note_as_mailed(row, acting)
    return sent


def _note_as_mailed(*rows: Signature) -> None:
    """At once, for each mail: a worker that is killed sends one a second time at most."""
    ids = [ID.get_db_prep_value(row.id, connection) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(MAILED_NOW, [timezone.now(), *ids])


def mails_chase(*, now: datetime | None = None) -> int:
    """Hand every mail that is still due to the background; return how many.

    First mails that never went out (a worker was killed, the mail server was away for days), and
    the one reminder three days after the first mail. An overdue mail is tried once: its own task
    may still be waiting for a server that is away, and the next chase comes.
    """
    now = now or timezone.now()
    unsent, unreminded = mails_due(now=now)
    chased = 0
    for signature_id in unsent.values_list("id", flat=True).iterator():
        queue.enqueue("send_confirmation", signature_id=str(signature_id), attempt=len(RETRY_AFTER))
        chased += 1
    for signature_id in unreminded.values_list("id", flat=True).iterator():
        Signature.objects.filter(id=signature_id).update(reminded_at=now)
        queue.enqueue("send_confirmation", signature_id=str(signature_id))
        chased += 1
    return chased


def mails_due(*, now: datetime) -> tuple[SignatureQuerySet, SignatureQuerySet]:
    """Signatures whose first mail never went out, and those that are due their reminder."""
    waiting = Signature.objects.filter(
        source=Source.WEB,
        email_sealed__isnull=False,
        confirmed_at__isnull=True,
        reminded_at__isnull=True,
        created_at__gt=now - VALID_FOR,
    )
    unsent = waiting.filter(state__in=MAILED, mailed_at__isnull=True, created_at__lt=now - OVERDUE)
    unreminded = waiting.filter(state=State.UNCONFIRMED, mailed_at__lt=now - REMIND_AFTER)
    return unsent, unreminded


def _is_due(row: Signature) -> bool:
    """Whether one more mail should go out; several tasks may have been made for the same one."""
    if row.mailed_at is None:
        return row.reminded_at is None
    return row.mailed_at < timezone.now() - REMIND_AFTER


def _confirmed_beside(rows: Iterable[Signature]) -> dict[Mailbox, Signature]:
    """The confirmed signature that counts already, of each mailbox that has one.

    Both halves of the unique constraint's index are named, or the whole table would be read.
    """
    asked = [row for row in rows if row.state in MAY_BE_SECOND]
    mailboxes = Q(
        letter_id__in={row.letter_id for row in asked},
        email_key__in={row.email_key for row in asked},
    )
    live = Signature.objects.live().filter(mailboxes, confirmed_at__isnull=False)
    return {(row.letter_id, row.email_key or ""): row for row in live}


def _acting(row: Signature, confirmed: Mapping[Mailbox, Signature]) -> Signature:
    """The signature that the owner of the mailbox should be asked about.

    For a second sending of the same form that is the first one, or the one that counts already.
    """
    if row.state not in MAY_BE_SECOND:
        return row
    live = confirmed.get((row.letter_id, row.email_key or ""))
    if live or row.state == State.UNCONFIRMED:
        return live or row
    same = Signature.objects.filter(letter_id=row.letter_id, email_key=row.email_key)
    waiting = same.filter(state__in=[State.UNCONFIRMED, State.PENDING])
    return waiting.order_by("-id").first() or row


def _deliver(row: Signature, acting: Signature, attempt: int) -> bool:
    address = unseal(row.email_sealed or "")
    mailbox = _reserve(row.letter_id, address)
    if mailbox is None:
        _end(row)
        return False
    try:
        _send(address, acting)
    except MailRefused:
        _end(row)
        return False
    except MailDelayed:
        _give_back(mailbox)
        _try_later(row.id, attempt)
        return False
    return True


def _send(address: str, acting: Signature) -> None:
    language = acting.page_language
    if acting.confirmed_at:
        emails.send_already_signed(
            to=address,
            language=language,
            signature_id=acting.id,
            version=acting.link_version,
        )
    elif acting.mailed_at and acting.mailed_at < timezone.now() - REMIND_AFTER:
        emails.send_reminder(to=address, language=language, signature_id=acting.id)
    else:
        emails.send_confirmation(to=address, language=language, signature_id=acting.id)


def _reserve(letter_id: int, address: str) -> int | None:
    """Count one more mail to `address`; the id of its tally, or None when it has had enough."""
    key = keys.mailbox_key(letter_id, address)
    values: list[Any] = [letter_id, key, timezone.now(), MAILS_PER_MAILBOX]
    with connection.cursor() as cursor:
        cursor.execute(ONE_MORE, values)
        tally = cursor.fetchone()
    return int(tally[0]) if tally else None


def _give_back(tally_id: int) -> None:
    MailboxTally.objects.filter(id=tally_id, sent__gt=0).update(sent=F("sent") - 1)


def _end(row: Signature) -> None:
    """No chase and no reminder for a mailbox that takes no mail of ours."""
    Signature.objects.filter(id=row.id).update(reminded_at=timezone.now())


def _try_later(signature_id: UUID, attempt: int) -> None:
    if attempt < len(RETRY_AFTER):
        queue.enqueue(
            "send_confirmation",
            run_after=timezone.now() + RETRY_AFTER[attempt],
            signature_id=str(signature_id),
            attempt=attempt + 1,
        )
