"""A site in the middle of its work, for a browser to walk through. Everybody here is made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from deliveries.enums import DeliveryState
from deliveries.models import Delivery, Packet
from letters.models import Letter, LetterText
from letters.services import text_save
from signatures.enums import State, Visibility
from signatures.models import CountChange, Signature, Update
from signatures.services.places import places_recount
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, TextFactory

BUNDLE = settings.BASE_DIR / "letters" / "content" / "un-2011"
PEOPLE = [
    ("Amal Haddad", "Beirut, Lebanon", "teacher"),
    ("བསྟན་འཛིན", "ལྷ་ས", "དགེ་རྒན"),
    ("阿凡提·买买提", "乌鲁木齐", "教师"),
    ("Нина Орлова", "Псков, Россия", "врач"),
    ("ليلى منصور", "القاهرة", "مهندسة"),
    ("María-José O’Connor Nguyễn", "Bogotá, Colombia", "trabajadora social"),
]
ARABIC = LetterText(
    language="ar",
    title="رسالة مفتوحة إلى الأمين العام للأمم المتحدة",
    body="السيد الأمين العام:\n\nنطلب منكم أن تعرضوا هذا الأمر على مجلس الأمن.\n\nمع الاحترام،",
    is_courtesy_translation=True,
)


@dataclass(frozen=True)
class Campaign:
    """The open letter, one of its signatures, and one that waits for its mailbox."""

    letter: Letter
    signature: Signature
    unconfirmed: Signature

    def own(self, route: str, language: str, *, purpose: Purpose = Purpose.PAGE) -> str:
        """The address of a signer's own page."""
        waits = route in {"signature_confirm", "signature_not_me"}
        signature = self.unconfirmed if waits else self.signature
        return self._reverse(route, language, make_token(purpose, signature.id))

    def address(self, route: str, language: str, *args: object) -> str:
        """The address of a public page."""
        return self._reverse(route, language, *args)

    def _reverse(self, route: str, language: str, *args: object) -> str:
        with translation.override(language):
            return reverse(route, args=args)


def make_campaign() -> Campaign:
    """The 2011 letter with 130 names on six days, a delivery and news; and two other letters."""
    call_command("load_letter", str(BUNDLE), stdout=StringIO())
    letter = Letter.objects.get(slug="un-2011")
    text_save(text=_copy(ARABIC, letter))
    binding = letter.texts.get(is_courtesy_translation=False)
    signed = [_sign(binding, number) for number in range(130)]
    waiting = {"state": State.PENDING, "email": ""}
    for number in range(3):
        _sign(binding, 500 + number, hold_reasons=["rate"], **waiting)
    unconfirmed = _sign(binding, 600, state=State.UNCONFIRMED)
    _other_letters()
    _deliver(letter)
    _tell(letter)
    places_recount(letter=letter)
    return Campaign(letter, signed[-1], unconfirmed)


def _copy(text: LetterText, letter: Letter) -> LetterText:
    return LetterText(
        letter=letter,
        language=text.language,
        title=text.title,
        body=text.body,
        is_courtesy_translation=text.is_courtesy_translation,
    )


def _sign(text: LetterText, number: int, **changes: Any) -> Signature:
    name, residence, occupation = PEOPLE[number % len(PEOPLE)]
    moment = timezone.now().replace(microsecond=0) - timedelta(days=number**2 % 11)
    signature: Signature = SignatureFactory.create(
        text=text,
        id=UUID(int=(int(moment.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number),
        name=f"{name} {number}" if number >= len(PEOPLE) else name,
        residence=residence,
        occupation=occupation,
        visibility=Visibility.PUBLIC,
        created_at=moment,
        **changes,
    )
    if signature.state == State.ACCEPTED:
        CountChange.objects.create(letter=text.letter, day=moment.date(), change=1)
    return signature


def _other_letters() -> None:
    now = timezone.now()
    TextFactory(letter__slug="later", letter__opens_at=now + timedelta(days=9), title="Later")
    TextFactory(letter__slug="ended", letter__closes_at=now - timedelta(days=9), title="Ended")


def _deliver(letter: Letter) -> None:
    delivery = Delivery.objects.create(
        number=1,
        letter=letter,
        kind="whole",
        state=DeliveryState.READY,
        touched_at=timezone.now(),
        frozen_at=datetime(2026, 6, 4, 12, tzinfo=UTC),
        handed_over_on=date(2026, 6, 5),
        total=130,
    )
    for number, recipient in enumerate(letter.recipients, 1):
        packet = Packet.objects.create(
            delivery=delivery,
            recipient=recipient,
            name=f"{number}-packet",
            manifest_digest="a" * 64,
        )
        packet.folder.mkdir(parents=True, exist_ok=True)
        (packet.folder / "manifest.json").write_text("{}")
        (packet.folder / "digests.txt").write_text(f"{packet.manifest_digest}\n")


def _tell(letter: Letter) -> None:
    Update.objects.create(
        letter=letter,
        subject="The letter has been handed over",
        body="On 5 June the list was **received** in New York.",
        is_public=True,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
