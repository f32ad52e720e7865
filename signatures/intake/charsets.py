"""Bytes of text to text, when the declared charset is right, wrong, unknown or missing."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator

from charset_normalizer import from_bytes

from .labels import field_of

#: What programs write for charsets that contain the declared one.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "euc-cn": "gb18030", "hz-gb-2312": "hz", "big5": "cp950", "x-x-big5": "cp950",
    "cn-big5": "cp950", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "sjis": "cp932",
    "x-sjis": "cp932", "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949",
    "windows-949": "cp949", "x-windows-949": "cp949", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254",
    "iso-8859-8": "cp1255", "iso-8859-8-i": "cp1255", "iso-8859-6-i": "iso8859-6",
    "tis-620": "cp874", "windows-874": "cp874", "unicode-1-1-utf-7": "utf-7",
    "utf-16": "utf-16-le", "unicode": "utf-16-le", "cp-850": "cp850",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
}  # fmt: skip
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"\x84\x31\x95\x33": "gb18030",
}  # fmt: skip
_ESCAPES = {
    b"\x1b$)C": "iso2022_kr", b"\x1b$B": "iso2022_jp_ext", b"\x1b$@": "iso2022_jp_ext",
    b"\x1b(J": "iso2022_jp_ext", b"~{": "hz",
}  # fmt: skip
_USUAL = (
    "gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949", "koi8-r", "cp1251", "cp1256",
    "cp1252", "iso8859-5", "cp866", "iso8859-6", "cp1250", "cp1254", "cp1258", "koi8-u",
    "cp1253", "cp1255", "mac_cyrillic",
)  # fmt: skip
_WIDE = ("utf-16-le", "utf-16-be")
#: What is judged to tell charsets apart, in bytes.
SAMPLE = 20_000
ENOUGH_HANGUL = 12
_HEADS = re.compile(r"^[\s*>\d.)(（【-]*([^\n:：]{1,40}?)[*\s]*[:：】]", re.MULTILINE)


def decode(data: bytes, declared: str = "") -> str:
    """Return the text of `data`, never failing: what no charset explains becomes U+FFFD."""
    return data.decode(charset_of(data, declared), errors="replace").removeprefix("\ufeff")


def charset_of(data: bytes, declared: str = "") -> str:
    """Return the name of Python's codec for `data`; a character cut off at its end is forgiven.

    Valid UTF-8 is UTF-8 whatever the label says. Otherwise the declared charset holds while it
    gives plausible text; when it does not, the charset wins in which the four labels can be read
    and whose letters keep company, with charset-normalizer's opinion among the candidates.
    """
    known = _canonical(declared)
    for certain in _certain(data, known):
        if _try(data, certain) is not None:
            return certain
    if _is_nearly_utf8(data):
        return "utf-8"
    text = _try(data, known) if known else None
    if text is not None and plausibility(text) > 0.6 and not _reads_better_elsewhere(text, data):
        return known
    return _best(data, known)


def _canonical(declared: str) -> str:
    name = declared.strip(" \t\"'").lower()
    name = _WIDER.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return name if info._is_text_encoding else ""  # noqa: SLF001


def _certain(data: bytes, declared: str) -> Iterator[str]:
    for mark, charset in _MARKS.items():
        if data.startswith(mark):
            yield charset
    if b"\0" in data:
        yield from (declared,) if declared.startswith(("utf-16", "utf-32")) else ()
        yield from _by_nuls(data)
    if declared == "utf-7" and data.isascii():
        yield declared
    for escape, charset in _ESCAPES.items():
        if escape in data and data.isascii():
            yield charset
    yield "utf-8"


def _is_nearly_utf8(data: bytes) -> bool:
    """UTF-8 with a few bytes of another charset in it, as list programs' footers leave them."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - broken > 8 * broken


def _by_nuls(data: bytes) -> Iterator[str]:
    """UTF-16 without a mark: its ASCII letters leave NULs at every other place."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if odd > 4 * even and odd > max(2, len(data) / 50):
        yield "utf-16-le"
    if even > 4 * odd and even > max(2, len(data) / 50):
        yield "utf-16-be"


def _try(data: bytes, charset: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(charset)("strict").decode(data)
    except (UnicodeError, LookupError, ValueError):
        return None


def _best(data: bytes, known: str) -> str:
    sample = data[:SAMPLE]
    charsets = list(dict.fromkeys(filter(None, (known, *_USUAL, *_guessed(sample)))))
    if b"\0" in data:
        charsets += _WIDE
    readings = [(charset, _try(sample, charset)) for charset in charsets]
    scored = [
        (_labels(text), plausibility(text), -rank, charset)
        for rank, (charset, text) in enumerate(readings)
        if text is not None
    ]
    return max(scored)[3] if scored else _least_damaged(sample, charsets)


def _least_damaged(sample: bytes, charsets: Iterable[str]) -> str:
    """The charset with the fewest broken characters, for text that was cut or mixed."""
    tried = [
        (charset, sample.decode(charset, errors="replace")) for charset in ("utf-8", *charsets)
    ]
    return max(tried, key=lambda one: (_labels(one[1]), -one[1].count("\ufffd")))[0]


def _guessed(sample: bytes) -> Iterator[str]:
    guess = from_bytes(sample).best()
    if guess and guess.encoding not in {"ascii", "utf_8"}:
        yield guess.encoding


def _reads_better_elsewhere(text: str, data: bytes) -> bool:
    """Whether non-ASCII text without a single label in it gains some in another charset."""
    if text.isascii() or _labels(text):
        return False
    others = (_try(data[:SAMPLE], charset) for charset in _USUAL)
    return any(other is not None and _labels(other) for other in others)


def _labels(text: str) -> int:
    """How many lines begin with one of the four labels in a script of its own."""
    heads = {head for head in _HEADS.findall(text[:SAMPLE]) if not head.isascii()}
    return sum(field_of(head) is not None for head in heads)


def plausibility(text: str) -> float:
    """Return how well the non-ASCII characters of a text keep company, -2 to 1.05; 1 if none."""
    sample = text[:SAMPLE]
    scores = [
        _company(sample[index - 1 : index] or " ", char, sample[index + 1 : index + 2] or " ")
        for index, char in enumerate(sample)
        if char > "\x7f"
    ]
    if sum(map(_is_hangul, sample)) >= ENOUGH_HANGUL and not any(map(_is_han, sample)):
        return 1.05  # the same bytes are Chinese of daily use, but never only such ones by chance
    return sum(scores) / len(scores) if scores else 1.0


def _company(before: str, char: str, after: str) -> float:
    """One character between its neighbours: 1 where people write it, below 0 where they do not."""
    category = unicodedata.category(char)
    if category in {"Cc", "Co", "Cn"} or char == "\ufffd" or "\u2500" <= char <= "\u259f":
        return -2.0
    if _is_han(char):
        return _han(char) - (1.0 if _is_hangul(before) or _is_hangul(after) else 0.0)
    if category[0] == "L" and char < "\u0250":
        return _latin(before, after)
    if category[0] == "L" and "\u0400" <= char <= "\u04ff":
        return _cyrillic(before, char, after)
    if "\uff61" <= char <= "\uff9f" or "\u3400" <= char <= "\u4dbf":
        return -0.5
    if char < "\u0e00" and (_is_ascii_letter(before) or _is_ascii_letter(after)):
        return -1.0 if category[0] == "L" else -0.3
    if category[0] in "LM":
        return 0.95  # Arabic, kana, hangul: any order is possible, and less common here than Han
    if "\u2010" <= char <= "\u203a":
        return 1.0  # the quotation marks and dashes of Windows
    return 0.5 if category[0] in "PZN" else -0.5


def _latin(before: str, after: str) -> float:
    """An accented letter stands beside a plain one, or alone."""
    is_alone = not before.isalnum() and not after.isalnum()
    return 1.0 if is_alone or _is_ascii_letter(before) or _is_ascii_letter(after) else -0.4


def _cyrillic(before: str, char: str, after: str) -> float:
    """A capital after a small letter, or a word of two scripts, comes from a wrong charset."""
    if _is_ascii_letter(before) or _is_ascii_letter(after):
        return -1.0
    if char.isupper() and before.islower():
        return -1.0
    return 1.0 if before.isalpha() or after.isalpha() or char.islower() else 0.3


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3"


def _is_ascii_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _han(char: str) -> float:
    """1 for the first levels of GB 2312 and Big5, the characters of daily use; less for others."""
    for charset, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if first <= char.encode(charset)[0] <= last:
                return 1.0
        except UnicodeEncodeError:
            continue
    return -0.3
