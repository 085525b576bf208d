"""What a sentence offers a question: words that could be the answer."""

import re

from rag.english.names import alike
from rag.english.words import CARDINALS, MONTH_NAMES, SCALES, TENS, WEEKDAYS
from rag.question import FUNCTION_WORDS, Kind, Question, plain

_WORD = re.compile(r"[^\W_](?:[\w'&.,-]*\w)?")
_FULL_NAME = re.compile(r"\b[A-ZÀ-Þ][a-zß-ÿ]+ (?:[A-Z]\. )?[A-ZÀ-Þ][\w'-]+")
_REASON = re.compile(r"\b(?:because|due to|since|after|owing|thanks to|caused?|reasons?|so that|in order to|results?|amid)\b", re.IGNORECASE)
_NUMBER_WORDS = frozenset({*CARDINALS, *TENS, *SCALES}) | frozenset(
    "hundreds thousands millions billions dozens half third quarter twice double triple first second fourth fifth sixth seventh eighth ninth "
    "tenth".split()
)
_DAYS = WEEKDAYS | frozenset(MONTH_NAMES)
# words that begin sentences with a capital and name nothing
_OPENERS = frozenset(
    "he she they we i you it but and in on at for the a an this that these those there after before when while as if so by with from to of his "
    "her their our my its not no yes many some most more all one two then now also however although though since during among according "
    "it's".split()
)
# kinds whose answers are names
_CAPITAL = frozenset(Kind) - {Kind.NUMBER, Kind.DATE, Kind.REASON}


def offers(sentence: str, question: Question) -> bool:
    """Whether the sentence has words of the kind that the question asks for and that do not stand in it."""
    sentence = alike(sentence)
    match question.kind:
        case Kind.REASON:
            return _REASON.search(sentence) is not None
        case Kind.PERSON:
            return _FULL_NAME.search(sentence) is not None and _has_candidate(sentence, question)
        case _:
            return _has_candidate(sentence, question)


def _has_candidate(sentence: str, question: Question) -> bool:
    for match in _WORD.finditer(sentence):
        written = match.group()
        # most words are none by their first letter alone
        if question.kind in _CAPITAL and not written[0].isupper():
            continue
        word = plain(written)
        if word not in question.words and word not in FUNCTION_WORDS and _fits(written, word, question.kind):
            return True
    return False


def _fits(written: str, word: str, kind: Kind) -> bool:
    match kind:
        case Kind.NUMBER:
            return written[0].isdigit() or word in _NUMBER_WORDS
        case Kind.DATE:
            return written[0].isdigit() or word in _DAYS
        case _:
            return word not in _OPENERS and word not in _DAYS
