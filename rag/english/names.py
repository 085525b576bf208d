"""The names in a text, and how a word is known again."""

import re

from rag.english.words import CALENDAR

# So many letters of a word are enough to know it again: China, Chinese; cancel, cancelled.
_ENOUGH = 4
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAME = re.compile(r"(?<!\w)[A-Z][\w.]*\w")
# One name, written in many ways; and its own news leaves it out where everything is about it, so that none need have it.
_AMERICA = re.compile(r"(?<!\w)(?:U\.S\.(?:A\.)?|USA?|United States|Americans?)(?!\w)")


def words_in(text: str) -> list[str]:
    """The words as they are written, an owner's "'s" kept."""
    return _WORD.findall(text)


def beginning(word: str) -> str:
    """The first four letters, by which a word is known again in another form."""
    return word[:_ENOUGH]


def names_in(text: str, *, first: bool = False) -> frozenset[str]:
    """The beginnings of the names in a text, in lower case; of one at the text's very beginning only if told so."""
    found = ((match.start(), match[0].replace(".", "").lower()) for match in _NAME.finditer(_AMERICA.sub("America", text)))
    return frozenset(beginning(word) for at, word in found if (at or first) and word not in CALENDAR)
