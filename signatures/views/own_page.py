"""A signer's own pages. A link that is not good for its purpose shows one calm page, no hint.

GET never changes anything: mail scanners and link previews follow every link they see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from letters.services import text_for

from ..enums import Confirmation, State, Visibility
from ..exceptions import IllegalTransition
from ..forms import ChangeForm
from ..models import Signature
from ..sealing import unseal
from ..services import own_page as services
from ..services.confirmation import (
    Confirmed,
    confirmation_is_open,
    signature_confirm,
    signature_disown,
)
from ..tokens import Purpose, make_token, read_token
from .origin import same_site_posts

OwnView = Callable[[HttpRequest, Signature], HttpResponse]


def own(purpose: Purpose, *methods: str) -> Callable[[OwnView], Callable[..., HttpResponse]]:
    """Give a view the signature that its token, made for `purpose`, stands for."""

    def decorate(view: OwnView) -> Callable[..., HttpResponse]:
        @same_site_posts
        @require_http_methods(["GET", "HEAD", *methods])
        @never_cache
        @wraps(view)
        def with_signature(request: HttpRequest, token: str) -> HttpResponse:
            signature = _find(purpose, token)
            try:
                response = view(request, signature) if signature else gone(request)
            except (IllegalTransition, Signature.DoesNotExist):
                # Decided or erased between being found and being changed.
                response = gone(request)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return with_signature

    return decorate


def _find(purpose: Purpose, token: str) -> Signature | None:
    claim = read_token(purpose, token)
    if claim is None:
        return None
    signature = Signature.objects.select_related("letter").filter(id=claim.signature_id).first()
    if signature is None:
        return None
    if purpose is Purpose.PAGE and claim.version != signature.link_version % 256:
        return None
    return signature


def gone(request: HttpRequest) -> HttpResponse:
    """The one page for every link that does not work, whatever the reason."""
    return render(request, "signatures/signature_gone.html", status=404)


def _page_url(signature: Signature) -> str:
    return _url("signature", signature)


def _url(route: str, signature: Signature, purpose: Purpose = Purpose.PAGE) -> str:
    version = signature.link_version if purpose is Purpose.PAGE else 0
    return reverse(route, args=[make_token(purpose, signature.id, version)])


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response


def _done(request: HttpRequest, headline: str, sentence: str) -> HttpResponse:
    context = {"headline": headline, "sentences": [sentence]}
    return render(request, "signatures/signature_done.html", context)


def _words(signature: Signature) -> tuple[str, list[str]]:
    """Where the signature stands, in words that are the same for new, duplicate and held ones.

    One that counts before anybody looked says so only afterwards: a duplicate never could.
    """
    state = State(signature.state)
    if state is State.ACCEPTED and signature.confirmation is not Confirmation.UNREVIEWED:
        return _("Your signature counts"), [_("Thank you. It is one of the signatures delivered.")]
    if state is State.REJECTED:
        return _("Your signature was not accepted"), [
            _("A person looked at it and decided that it cannot stand under this letter.")
        ]
    if signature.email_key and not signature.confirmed_at:
        return _("Almost done: look into your mailbox"), [
            _("Thank you. We have sent a mail to the address you gave; it takes some minutes."),
            _("Your signature counts when you have pressed the button that the mail leads to."),
            _("If you have signed before, your first signature stands and nothing else is needed."),
        ]
    return _("Your signature has arrived"), [
        _("Thank you. A person will look at it."),
        _("If you have signed before, your first signature stands and nothing else is needed."),
    ]


def _context(signature: Signature) -> dict[str, Any]:
    is_withdrawn = signature.state == State.WITHDRAWN
    is_rejected = signature.state == State.REJECTED
    letter_url = reverse("letter", args=[signature.letter.slug])
    return {
        "signature": signature,
        "letter": signature.letter,
        "text": text_for(signature.letter, signature.language),
        "text_url": letter_url,
        "page_url": _page_url(signature),
        "can_change": not is_withdrawn and not is_rejected,
        "can_withdraw": not is_withdrawn and not is_rejected,
        "change_url": _url("signature_change", signature),
        "withdraw_url": _url("signature_withdraw", signature),
        "erase_url": _url("signature_erase", signature),
    }


@own(Purpose.PAGE)
def signature_page(request: HttpRequest, signature: Signature) -> HttpResponse:
    """State in words, what was signed, and what can be done."""
    if signature.state == State.WITHDRAWN:
        return render(request, "signatures/signature_done.html", _withdrawn(signature))
    headline, sentences = _words(signature)
    context = _context(signature) | {"headline": headline, "sentences": sentences}
    return render(request, "signatures/signature.html", context)


def _withdrawn(signature: Signature) -> dict[str, Any]:
    return {
        "headline": _("Your signature is withdrawn"),
        "sentences": [
            _("It no longer counts, and your name and address are deleted."),
        ],
        "erase_url": _url("signature_erase", signature),
    }


@own(Purpose.CONFIRM, "POST")
def confirm(request: HttpRequest, signature: Signature) -> HttpResponse:
    """GET shows a button; POST confirms and leads to the signer's page under a new link."""
    if not confirmation_is_open(signature):
        return gone(request)
    if signature.confirmed_at:
        return _see(_page_url(signature))
    if request.method != "POST":
        context = _context(signature)
        context["not_me_url"] = _url("signature_not_me", signature, Purpose.NOT_ME)
        return render(request, "signatures/signature_confirm.html", context)
    outcome, confirmed = signature_confirm(signature_id=signature.id)
    if outcome is Confirmed.GONE or confirmed is None:
        return gone(request)
    return _see(_page_url(confirmed))


@own(Purpose.NOT_ME, "POST")
def not_me(request: HttpRequest, signature: Signature) -> HttpResponse:
    """GET shows a button; POST removes an unconfirmed signature that names somebody's mailbox."""
    if signature.confirmed_at:
        return gone(request)
    if request.method != "POST":
        return render(request, "signatures/signature_not_me.html", {"signature": signature})
    signature_disown(signature_id=signature.id)
    return _done(request, _("It is removed"), _("Your address is deleted as well."))


@own(Purpose.PAGE, "POST")
def change(request: HttpRequest, signature: Signature) -> HttpResponse:
    """Change who sees the name at once; a corrected detail goes back to a person."""
    if signature.state in {State.WITHDRAWN, State.REJECTED}:
        return gone(request)
    before = {field: getattr(signature, field) for field in ("name", "residence", "occupation")}
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        initial={**before, "visibility": signature.visibility},
    )
    if not form.is_valid():
        context = _context(signature) | {"form": form}
        status = 422 if form.is_bound else 200
        return render(request, "signatures/signature_change.html", context, status=status)
    _save_change(signature, before, form.cleaned_data)
    return _see(_page_url(signature))


def _save_change(signature: Signature, before: dict[str, str], after: dict[str, Any]) -> None:
    visibility = Visibility(after["visibility"])
    if visibility != signature.visibility:
        services.signature_show(signature_id=signature.id, visibility=visibility)
    corrected = {field: after[field] for field in before}
    if corrected != before:
        email = unseal(signature.email_sealed) if signature.email_sealed else ""
        services.signature_correct(signature_id=signature.id, email=email, **corrected)


@own(Purpose.PAGE, "POST")
def withdraw(request: HttpRequest, signature: Signature) -> HttpResponse:
    """GET shows a button; POST takes the name off the letter at once."""
    if signature.state == State.REJECTED:
        return gone(request)
    if request.method != "POST":
        return render(request, "signatures/signature_withdraw.html", _context(signature))
    services.signature_withdraw(signature_id=signature.id)
    return _see(_page_url(signature))


@own(Purpose.PAGE, "POST")
def erase(request: HttpRequest, signature: Signature) -> HttpResponse:
    """GET shows a button; POST deletes the signature."""
    if request.method != "POST":
        return render(request, "signatures/signature_erase.html", _context(signature))
    services.signature_erase(signature_id=signature.id)
    return _done(
        request, _("Everything is erased"), _("Your signature and what belonged to it is deleted.")
    )


@own(Purpose.UNSUBSCRIBE, "POST")
def unsubscribe(request: HttpRequest, signature: Signature) -> HttpResponse:
    """GET shows a button; POST (also the one-click post of RFC 8058) stops the updates."""
    if request.method != "POST":
        return render(request, "signatures/unsubscribe.html", {"signature": signature})
    services.updates_stop(signature_id=signature.id)
    return _done(request, _("No more mails"), _("You will get no further updates."))
