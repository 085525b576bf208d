"""An article's keywords, as they stand in it: names in full, phrases that come back, telling words."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rag.english.phrases import Token, tokens
from rag.english.words import ADDRESSES, NAMELESS, SAY, TIMES
from rag.question import FUNCTION_WORDS
from rag.store import stems
from rag.types import Span

_MOST = 8
# the most words of a name, and of a phrase that is none
_LONGEST_NAME, _LONGEST_PHRASE = 5, 3
# how often a phrase that is no name has to stand in article and title
_COMES_BACK = 2
# a longer phrase says more than its words do, up to so many; a name says more than a word
_WORD_GAIN, _GAINING_WORDS, _NAME_GAIN = 0.25, 3, 1.2
# small words that may stand inside a name
_JOINTS = frozenset("of de la del al bin von van".split())
_ADDRESSES = frozenset(map(str.lower, ADDRESSES)) | {"sir"}
_NOTHING = NAMELESS | TIMES | FUNCTION_WORDS | _ADDRESSES | SAY | frozenset("told tell tells your nobody anybody something nothing".split())


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that a keyword may have: its window without a possessive's ending, its stems (none for a joint), whether it is a name's."""

    span: Span
    stems: tuple[str, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    span: Span
    stems: tuple[str, ...]
    words: int
    named: bool


def keywords(text: str, title: str, sentences: Sequence[Span], rarity: Callable[[str], float]) -> tuple[Span, ...]:
    """The up to eight most telling phrases of the sentences, best first, each where it first stands; no two share a stem.

    A stem weighs (1 + log tf) * idf (Salton and Buckley, "Term-weighting
    approaches in automatic text retrieval", 1988), with the title as a part of
    the text; a phrase weighs what its stems do on average, and more the longer it
    is, since whole phrases are otherwise outweighed by their rarest word
    (El-Beltagy and Rafea, "KP-Miner", 2009, which also asks that a phrase comes back).
    """
    runs = list(_runs(text, sentences))
    counts = Counter(stem for run in runs for word in run for stem in word.stems) + Counter(stems(title))
    weights = {stem: (1 + math.log(count)) * rarity(stem) for stem, count in counts.items()}
    ranked = sorted(_candidates(runs, counts), key=lambda phrase: (-_score(phrase, weights), phrase.span))
    return tuple(_apart(ranked))


def _candidates(runs: Iterable[Sequence[_Word]], counts: Mapping[str, int]) -> Iterator[_Phrase]:
    """Every name, and every other phrase that comes back, where it first stands."""
    first: dict[tuple[str, ...], _Phrase] = {}
    times: Counter[tuple[str, ...]] = Counter()
    for run in runs:
        for phrase in _phrases(run):
            first.setdefault(phrase.stems, phrase)
            times[phrase.stems] += 1
    for key, phrase in first.items():
        standing = counts[key[0]] if len(key) == 1 else times[key]
        if phrase.named or standing >= _COMES_BACK:
            yield phrase


def _score(phrase: _Phrase, weights: Mapping[str, float]) -> float:
    mean = math.fsum(weights[stem] for stem in phrase.stems) / len(phrase.stems)
    gain = 1 + _WORD_GAIN * (min(phrase.words, _GAINING_WORDS) - 1)
    return round(mean * gain * (_NAME_GAIN if phrase.named else 1), 9)


def _apart(ranked: Iterable[_Phrase]) -> list[Span]:
    used: set[str] = set()
    found: list[Span] = []
    for phrase in ranked:
        if len(found) < _MOST and not used.intersection(phrase.stems):
            used.update(phrase.stems)
            found.append(phrase.span)
    return found


def _phrases(run: Sequence[_Word]) -> Iterator[_Phrase]:
    """The names in a run of words, each whole, and the phrases of up to three words between them."""
    start = 0
    while start < len(run):
        end = start
        while end < len(run) and run[end].named:
            end += 1
        if end > start:
            name = _trimmed(run[start:end])
            if name and len(name) <= _LONGEST_NAME:
                yield _phrase(name, named=True)
        else:
            end = start + 1
            for words in (run[start : start + length] for length in range(1, _LONGEST_PHRASE + 1) if start + length <= len(run)):
                if not any(word.named for word in words):
                    yield _phrase(words, named=False)
        start = end


def _trimmed(name: Sequence[_Word]) -> Sequence[_Word]:
    """Without the small words that it ends with."""
    while name and not name[-1].stems:
        name = name[:-1]
    return name


def _phrase(words: Sequence[_Word], *, named: bool) -> _Phrase:
    span = Span(words[0].span.start, words[-1].span.end)
    return _Phrase(span, tuple(stem for word in words for stem in word.stems), len(words), named)


def _runs(text: str, sentences: Sequence[Span]) -> Iterator[list[_Word]]:
    """The words that can be part of a keyword, in runs that no mark, function word or possessive parts."""
    written = [tokens(text, sentence, ()) for sentence in sentences]
    names = _names(written)
    stemmed = cache(lambda word: tuple(stems(word)))
    for number, sentence in enumerate(written):
        run: list[_Word] = []
        for at, token in enumerate(sentence):
            plain = _plain(token)
            if run and run[-1].named and plain in _JOINTS:
                run.append(_Word(token.span, (), named=True))
                continue
            possessive = token.lower.endswith(("'s", "'"))
            if _telling(token, plain) and stemmed(plain):
                # an abbreviation keeps its stop
                end = token.span.start + len(plain) if possessive else token.span.end
                run.append(_Word(Span(token.span.start, end), stemmed(plain), (number, at) in names))
                if not possessive:
                    continue
            yield run
            run = []
        yield run


def _names(written: Sequence[Sequence[Token]]) -> set[tuple[int, int]]:
    """Which words of which sentences have a name's capital.

    The one that opens a sentence has it if the word has one inside a sentence
    too, or if one follows; and never if it is also written small.
    """
    openers = [next((at for at, token in enumerate(sentence) if token.letters), 0) for sentence in written]
    small = {_plain(token) for sentence in written for token in sentence if not token.capital}
    inside = {_plain(token) for opener, sentence in zip(openers, written, strict=True) for token in sentence[opener + 1 :] if token.capital}
    found = set()
    for number, (opener, sentence) in enumerate(zip(openers, written, strict=True)):
        for at, token in enumerate(sentence):
            followed = any(following.capital for following in sentence[at + 1 : at + 2])
            if token.capital and (at != opener or (_plain(token) not in small and (_plain(token) in inside or followed))):
                found.add((number, at))
    return found


def _plain(token: Token) -> str:
    return token.lower.removesuffix("'s").rstrip("'.")


def _telling(token: Token, plain: str) -> bool:
    return token.letters and len(plain) > 1 and plain[0].isalpha() and plain not in _NOTHING
