"""What a caller gives, read once for every door: valid Unicode, in the form that articles have, and no more of it than can be looked for."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from rag.errors import InputError
from rag.types import Filters

# far more than anybody means, and less than SQLite takes in one statement
MOST_SOURCES = 1_000
MOST_WORDS = 100
MOST_STORIES = 200
MOST_HAVING = 20
# characters of a question, or of words to have: of a longer one, a text that was pasted, nobody could say what it asks
MOST_ASKED = 10_000
# Marks that combine with the letter before them are put in an order, and unicodedata does that by moving each past its
# neighbours: 100,000 of them in the wrong order took it ten seconds. No writing has so many on one letter.
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{64,}")


def valid(name: str, text: str) -> str:
    """The text as it is. Raises InputError where it is none, or could not be written as UTF-8."""
    if not isinstance(text, str):
        raise InputError(f"the {name} is {str(text)[:60]!a}; give a string")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        shown = text[max(0, error.start - 20) : error.start + 40]
        raise InputError(f"the {name} {shown!a} is not valid Unicode: it has half a character, a lone surrogate; type it anew") from None
    return text


def composed(name: str, text: str) -> str:
    """The text in NFC, as article texts are. Raises InputError where it is no valid text."""
    return nfc(valid(name, text))


def question_of(text: str) -> str:
    """A question, or what is searched for, without the space around it. Raises InputError where it is empty, too long or no valid text."""
    if not isinstance(text, str) or not text.strip():
        raise InputError("the question is empty; ask something")
    asked = composed("question", text.strip())
    if len(asked) > MOST_ASKED:
        raise InputError(f"the question has {len(asked):,} characters; the most is {MOST_ASKED:,}: ask for one thing, in a sentence or two")
    return asked


def words_of(text: str) -> list[str]:
    """The different words that a list is searched for. Raises InputError for too many."""
    words = list(dict.fromkeys(composed("words", text).split()))
    if len(words) > MOST_WORDS:
        raise InputError(f"words has {len(words):,} different words; the most is {MOST_WORDS:,}: leave out those that tell least")
    return words


def filters_of(
    after: date | None, before: date | None, sources: Sequence[str] | None, guessed: bool, undated: bool, having: Sequence[str] = ()
) -> Filters:
    """Which articles may answer.

    Raises InputError for what is no day, days in the wrong order, sources or words to have that are no list, too many, or blank, and for a `guessed`
    or `undated` that is neither True nor False.
    """
    for name, day in (("after", after), ("before", before)):
        if day is not None and not isinstance(day, date):
            raise InputError(f"{name} is {day!r}; give a datetime.date")
    if after and before and after > before:
        raise InputError(f"after ({after}) is later than before ({before}): no article can match")
    if isinstance(sources, str):
        raise InputError(f"sources is the string {sources[:60]!a}; give a list of source names")
    if sources is not None and len(sources) > MOST_SOURCES:
        raise InputError(f"sources has {len(sources):,} names; the most is {MOST_SOURCES:,}: name fewer, or leave it out to search them all")
    for name, given in (("guessed", guessed), ("undated", undated)):
        if not isinstance(given, bool):
            raise InputError(f"{name} is {given!r:.60}; give True or False")
    named = None if sources is None else tuple(composed("source", source) for source in sources)
    return Filters(after, before, named, guessed, undated, _having(having))


def _having(having: Sequence[str]) -> tuple[str, ...]:
    if isinstance(having, str):
        raise InputError(f"having is the string {having[:60]!a}; give a list, of which each string is words that an article has to have")
    if len(having) > MOST_HAVING:
        raise InputError(f"having has {len(having):,} strings; the most is {MOST_HAVING}: put words that stand together into one")
    words = tuple(dict.fromkeys(composed("having", one).strip() for one in having))
    if not all(words):
        raise InputError("having has a string without words; name what an article has to have, or leave it out")
    if any(len(one) > MOST_ASKED for one in words):
        raise InputError(f"having has a string of more than {MOST_ASKED:,} characters; name a few words that an article has to have")
    return words


def nfc(text: str) -> str:
    """Unicode's composed form, in time that is in proportion to the text's length whatever the text is."""
    return unicodedata.normalize("NFC", text if text.isascii() else _MANY_MARKS.sub(_ordered, text))


def _ordered(run: re.Match[str]) -> str:
    """The same characters to Unicode, with their marks in order already."""
    # one by one: together they would be put in order here
    apart = "".join(unicodedata.normalize("NFD", character) for character in run[0])
    pieces = groupby(apart, key=lambda character: unicodedata.combining(character) > 0)
    return "".join("".join(sorted(piece, key=unicodedata.combining) if marks else piece) for marks, piece in pieces)
