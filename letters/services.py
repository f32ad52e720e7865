"""Everything that changes a letter. Texts are signed word for word, so the rules live here.

A change to signed words takes the letter's row FOR UPDATE. On PostgreSQL that waits for, and keeps
out, the FOR KEY SHARE lock that the insert of a signature takes through its foreign key, so nobody
can be the first to sign between the question whether anybody has and the change. On SQLite there
is one writer at a time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .canonical import SignedParts, canonical_body, canonical_text, text_digest
from .content import Bundle, BundleEvent, BundleText
from .enums import LoadOutcome
from .exceptions import BundleError, TextLocked
from .models import Letter, LetterText, TimelineEvent

SIGNED_LETTER_FIELDS = ("addressee", "cc", "sender", "letter_date")
SIGNED_TEXT_FIELDS = ("language", "title", "body", "is_courtesy_translation")
OWN_FIELDS = (
    *SIGNED_LETTER_FIELDS, "opens_at", "closes_at", "goal", "review", "is_published",
    "is_featured", "contact", "leaders", "sign_on_email",
)  # fmt: skip
LOCKED = _(
    "This letter has been signed. What people signed can no longer change: addressee, copies, "
    "sender, date, and each text's language, title and words."
)


@dataclass(frozen=True)
class LoadResult:
    """The letter that came of a bundle, and what loading did to it."""

    letter: Letter
    outcome: LoadOutcome


def letter_featured() -> Letter | None:
    """The published letter of the front page, None where none is chosen."""
    return Letter.objects.published().filter(is_featured=True).first()


def text_for(letter: Letter, language: str) -> LetterText | None:
    """The text in exactly `language`, else the binding one; None for a letter without words."""
    fitting = Q(language=language) | Q(is_courtesy_translation=False)
    return letter.texts.filter(fitting).order_by("-is_courtesy_translation").first()


def timeline_for(letter: Letter, language: str) -> list[TimelineEvent]:
    """The events told in exactly `language`, else those in the binding text's language."""
    events = list(letter.timeline.filter(language=language))
    if events:
        return events
    binding = letter.texts.filter(is_courtesy_translation=False).values("language")
    return list(letter.timeline.filter(language__in=binding))


def letter_is_signed(letter: Letter) -> bool:
    """Whether anybody's signature stands under `letter`, in whatever state it is."""
    # By its reverse name, because letters may not import signatures.
    return letter.signatures.exists()


def text_canonical(*, text: LetterText) -> str:
    """The canonical text (see `letters.canonical`) whose digest `text` carries."""
    return canonical_text(**_signed_parts(text.letter, text))


def letter_lock(*, letter: Letter) -> Letter:
    """The stored letter, its row locked until the transaction around this call ends."""
    return _lock(letter.pk)


@transaction.atomic
def letter_save(*, letter: Letter) -> Letter:
    """Store `letter`, and the digests of its texts with it; where featured, instead of any other.

    Raises TextLocked where a signed text would change by it.
    """
    if letter.pk is not None:
        _lock(letter.pk)
        _redigest(letter)
    if letter.is_featured:
        Letter.objects.exclude(pk=letter.pk).filter(is_featured=True).update(is_featured=False)
    letter.save()
    return letter


@transaction.atomic
def letter_delete(*, letter: Letter) -> None:
    """Remove `letter`, its texts and events; raises TextLocked where somebody has signed it."""
    _refuse_if_signed(_lock(letter.pk))
    letter.delete()


@transaction.atomic
def text_save(*, text: LetterText) -> LetterText:
    """Store `text` as it will be signed, with its digest.

    Raises TextLocked where that changes a text of a signed letter; a new translation is welcome.
    """
    letter = _lock(text.letter_id)
    text.body = canonical_body(text.body)
    text.digest = text_digest(**_signed_parts(letter, text))
    stored = LetterText.objects.filter(pk=text.pk).first()
    if stored and _identity(stored) != _identity(text):
        _refuse_if_signed(letter)
    text.save()
    return text


@transaction.atomic
def text_delete(*, text: LetterText) -> None:
    """Remove `text`; raises TextLocked where somebody has signed its letter."""
    _refuse_if_signed(_lock(text.letter_id))
    text.delete()


@transaction.atomic
def letter_load(*, bundle: Bundle) -> LoadResult:
    """Make the letter `bundle.slug` say what `bundle` says. Loading twice changes nothing.

    Raises TextLocked where somebody has signed and a signed text would change or disappear, and
    BundleError where a value does not fit; then nothing has changed.
    """
    existing = Letter.objects.select_for_update().filter(slug=bundle.slug).first()
    letter = existing or Letter(slug=bundle.slug)
    changes = [
        _load_letter(letter, bundle),
        _load_texts(letter, bundle),
        _load_timeline(letter, bundle),
    ]
    if existing is None:
        return LoadResult(letter, LoadOutcome.CREATED)
    return LoadResult(letter, LoadOutcome.UPDATED if any(changes) else LoadOutcome.UNCHANGED)


def _lock(letter_id: int) -> Letter:
    return Letter.objects.select_for_update().get(pk=letter_id)


def _refuse_if_signed(letter: Letter) -> None:
    if letter_is_signed(letter):
        raise TextLocked(LOCKED)


def _identity(text: LetterText) -> tuple[str, bool]:
    return text.digest, text.is_courtesy_translation


def _signed_parts(letter: Letter, text: LetterText) -> SignedParts:
    return {
        "addressee": letter.addressee,
        "cc": letter.cc,
        "sender": letter.sender,
        "letter_date": letter.letter_date,
        "language": text.language,
        "title": text.title,
        "body": text.body,
    }


def _redigest(letter: Letter) -> None:
    """Bring the stored texts' digests in line with `letter` as it is about to be stored."""
    for text in letter.texts.all():
        digest = text_digest(**_signed_parts(letter, text))
        if digest != text.digest:
            _refuse_if_signed(letter)
            text.digest = digest
            text.save(update_fields=["digest"])


def _load_letter(letter: Letter, bundle: Bundle) -> bool:
    changed = _assign(letter, {field: getattr(bundle, field) for field in OWN_FIELDS})
    if changed:
        _clean(letter, bundle)
        letter_save(letter=letter)
    return changed


def _load_texts(letter: Letter, bundle: Bundle) -> bool:
    stored = {text.language: text for text in letter.texts.all()}
    changed = False
    for language in stored.keys() - {text.language for text in bundle.texts}:
        text_delete(text=stored.pop(language))
        changed = True
    # Translations first: the binding text of today may become one, and there is only one of those.
    for words in sorted(bundle.texts, key=lambda text: not text.is_courtesy_translation):
        text = stored.get(words.language) or LetterText(letter=letter)
        changed |= _load_text(text, words, bundle)
    return changed


def _load_text(text: LetterText, words: BundleText, bundle: Bundle) -> bool:
    changed = _assign(text, asdict(words) | {"body": canonical_body(words.body)})
    if changed:
        _clean(text, bundle, without=["digest"])
        text_save(text=text)
    return changed


def _load_timeline(letter: Letter, bundle: Bundle) -> bool:
    fields = BundleEvent.__dataclass_fields__
    told = [asdict(event) for event in bundle.timeline]
    if list(letter.timeline.order_by("language", "order").values(*fields)) == told:
        return False
    events = [TimelineEvent(letter=letter, **event) for event in told]
    for event in events:
        _clean(event, bundle)
    letter.timeline.all().delete()
    TimelineEvent.objects.bulk_create(events)
    return True


def _assign(instance: models.Model, values: dict[str, object]) -> bool:
    """Set `values`; whether the stored row has to follow."""
    different = {name for name, value in values.items() if getattr(instance, name) != value}
    for name in different:
        setattr(instance, name, values[name])
    return bool(different) or instance.pk is None


def _clean(instance: models.Model, bundle: Bundle, without: list[str] | None = None) -> None:
    try:
        instance.clean_fields(exclude=without)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BundleError(f"{bundle.path}: {field}: {messages[0]}") from None
