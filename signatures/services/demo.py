"""Generated signers, so that every page and list can be looked at before anybody signs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from letters.models import Letter, LetterText

from .. import keys
from ..enums import HoldReason, Source, State, Visibility
from ..models import CountChange, Signature
from ..normalise import clean_text

LOCALES = [
    "en_US", "zh_CN", "zh_TW", "fr_FR", "ru_RU", "es_ES", "ar_AA", "de_DE", "vi_VN", "hi_IN",
    "fa_IR", "ja_JP", "ko_KR", "el_GR", "he_IL", "th_TH", "tr_TR", "pl_PL", "uk_UA", "ka_GE",
]  # fmt: skip
# Faker knows no Tibetan or Uyghur names; these are common given names, put together at random.
TIBETAN = ["བསྟན་འཛིན", "སྒྲོལ་མ", "དོན་གྲུབ", "ཚེ་རིང", "པདྨ", "བཀྲ་ཤིས", "ལྷ་མོ", "ཉི་མ"]
UYGHUR = ["ئالىم", "گۈلنار", "پەرھات", "ئايگۈل", "ئەركىن", "رەنا", "تۇرسۇن", "دىلنۇر"]
SPREAD = timedelta(days=60)
BATCH = 1_000
POOL = 400
MARK = "demo:"  # in front of `source_ref`, so that nobody ever has to guess who was invented


def demo_sign(
    *,
    letter: Letter,
    number: int,
    seed: int = 1989,
    on_progress: Callable[[int], object] = lambda _n: None,
) -> int:
    """Add `number` generated signatures in believable proportions of states; return how many.

    The same seed gives the same people. Running it again adds other people.
    """
    text = letter.texts.get(is_courtesy_translation=False)
    already = Signature.objects.filter(letter=letter).count()
    rows = _rows(text, number, random.Random(f"{seed}-{already}"), already)  # noqa: S311
    made = 0
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            Signature.objects.bulk_create(batch)
            CountChange.objects.bulk_create(_changes(batch))
        made += len(batch)
        on_progress(len(batch))
    return made


def is_signed_by_people(*, letter: Letter) -> bool:
    """Whether `letter` has a signature that `demo_sign` did not make."""
    return Signature.objects.filter(letter=letter).exclude(source_ref__startswith=MARK).exists()


def _changes(batch: list[Signature]) -> Iterator[CountChange]:
    days: dict[date, int] = {}
    for row in batch:
        if row.state == State.ACCEPTED:
            days[row.created_at.date()] = days.get(row.created_at.date(), 0) + 1
    for day, change in days.items():
        yield CountChange(letter=batch[0].letter, day=day, change=change)


def _rows(
    text: LetterText, number: int, chance: random.Random, already: int
) -> Iterator[Signature]:
    people = _people(chance)
    end = timezone.now()
    step = SPREAD / number
    for index in range(number):
        name, residence, occupation = next(people)
        # Two people of one name, place and work are one person to the database: number them.
        unique = f"{name} {already + index}"
        moment = end - SPREAD + step * index
        yield _row(text, chance, moment, (name, residence, occupation), unique)


def _row(
    text: LetterText,
    chance: random.Random,
    moment: datetime,
    person: tuple[str, str, str],
    unique: str,
) -> Signature:
    name, residence, occupation = person
    signature_id = _id_at(moment, chance)
    with_email = chance.random() < 0.7
    state = _state(chance, with_email)
    held = state is State.PENDING and chance.random() < 0.4
    email = f"person-{unique.rsplit(' ', 1)[-1]}@example.org"
    return Signature(
        id=signature_id,
        letter=text.letter,
        text_digest=text.digest,
        language=text.language,
        name=name,
        residence=residence,
        occupation=occupation,
        email_key=keys.email_key(text.letter_id, email, unique) if with_email else None,
        person_key=keys.person_key(text.letter_id, unique, residence, occupation),
        visibility=chance.choices(list(Visibility), weights=[45, 45, 10])[0],
        state=state,
        source=Source.WEB,
        source_ref=f"{MARK}{signature_id}",
        hold_reasons=[chance.choice(list(HoldReason)).value] if held else [],
        created_at=moment,
        confirmed_at=moment if with_email and state is State.ACCEPTED else None,
        decided_at=moment if state in {State.ACCEPTED, State.REJECTED} and not with_email else None,
    )


def _state(chance: random.Random, with_email: bool) -> State:
    if chance.random() < 0.9:
        return State.ACCEPTED
    if with_email:
        return State.UNCONFIRMED
    return chance.choice([State.PENDING, State.PENDING, State.REJECTED])


def _id_at(moment: datetime, chance: random.Random) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) as it would have been made at `moment`."""
    milliseconds = int(moment.timestamp() * 1000)
    tail = chance.getrandbits(74)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low)


def _people(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Endless name, residence and occupation, each person's three lines in one language."""
    from faker import Faker  # only here: no visitor ever needs it

    pools = []
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(chance.getrandbits(32))
        pools.append(
            [tuple(map(clean_text, (fake.name(), fake.city(), fake.job()))) for _ in range(POOL)]
        )
    for given, city, job in ((TIBETAN, "ལྷ་ས", "དགེ་རྒན"), (UYGHUR, "ئۈرۈمچى", "ئوقۇتقۇچى")):
        pools.append([(" ".join(chance.sample(given, 2)), city, job) for _ in range(POOL)])
    while True:
        pool = chance.choice(pools)
        _name, residence, occupation = chance.choice(pool)
        yield chance.choice(pool)[0], residence, occupation
