"""Builds the messages of the corpus; `corpus/README.md` describes the layout of its files."""

from __future__ import annotations

import base64
import html
import quopri
import textwrap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
Four = tuple[str, str, str, str]


@dataclass(frozen=True)
class Case:
    """One message and the people who sign in it."""

    title: str
    data: bytes
    signers: tuple[Four, ...]
    kind: str = ""


@dataclass
class Text:
    """One text of the corpus as written in its file."""

    title: str
    ways: list[str] = field(default_factory=lambda: ["utf-8 8bit"])
    headers: list[str] = field(default_factory=list)
    kind: str = ""
    body: str = ""
    signers: tuple[Four, ...] = ()


def read_corpus(name: str = "*") -> Iterator[Case]:
    """Yield every message of the files whose stem matches `name`."""
    for path in sorted(FOLDER.glob(f"{name}.txt")):
        for block in path.read_text("utf-8").split("\n=== ")[1:]:
            text = _read_text(f"{path.stem}/{block.partition(chr(10))[0]}", block)
            for number, way in enumerate(text.ways):
                yield Case(
                    f"{text.title} [{way}]", build(text, way, number), text.signers, text.kind
                )


def _read_text(title: str, block: str) -> Text:
    head, _, rest = block.partition("\n\n")
    body, separator, expected = rest.rpartition("\n---\n")
    if not separator:
        raise ValueError(f"{title}: no expected result")
    text = Text(title, body=body.rstrip("\n"))
    for line in head.split("\n")[1:]:
        key, _, value = line.partition(":")
        if key == "as":
            text.ways = [way.strip() for way in value.split(";")]
        elif key == "kind":
            text.kind = value.strip()
        else:
            text.headers.append(line)
    text.signers = tuple(_four(line) for line in expected.split("\n") if line.strip())
    return text


def _four(line: str) -> Four:
    name, residence, occupation, email = (cell.strip() for cell in line.split("|"))
    return name, residence, occupation, email


def build(text: Text, way: str, number: int = 0) -> bytes:
    """Return the bytes of a message sent the given way."""
    charset, transfer, *options = way.split()
    settings = dict(option.partition("=")[::2] for option in options)
    part = _body(text.body, charset, transfer, settings)
    if "scan" in settings:
        part = _multipart("mixed", [part, _picture()])
    headers = _headers(text, number)
    message = headers + b"MIME-Version: 1.0\n" + part
    if "attached" in settings:
        inner = b"Content-Type: message/rfc822\n\n" + message
        message = headers + _multipart(
            "mixed", [_part("See below.", "us-ascii", "7bit", {}), inner]
        )
    return message.replace(b"\n", b"\r\n") if "crlf" in settings else message


def _headers(text: Text, number: int) -> bytes:
    given = {line.partition(":")[0].lower() for line in text.headers}
    usual = {
        "From": "Somebody <somebody@example.org>",
        "To": "letter@example.com",
        "Date": "Mon, 06 Jun 2011 10:00:00 +0000",
        "Subject": "Open letter",
        "Message-ID": f"<{zlib.crc32(text.title.encode())}.{number}@example.org>",
    }
    lines = [f"{name}: {value}" for name, value in usual.items() if name.lower() not in given]
    return "\n".join([*text.headers, *lines, ""]).encode()


def _body(body: str, charset: str, transfer: str, settings: dict[str, str]) -> bytes:
    if body.startswith("MIME\n"):
        return body.removeprefix("MIME\n").encode(charset)
    if body.startswith("<"):
        return _part(body, charset, transfer, settings, "html")
    if program := settings.get("html"):
        return _part(as_html(body, program), charset, transfer, settings, "html")
    if program := settings.get("alternative") or settings.get("empty"):
        plain = "\n \n" if "empty" in settings else body
        forms = [
            _part(plain, charset, transfer, settings),
            _part(as_html(body, program), charset, transfer, settings, "html"),
        ]
        return _multipart("alternative", forms)
    if "flowed" in settings:
        lines = (textwrap.wrap(line, 60) or [""] for line in body.split("\n"))
        body = "\n".join(" \n".join(pieces) for pieces in lines)
    return _part(body, charset, transfer, settings)


def _part(
    body: str, charset: str, transfer: str, settings: dict[str, str], kind: str = "plain"
) -> bytes:
    said = settings.get("said", charset)
    declared = "" if said == "none" else f"; charset={said}"
    flowed = "; format=flowed" if "flowed" in settings else ""
    head = f"Content-Type: text/{kind}{declared}{flowed}\nContent-Transfer-Encoding: {transfer}\n\n"
    raw = (body + "\n").encode(charset)
    encoders = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}
    return head.encode() + encoders.get(transfer, bytes)(raw)


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    mark = f"b{sum(map(len, parts))}x{len(parts)}"
    opening = f"Content-Type: multipart/{kind}; boundary={mark}\n\n"
    pieces = b"".join(f"--{mark}\n".encode() + part + b"\n" for part in parts)
    return opening.encode() + pieces + f"--{mark}--\n".encode()


def _picture() -> bytes:
    head = b"Content-Type: image/png; name=scan.png\nContent-Disposition: attachment\n"
    return head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(bytes(range(90)))


def as_html(body: str, program: str) -> str:
    """Return a text in the HTML that a mail program makes of it; quotations as its own."""
    return _PROGRAMS[program](body).replace("\0", "")


def _escaped(line: str) -> str:
    return html.escape(line, quote=False).replace("  ", "&nbsp; ")


def _gmail(body: str) -> str:
    lines = _quotes(body, '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">')
    return '<div dir="ltr">' + "".join(_gmail_line(line) for line in lines) + "</div>"


def _gmail_line(line: str) -> str:
    return line if line.startswith("\0") else f"<div>{_escaped(line) or '<br>'}</div>"


def _quotes(body: str, opening: str) -> Iterator[str]:
    """The lines without `>` marks; what opens and closes a quotation is marked with NUL."""
    depth = 0
    for line in body.split("\n"):
        text = line.lstrip("> ") if line.startswith(">") else line
        marks = line[: len(line) - len(text)].count(">") if line.startswith(">") else 0
        while depth != marks:
            yield "\0" + (opening if depth < marks else "</blockquote>")
            depth += 1 if depth < marks else -1
        yield text
    yield from ["\0</blockquote>"] * depth


def _outlook(body: str) -> str:
    lines = _quotes(body, "<blockquote style='margin-top:5.0pt'>")
    paragraphs = "\n".join(line if line.startswith("\0") else _mso(line) for line in lines)
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv=Content-Type content="text/html">'
        "<style><!-- p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt;} --></style>"
        "<!--[if gte mso 9]><xml></xml><![endif]--></head>"
        f"<body lang=EN-US link=blue><div class=WordSection1>{paragraphs}</div></body></html>"
    )


def _mso(line: str) -> str:
    return f"<p class=MsoNormal>{_escaped(line) or '&nbsp;'}<o:p></o:p></p>"


def _apple(body: str) -> str:
    lines = _quotes(body, '<blockquote type="cite" class="">')
    text = "".join(
        line if line.startswith("\0") else _escaped(line) + '<br class="">' for line in lines
    )
    return f'<html><head></head><body style="word-wrap: break-word;" class="">{text}</body></html>'


def _qq(body: str) -> str:
    lines = _quotes(body, '<blockquote style="border-left:#ccc 1px solid">')
    font = '<div><font face="Microsoft YaHei">%s</font></div>'
    return "".join(
        line if line.startswith("\0") else font % (_escaped(line) or "&nbsp;") for line in lines
    )


def _plain(body: str) -> str:
    return "<pre>" + html.escape(body) + "</pre>"


_PROGRAMS = {"gmail": _gmail, "outlook": _outlook, "apple": _apple, "qq": _qq, "plain": _plain}
