"""The lines of a mail's text: how deep each is quoted, which are borders, which nobody wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from .labels import FOLD

LONGEST_LINE = 2_000


class Role(Enum):
    """What a line does: TEXT may carry a value, BLANK is white, BORDER ends what stands before."""

    TEXT = auto()
    BLANK = auto()
    BORDER = auto()


@dataclass(frozen=True)
class Line:
    """One line without its quotation marks; `depth` counts them."""

    text: str
    depth: int = 0
    role: Role = Role.TEXT


_QUOTED = re.compile(r"\s{0,3}((?:[>＞›]\s?)+)(?=\s*\S|\s*\Z)")
_INVISIBLE = dict.fromkeys(
    [*range(9), *range(11, 32), 0x7F, 0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFC]
    + [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_RULE = re.compile(r"\s*(?:[-_=*~—–─━═#·•]\s?){3,}.*", re.DOTALL)
_TABLE_RULE = re.compile(r"[\s+|┌┬┐├┼┤└┴┘─│:=-]*[+|┌┬├┼└┴│][\s+|┌┬┐├┼┤└┴┘─│:=-]*")
_PROGRAM_SIGNATURE = re.compile(r"--\s?")
_ATTRIBUTION = re.compile(
    r"""(?:.*\S)?\s*(?:wrote|writes|写道|寫道|寫到|写到|的邮件|пишет|писал|писала|написал|написала|написал\(а\)
    |a\s+écrit|écrit|escribió|escribe|ha\s+scritto|schrieb|escreveu|schreef|كتب|كتبت|đã\s+viết)\s*[:：]\s*\Z
    |(?:On|Le|El|Am|Em|В|في|在|于)\s.{0,60}\d{1,2}[:.]\d\d.*
    |On\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\S*\s.*\d.*
    |\d{4}年\d{1,2}月\d{1,2}日.*|在\s*\d{4}.*|\d{4}-\d\d-\d\d\s.{0,60}<.*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HEADER = re.compile(
    r"""[*_\s]*(?:from|sent|date|to|cc|bcc|subject|reply-to|von|gesendet|datum|an|betreff|de|envoyé|objet|à
    |date\s+d'envoi|enviado|enviado\s+el|fecha|para|asunto|发件人|发送时间|发送日期|日期|收件人|抄送|主题|寄件者|寄件人|收件者
    |主旨|主題|寄件日期|傳送時間|副本|傳送日期|时间|от|от\s+кого|кому|дата|отправлено|тема|копия|من|إلى|الى|التاريخ|الموضوع
    |تم\s+الإرسال|أُرسلت|نسخة|da|a|data|oggetto|差出人|送信日時|宛先|件名|보낸\s?사람|보낸\s?날짜|받는\s?사람|제목|từ|tới|gửi)
    [*_\s]*[:：].*""",
    re.VERBOSE | re.IGNORECASE,
)
_FORWARD = re.compile(
    r".{0,3}(?:begin forwarded message|forwarded message|original message|anfang der weitergeleiteten"
    r"|début du message|inicio del mensaje|开始转发的邮件|下面是被转发的邮件|以下は転送|начало переадресованного"
    r"|ursprüngliche nachricht|message d'origine|mensaje original|исходное сообщение|بدء الرسالة"
    r"|الرسالة الأصلية|转发邮件|轉寄|轉寄郵件).{0,30}",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r".{0,3}(?:sent (?:from|via|with|by) |get outlook for|发自我的|从我的|發自我的|從我的|来自我的|傳自我的|отправлено (?:с|из)"
    r"|envoyé (?:de|depuis)|enviado desde|enviado do|enviado de mi|von meine[mr] .* gesendet|gesendet von"
    r"|أرسلت من|تم الإرسال من|inviato da|verzonden vanaf|gửi từ|iphoneから送信|나의 iphone).{0,80}",
    re.IGNORECASE,
)


def read_lines(text: str) -> list[Line]:
    """Cut text into lines, longer ones than 2,000 characters short, without program signatures."""
    raw = (_read_line(line[:LONGEST_LINE]) for line in _physical(text))
    return list(_without_program_signatures(_with_header_blocks(list(raw))))


def _physical(text: str) -> Iterable[str]:
    return re.split(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]", unicodedata.normalize("NFC", text))


def _read_line(raw: str) -> Line:
    clean = raw.translate(_INVISIBLE).translate(FOLD if "＞" in raw[:4] else {0xA0: 0x20})
    quoted = _QUOTED.match(clean)
    depth = sum(char in ">›" for char in quoted[1]) if quoted else 0
    text = clean[quoted.end() :] if quoted else clean
    if _PROGRAM_SIGNATURE.fullmatch(text):
        return Line("--", depth, Role.BORDER)
    return Line(text.strip(" "), depth, _role(text.strip()))


def _role(text: str) -> Role:
    if not text or _TABLE_RULE.fullmatch(text):
        return Role.BLANK
    if _is_rule(text) or any(
        pattern.fullmatch(text) for pattern in (_ATTRIBUTION, _FORWARD, _DEVICE)
    ):
        return Role.BORDER
    return Role.TEXT


def _is_rule(text: str) -> bool:
    """A rule, bare (`-----`) or with a title (`--- Original Message ---`), not `***Name:*** x`."""
    if not _RULE.fullmatch(text):
        return False
    words = text.strip("-_=*~—–─━═#·• \t")
    return not words or (text[-3:].strip("-_=*~—–─━═#·• ") == "" and ":" not in words)


def _with_header_blocks(lines: list[Line]) -> Iterator[Line]:
    """Turn `From: … / Sent: … / To: …` into borders; one such line alone is ordinary text."""
    headers = [line.role is Role.TEXT and bool(_HEADER.fullmatch(line.text)) for line in lines]
    for index, line in enumerate(lines):
        near = headers[max(0, index - 2) : index] + headers[index + 1 : index + 3]
        yield Line(line.text, line.depth, Role.BORDER) if headers[index] and any(near) else line


def _without_program_signatures(lines: Iterable[Line]) -> Iterator[Line]:
    """Drop what follows `-- ` (RFC 3676, 4.3) until the quotation changes or a border comes."""
    inside: int | None = None
    for line in lines:
        if line.text == "--" and line.role is Role.BORDER:
            inside = line.depth
        elif inside is not None and line.role is not Role.BLANK:
            if line.depth != inside or line.role is Role.BORDER:
                inside = None
        if inside is None or line.text == "--":
            yield line
