"""Names in Latin letters, well enough to notice that two may be one person's. Never for keys alone.

`anyascii` knows every script letter by letter; this module adds what it cannot know: readings of
family names, letters that sound together, vowels that are not written. Sources: Hanyu Pinyin, the
Revised Romanization of Korean and the spellings Koreans use abroad, ISO 843 (Greek), ISO 259
(Hebrew), the syllable structure of Tibetan as in the Wylie scheme.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import zip_longest

from anyascii import anyascii

from .normalise import canonical

# Characters that are read otherwise when they are a family name, with the reading as a name.
HAN_FAMILY_READINGS = dict(
    pair.split("=")
    for pair in """
    单=shan 單=shan 曾=zeng 仇=qiu 解=xie 查=zha 区=ou 區=ou 盖=ge 蓋=ge 尉=yu 乐=yue 樂=yue 朴=piao
    任=ren 冼=xian 翟=zhai 覃=qin 缪=miao 繆=miao 员=yun 宓=fu 燕=yan 万=wan 召=shao 隗=wei 秘=bi
    """.split()
)

# Family names as Koreans write them abroad where that differs from the Revised Romanization.
KOREAN_FAMILY_NAMES = dict(
    pair.split("=")
    for pair in """
    김=kim 이=lee 박=park 최=choi 정=jung 강=kang 임=lim 오=oh 유=yoo 류=ryu 노=noh 우=woo 권=kwon
    구=koo 곽=kwak 고=ko 길=kil 금=keum 피=pi 변=byun 주=joo 신=shin 심=shim 문=moon 윤=yoon 조=cho
    """.split()
)

HANGUL_NAME = re.compile(r"\b([가-힣])(?=[가-힣]{2,3}\b)")
HANGUL_SHORT_NAME = re.compile(r"^([가-힣])(?=[가-힣]$)")

TITLES_AFTER = re.compile(
    r"(?<=[\u3400-\u9fff])(?:先生|女士|小姐|教授|博士|老师|老師|律师|律師)$"
    r"|(?<=[가-힣])\s*(?:씨|님|교수님?|박사님?|선생님?)$"
)

GREEK = [
    (re.compile(pattern), letters)
    for pattern, letters in [
        ("ου", "u"), ("([αε])υ(?=[θκξπσστφχψ])", r"\1φ"), ("([αε])υ", r"\1β"), ("γ(?=[γχ])", "ν"),
        ("γκ", "γ"), (r"\bμπ", "b"), (r"\bντ", "d"), ("β", "v"), ("χ", "ch"), ("η|υ|[εο]ι", "i"),
        ("αι", "e"),
    ]
]  # fmt: skip

HEBREW = str.maketrans("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "'vgd'wzhtykklmmnns'ffsskrst")
HEBREW_STOPS = {"ב": "b", "פ": "p", "ה": "h"}

# The sign for a nasal takes the place of the consonant that follows it.
INDIC_NASAL = re.compile("[\u0902\u0982\u0a02\u0a82\u0b02\u0c02](?![\u0900-\u0c7f\\s]?[पफबभम])")

# Stacked letters, as they are spoken: `rdo rje`; a syllable that ends inside a stack; a silent
# letter on top or before; letters with ra or ya below. Then what is written and not spoken.
TIBETAN_STACKS = [
    (re.compile("\u0f62\u0fa1\u0f7c\u0f0b\u0f62\u0f97"), "\u0f51\u0f7c\u0f62\u0f0b\u0f47"),
    (
        re.compile("(?<=[\u0f40\u0f41\u0f45-\u0f4f\u0f53\u0f54])\u0f62(?=[\u0f90-\u0fac])"),
        "\u0f62\u0f0b",
    ),
    (re.compile("[\u0f62\u0f63\u0f66](?=[\u0f90-\u0fac])"), ""),
    (
        re.compile("(?<![\u0f40-\u0fbc])[\u0f42\u0f51\u0f56\u0f58\u0f60](?=[\u0f40-\u0f58]\u0fb2)"),
        "",
    ),
    (re.compile("[\u0f40-\u0f58\u0f90-\u0fa8]\u0fb2"), "\u0f4f"),
    (re.compile("[\u0f54-\u0f56\u0fa4-\u0fa6]\u0fb1"), "\u0f46"),
    (re.compile("\u0f5f\u0fb3"), "\u0f51"),
]
TIBETAN_UNSPOKEN = [
    (re.compile(r"^db"), "w"),
    (re.compile(r"^[gdbm'](?=[^aeiouyh][a-z])"), ""),
    (re.compile(r"(?<=\w)[ds]$"), ""),
    (re.compile(r"^b(?=o?$)"), "w"),
]

TIBETAN = re.compile("[\u0f00-\u0fff]+")
ARABIC_ARTICLE = re.compile(r"\bو?ال(?=\w{2})")
GREEK_LETTERS = re.compile("[\u0370-\u03ff]")
HEBREW_INITIAL = re.compile(r"\b[בפה]")

# Whole words that people spell in ways no rule of sound brings together.
SAME_WORDS = dict(
    pair.split("=")
    for pair in """
    yi=lee ri=lee rhee=lee rim=lim im=lim roh=noh ro=noh pak=park bak=park yoo=ryu yu=ryu you=ryu
    padma=pema abraham=avraham michael=mikael rachel=rahel chana=hana hannah=hana chaim=haim
    """.split()
)

# Spellings of one sound in the romanisations of the world's languages, applied in this order.
SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        ("^nt", "d"), ("^mp", "b"),
        ("schtsch|shch|sch|sh", "s"), ("tsch|tch", "ch"), ("ph", "f"), ("kh", "h"), ("th", "t"),
        ("dh", "d"), ("gh", "g"), ("bh", "b"), ("ck|q", "k"), ("tz|ts", "s"), ("dz", "z"),
        ("n(?=b)", "m"), ("x", "ks"),
        ("c(?=[eiy])", "s"), ("c(?!h)", "k"), ("ou|oo|oe|ue|eo|eu|uo|ow(?![aeiou])", "u"),
        ("aa|ae", "a"), ("ee|ei|ey|ai|ay|ie|iy|yi|ij|[jy]", "i"), ("w", "v"), ("e", "a"),
        ("o", "u"), ("(?<=[aiu])h(?![aiu])", ""), (r"(.)\1+", r"\1"),
    ]
]  # fmt: skip

# What neighbouring languages confuse, and what is left when vowels and half-vowels go unwritten.
NEIGHBOURS = str.maketrans("gdbfz", "ktpps")
UNWRITTEN = str.maketrans("", "", "aeiouhvwyjc")

ABJAD = re.compile("[\u0590-\u074f\u08a0-\u08ff]")
UYGHUR_VOWELS = re.compile("[ېۇۆۈە]")
BRAHMIC = re.compile("[\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff]")
HAN = re.compile("[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
HANGUL = re.compile("[\uac00-\ud7a3]")


def romanise(value: str) -> str:
    """Return text of any script as lower-case ASCII words of letters and digits, single-spaced."""
    text = _read_family_name(without_title(value))
    text = TIBETAN.sub(lambda name: _tibetan(name[0]), text)
    text = ARABIC_ARTICLE.sub("al ", canonical(text)).replace("\u0902\u0939", "\u0902\u0918")
    if GREEK_LETTERS.search(text):
        for letters, spoken in GREEK:
            text = letters.sub(spoken, text)
    text = HEBREW_INITIAL.sub(lambda letter: HEBREW_STOPS[letter[0]], text)
    text = _as_speakers_write(text, anyascii(INDIC_NASAL.sub("n", text.translate(HEBREW))).lower())
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['`]", "", text)))


def _as_speakers_write(text: str, letters: str) -> str:
    """Write Indic `c` as `ch`, Korean `ui` as `i` and a single `l` between vowels as `r`."""
    if BRAHMIC.search(text):
        return re.sub("c(?!h)", "ch", letters)
    if HANGUL.search(text):
        return re.sub("(?<=[aeiou])l(?=[aeiouwy])", "r", letters.replace("ui", "i"))
    return letters


def without_title(name: str) -> str:
    """Return a name in NFKC without the titles that Chinese and Korean write after it."""
    return TITLES_AFTER.sub("", unicodedata.normalize("NFKC", name).strip())


def _read_family_name(text: str) -> str:
    if HAN.match(text) and text[0] in HAN_FAMILY_READINGS:
        return f"{HAN_FAMILY_READINGS[text[0]]} {text[1:]}"
    for pattern in (HANGUL_NAME, HANGUL_SHORT_NAME):
        text = pattern.sub(lambda family: KOREAN_FAMILY_NAMES.get(family[1], family[1]) + " ", text)
    return text


def _tibetan(name: str) -> str:
    """Speak a name; two syllables make a word of it."""
    for stack, spoken in TIBETAN_STACKS:
        name = stack.sub(spoken, name)
    syllables = [
        _syllable(syllable) for syllable in re.split("[^\u0f40-\u0fbc]+", name) if syllable
    ]
    return " ".join(map("".join, zip_longest(syllables[::2], syllables[1::2], fillvalue="")))


def _syllable(written: str) -> str:
    """Drop a syllable's silent letters and put its unwritten vowel back."""
    spoken = anyascii(written).lower()
    for pattern, letters in TIBETAN_UNSPOKEN:
        spoken = pattern.sub(letters, spoken)
    if re.search("[aeiou]", spoken):
        return spoken
    return re.sub(r"^(.+?)(ng|[gnbmrl])?$", r"\1a\2", spoken)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """Return one spelling for a romanised word's common ones: `Mohammed` as `Muhamad`."""
    word = SAME_WORDS.get(word, word)
    for pattern, letter in SOUNDS:
        word = pattern.sub(letter, word)
    return word


def broad_sound(word: str) -> str:
    """Return `sound` with consonants merged that neighbouring languages confuse: `g` is `k`."""
    return sound(word).translate(NEIGHBOURS)


def skeleton(word: str) -> str:
    """Return a romanised word's consonants, merged, without an article: `Mohammed` is `mt`."""
    bare = re.sub(r"^[aeiu]l(?=\w{3})", "", word)
    return re.sub(r"(.)\1+", r"\1", broad_sound(bare).translate(UNWRITTEN))


def has_unwritten_vowels(text: str) -> bool:
    """Whether a script leaves out vowels that Latin letters would write."""
    if ABJAD.search(text):
        return not UYGHUR_VOWELS.search(text)
    return bool(BRAHMIC.search(text))


def script_of(text: str) -> str:
    """Return the first word of the Unicode name of the text's first letter, "" without letters."""
    return next((unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()), "")
