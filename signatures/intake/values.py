"""Single values as people write them behind a label: tidied, and judged before they are believed."""

from __future__ import annotations

import re

from signatures.normalise import clean_text

from .labels import FOLD, Field, field_of

_EMPHASIS = re.compile(r"\A(?:[*_\s]+)|(?:[*_\s]+)\Z")
_LEADERS = re.compile(r"\A[\s._…·:：=|>-]+(?=[\s._…]{2}|[\s_|:：=>])|[\s_…]{2,}\Z|\.{3,}\Z")
_EDGES = " \t\r\n,;，；、。|"
_WRAPPED = re.compile(
    r"\A(?:\[(.*)\]|<(.*)>|【(.*)】|“(.*)”|\"(.*)\"|「(.*)」|\{(.*)\})\Z", re.DOTALL
)
_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\"'，；、@]+@[^\s<>()\[\],;:\"'，；、@]+\.[^\s<>()\[\],;:\"'，；、@.]{2,}\.?"
)
_ADDRESS_TAIL = re.compile(r"\s*[<(\[]?(?:mailto:)?" + _ADDRESS.pattern + r"[>)\]]?\s*\Z")
_PLACEHOLDER = re.compile(
    r"\W*(?:x{3,}|n/?a|tba|tbd|(?:insert|enter|write|type|put|fill)\b.*|.*\bhere|your .*|(?:please |kindly ).*"
    r"|optional|required|e\.?g\.?,? .*|for example.*|例如.*|(?:请|請)(?:填|输|輸|在).*|选填|可选|選填|必填|同上|ваше .*|votre .*"
    r"|su nombre.*|tu nombre.*|اسمك.*|اكتب.*)\W*",
    re.IGNORECASE,
)
_NOT_IN_NAMES = re.compile(
    r"[@?？!！{}=;；。<>\\]|\.{3}|https?:|www\.|\b(?:please|your|you|would|should|must|this|that|which|required"
    r"|because|cannot|thanks|thank|want|sign|signed|signature|petition|letter|support|click)\b"
    r"|谢谢|支持|签名|请|您|你们|我们|什么|吗|пожалуйста|спасибо|подпис|merci|gracias|firma\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:hi|hello|dear|hey|good (?:morning|day|evening|afternoon)|(?:many |with )?thanks?|thank you|best|regards"
    r"|(?:best|kind|warm|with kind|with best|warmest) (?:regards|wishes)|sincerely|yours|cheers|love|peace|respectfully"
    r"|in solidarity|god bless|greetings|cordially|此致|敬礼|敬禮|谢谢|謝謝|你好|您好|尊敬的|祝|顺祝|此上|致敬|уважа|здравств|привет"
    r"|добрый|спасибо|с уваж|с наил|искренне|bonjour|madame|monsieur|merci|cordialement|salutations|bien à"
    r"|hola|estimad|gracias|saludos|atentamente|cordialmente|un abrazo|buenos|مرحبا|السلام|تحية|شكرا|مع |وتفضلوا"
    r"|mit freundlichen|viele grüße|hallo|danke|liebe grüße|sehr geehrte|i |we |please|this|the )",
    re.IGNORECASE,
)


def tidy(value: str) -> str:
    """Return a value without markers around it (`*x*`, `[x]`, `____x`); empty for a bare filler."""
    for _ in range(3):
        value = _EMPHASIS.sub("", _LEADERS.sub("", value)).strip(_EDGES)
        wrapped = _WRAPPED.match(value)
        value = next(filter(None, wrapped.groups()), "") if wrapped else value
    text = clean_text(value)
    return text if any(char.isalnum() for char in text) and not _PLACEHOLDER.fullmatch(text) else ""


def tidy_name(value: str) -> str:
    """Return a name without an address behind it; empty when no person's name can be in there.

    A question, a sentence, an address or a label in the place of a name is not a name: it is
    better to leave a signature to a person's eye than to invent one.
    """
    name = tidy(_ADDRESS_TAIL.sub("", value)).rstrip("!")
    digits = sum(char.isdigit() for char in name)
    if len(name) > 200 or digits > 4 or not any(char.isalpha() for char in name):
        return ""
    if _NOT_IN_NAMES.search(name) or ":" in name or len(name.split()) > 10:
        return ""
    return "" if field_of(name) is Field.NAME else name


def tidy_line(value: str, field: Field) -> str:
    """Return a residence or occupation; empty when it only repeats its label."""
    text = tidy(value)
    return "" if field_of(text) is field and " " in text else text


def find_address(value: str) -> str:
    """Return the first e-mail address in a value, without `mailto:` and brackets; empty if none."""
    found = _ADDRESS.search(re.sub(r"(?i)mailto:", " ", value.translate(FOLD)))
    return found[0].rstrip(".") if found else ""


def is_address(value: str) -> bool:
    """Whether a whole line is an address, possibly in brackets or repeated as a link."""
    rest = _ADDRESS.sub("", re.sub(r"(?i)mailto:", "", value.translate(FOLD)))
    return rest != value.translate(FOLD) and not any(char.isalnum() for char in rest)


def is_courtesy(value: str) -> bool:
    """Whether a line greets, thanks, or begins a sentence, so that it is nobody's value."""
    return bool(_COURTESY.match(value.strip()))


def looks_personal(name: str) -> bool:
    """Whether text without any label reads as a person's name: few words, capitals, no digits."""
    words = name.split()
    if not tidy_name(name) or is_courtesy(name) or any(char.isdigit() for char in name):
        return False
    if any(char.islower() for char in name):
        return 2 <= len(words) <= 5 and words[0][0].isupper() and words[-1][0].isupper()
    return len(name) <= 40 and len(words) <= 5
