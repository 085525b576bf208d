"""The names in a text, and how a word is known again."""

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
