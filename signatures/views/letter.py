"""Pages to read: the letter, the list of letters, the privacy notice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letters.enums import Phase
from letters.models import Letter, LetterText
from letters.rendering import plain_summary, render_markdown
from letters.services import letter_featured, text_for, timeline_for

from ..forms import SignForm
from ..services.counts import letter_count
from ..services.guard import guard_of, public_names
from .page_cache import cached_page

RECENT = 12
DESCRIPTION = 200  # characters; what previews and search engines show


def find_letter(slug: str) -> Letter:
    """The published letter at `slug`; raises Http404."""
    letter = Letter.objects.published().select_related("guard").filter(slug=slug).first()
    if letter is None:
        raise Http404("no such letter")
    return letter


def find_text(letter: Letter) -> LetterText:
    """The letter's text for the language of the page; raises Http404 where it has none at all."""
    text = text_for(letter, get_language() or settings.LANGUAGE_CODE)
    if text is None:
        raise Http404("no such text")
    text.letter = letter
    return text


def alternates(route: str, *args: str | int) -> list[dict[str, Any]]:
    """The same page in each of the site's languages, for the language switch and for crawlers."""
    current = get_language()
    pages = []
    for code, name in settings.LANGUAGES:
        with override(code):
            url = reverse(route, args=args)
        pages.append(
            {
                "language": code,
                "name": name,
                "url": url,
                "address": settings.SITE_URL + url,
                "is_current": code == current,
            }
        )
    return pages


def four_lines() -> list[str]:
    """What a signature by e-mail says, as asked for in 2011."""
    return [_("Name:"), _("Place of Residence:"), _("Occupation:"), _("Email (optional):")]


def mailto(letter: Letter, text: LetterText) -> str:
    """An address that opens the visitor's mail program with the four lines of 2011, to fill in."""
    if not letter.sign_on_email:
        return ""
    body = quote("\r\n".join(f"{line} " for line in four_lines()))
    return f"mailto:{letter.sign_on_email}?subject={quote(text.title)}&body={body}"


def new_form(text: LetterText, data: Any = None, *, asks_proof: bool = False) -> SignForm:
    """The form under `text`, empty or with what was sent."""
    slug = text.letter.slug
    proof_url = reverse("challenge", args=[slug]) if asks_proof else ""
    return SignForm(data, text=text, action=reverse_lazy("sign", args=[slug]), proof_url=proof_url)


def percent_of(count: int, goal: int | None) -> int | None:
    """How much of the goal is reached, up to 100; None without one."""
    return min(100, count * 100 // goal) if goal else None


def letter_context(letter: Letter, text: LetterText, form: SignForm | None) -> dict[str, Any]:
    """Everything that the letter's page shows; the same for every visitor."""
    count = letter_count(letter=letter)
    is_binding = not text.is_courtesy_translation
    binding = None if is_binding else letter.texts.filter(is_courtesy_translation=False).first()
    body, appeal = render_markdown(text.body), render_markdown(text.appeal)
    return {
        "letter": letter,
        "text": text,
        "site_url": settings.SITE_URL,
        "body_html": body,
        "appeal_html": appeal,
        "description": plain_summary(appeal or body, DESCRIPTION),
        "binding_text": binding,
        "binding_url": _binding_url(letter, binding) if binding else "",
        "timeline": timeline_for(letter, text.language),
        "phase": letter.phase().value,
        "count": count,
        "percent": percent_of(count, letter.goal),
        "recent": list(public_names(letter=letter).order_by("-id")[:RECENT]),
        "form": form,
        "mailto": mailto(letter, text),
        "signatures_url": reverse("names", args=[letter.slug]),
        "alternates": alternates("letter", letter.slug),
    }


def _binding_url(letter: Letter, binding: LetterText) -> str:
    with override(binding.language):
        return reverse("letter", args=[letter.slug])


def render_letter(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The letter's page with an empty form, or with the reason why there is none."""
    text = find_text(letter)
    asks_proof = guard_of(letter=letter).asks_proof()
    form = new_form(text, asks_proof=asks_proof) if letter.phase() is Phase.OPEN else None
    return render(request, "signatures/letter.html", letter_context(letter, text, form))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The featured letter; else the only one; else a list."""
    return cached_page(request, lambda: _home(request))


def _home(request: HttpRequest) -> HttpResponse:
    featured = letter_featured()
    if featured:
        return render_letter(request, featured)
    letters = list(Letter.objects.published()[:2])
    if not letters:
        return render(request, "signatures/no_letter.html")
    return render_letter(request, letters[0]) if len(letters) == 1 else _list(request)


@require_safe
def letter_page(request: HttpRequest, slug: str) -> HttpResponse:
    return cached_page(request, lambda: render_letter(request, find_letter(slug)))


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """All published letters that are open, then the others."""
    return cached_page(request, lambda: _list(request))


def _list(request: HttpRequest) -> HttpResponse:
    written = Letter.objects.published().filter(texts__is_courtesy_translation=False)
    return render(request, "signatures/letter_list.html", list_context(written))


def list_context(letters: Iterable[Letter]) -> dict[str, Any]:
    """What a list of `letters` shows, those that are open first."""
    entries = [_entry(letter) for letter in sorted(letters, key=lambda each: not each.is_open)]
    return {"letters": entries, "alternates": alternates("letter_list")}


def _entry(letter: Letter) -> dict[str, Any]:
    return {
        "title": find_text(letter).title,
        "url": letter.get_absolute_url(),
        "addressee": letter.addressee_lines[0],
        "date": letter.letter_date,
        "count": letter_count(letter=letter),
        "phase": letter.phase().value,
    }


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Count, progress and a link, for a frame on anybody's site."""
    letter = find_letter(slug)
    count = letter_count(letter=letter)
    context = {
        "letter": letter,
        "text": find_text(letter),
        "phase": letter.phase().value,
        "count": count,
        "percent": percent_of(count, letter.goal),
        "letter_url": settings.SITE_URL + letter.get_absolute_url(),
    }
    response = render(request, "signatures/embed.html", context)
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Security-Policy"] = EMBED_POLICY
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.xframe_options_exempt = True
    return response


EMBED_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors *"


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "signatures/privacy.html", privacy_context(letter_featured()))


def privacy_context(letter: Letter | None) -> dict[str, Any]:
    """What the privacy notice shows; whoever sends `letter` is responsible."""
    return {"letter": letter, "alternates": alternates("privacy")}
