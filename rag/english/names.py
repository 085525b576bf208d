"""The names in a text, and how a word is known again: by its stem, and with or without the marks inside it."""

import re
from functools import cache, lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from rag.english.words import CALENDAR

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAME = re.compile(r"(?<!\w)[A-Z][\w.]*\w")
# One name, written in many ways; and its own news leaves it out where everything is about it, so that none need have it.
_AMERICA = re.compile(r"(?<!\w)(?:U\.S\.(?:A\.)?|USA?|United States|Americans?)(?!\w)")
# A people is called after its country: Haitian, Japanese.
_PEOPLE = re.compile(r"(?<=\w{3})(?:ish|[ae][ns]|[aeiouy])+$")
# what has no width, so that a word with it looks like the same word (a soft hyphen ends a line, too); other forms of a hyphen and an apostrophe
_UNSEEN = ("\u00ad\n", "\u00ad", "\u200b", "\u2060", "\ufeff")
_HYPHENS, _APOSTROPHES = "\u2010\u2011", "’ʼʻ"
_PLAIN = (*((mark, "") for mark in _UNSEEN), *((mark, "-") for mark in _HYPHENS), *((mark, "'") for mark in _APOSTROPHES))
# the rest of a code; few have more parts
_REST = r"(?:(?:[-_]\n?)?(?:\d++|[A-Z]++)){0,8}+[a-z]?(?![^\W_])"
_WITH_MARKS = re.compile(
    r"\b(?:[^\W\d_]++(?:"
    # a name, but no possessive and no verb's short form
    r"(?:'(?!(?i:s|t|d|m|re|ve|ll)\b)[^\W\d_]++)+"
    # a word over two lines
    r"|-[ \t]*\n[ \t]*[^\W\d_A-Z]+"
    # letters and digits of one code; a word that only begins with a number, as "19-year-old" and "2nd" do, is none
    rf"|(?:[-_]\n?)?\d++{_REST})|\d++[-_]?[A-Z]++{_REST})"
)
# a code that may be written in two parts; a single letter or digit would be a part of too much
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)")


def words_in(text: str) -> list[str]:
    """The words as they are written, an owner's "'s" kept."""
    return _WORD.findall(text)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What a word in lower case has in common with its other forms: cancel, cancelled; China, Chinese, but not Chinatown."""
    return _PEOPLE.sub("", "".join(_stemmer().analyze(word.removesuffix("'s").removesuffix("’s").removesuffix("i"))))


@cache
def _stemmer() -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.ascii_fold()).filter(Filter.stemmer("english")).build()


def names_in(text: str, *, first: bool = False) -> frozenset[str]:
    """The stems of the names in a text; of one at the text's very beginning only if told so."""
    found = ((match.start(), match[0].replace(".", "").lower()) for match in _NAME.finditer(_AMERICA.sub("America", text)))
    return frozenset(stem(word) for at, word in found if (at or first) and word not in CALENDAR)


def alike(text: str) -> str:
    """The text without what cannot be seen, with plain hyphens and apostrophes; its offsets may be others."""
    for mark, plain in _PLAIN:
        text = text.replace(mark, plain)
    return text


def searched(text: str) -> str:
    """The text as its words are searched: alike, and at its end the other forms of those with marks inside, and of codes that could have one."""
    text = alike(text)
    return " ".join([text, *(other for match in _WITH_MARKS.finditer(text) for other in _others(match[0]))])


def _others(word: str) -> list[str]:
    joined = "".join(filter(str.isalnum, word))
    if joined != word:
        return [joined]
    parts = _LETTERS_AND_DIGITS.fullmatch(word)
    return list(parts.groups()) if parts else []
