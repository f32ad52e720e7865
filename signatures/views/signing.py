"""The post that puts a name under a letter."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from letters.enums import Phase
from letters.models import Letter

from ..enums import HoldReason
from ..exceptions import TextChanged
from ..forms import SignForm
from ..proof_of_work import challenge_make, solution_spend
from ..ratelimit import Usage, Verdict, signing_usage
from ..services.signing import Arrival, signature_sign
from ..tokens import Purpose, make_token
from .letter import find_letter, letter_context, new_form
from .open_letters import forget, text_to_sign
from .origin import same_site_posts
from .outage import keeps_what_was_typed

ANY = "any-token"
BECAUSE_OF = {Verdict.HOLD: HoldReason.RATE, Verdict.UNKNOWN: HoldReason.LIMITS}
KEPT = ("name", "residence", "occupation", "email")


@same_site_posts
@require_POST
@cache_control(no_store=True)
@keeps_what_was_typed
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Store a signature and lead to its own page; or give the form back with every value kept.

    303 to `/s/<token>/` whether it is new, a duplicate or held; 422 with messages beside the
    fields; 429 with Retry-After above SIGN_RATE_REFUSE; a plain page while the letter is closed;
    503 while the database is away.
    """
    text, asks_proof = text_to_sign(slug)
    letter = text.letter
    form = new_form(text, request.POST, asks_proof=asks_proof)
    if letter.phase() is not Phase.OPEN:
        return _closed(request, letter, form)
    if not form.is_valid():
        context = letter_context(letter, text, form)
        return render(request, "signatures/form_errors.html", context, status=422)
    usage = signing_usage(request)
    if usage.verdict is Verdict.REFUSE:
        return _too_many(request, letter, form, usage)
    reasons = form.hold_reasons()
    if usage.verdict in BECAUSE_OF:
        reasons.append(BECAUSE_OF[usage.verdict])
    if asks_proof and not _is_proven(form, letter):
        reasons.append(HoldReason.PROOF)
    try:
        signature = signature_sign(text=text, signatory=form.signatory(), arrival=_arrival(reasons))
    except TextChanged:
        forget()
        return sign(request, slug)
    own_page = _own_page(get_language()).replace(ANY, make_token(Purpose.PAGE, signature.id))
    # RFC 9110, 15.4.4: see the result with GET
    return HttpResponse(status=303, headers={"Location": own_page})


@cache
def _own_page(_language: str | None) -> str:
    """The address of ANY signature's page in the active language: to find it takes a while."""
    return reverse("signature", args=[ANY])


def _arrival(reasons: list[HoldReason]) -> Arrival:
    return Arrival(hold_reasons=reasons, page_language=get_language() or "")


def _is_proven(form: SignForm, letter: Letter) -> bool:
    try:
        return solution_spend(form.cleaned_data["proof"], letter.pk)
    except (OSError, RedisError):
        return False  # nobody knows whether it has been spent: a person will look


@require_safe
@cache_control(no_store=True)
def challenge(_request: HttpRequest, slug: str) -> JsonResponse:
    """A riddle for the browser of one signer, see `signatures.proof_of_work`."""
    return JsonResponse(challenge_make(find_letter(slug).pk))


def _closed(request: HttpRequest, letter: Letter, form: SignForm) -> HttpResponse:
    kept = [(form[name].label, form[name].value()) for name in KEPT if form[name].value()]
    context = {"letter": letter, "phase": letter.phase().value, "kept": kept}
    return render(request, "signatures/closed.html", context)


def _too_many(request: HttpRequest, letter: Letter, form: SignForm, usage: Usage) -> HttpResponse:
    context = {"letter": letter, "form": form}
    response = render(request, "signatures/too_many.html", context, status=429)
    response["Retry-After"] = str(usage.retry_after)
    return response
