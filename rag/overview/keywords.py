"""An article's keywords, as they stand in it: names in full, phrases that come back, telling words."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rag.english.names import stem as same_name
from rag.english.phrases import Token, tokens
from rag.english.words import ADDRESSES, BODIES, CALENDAR, DETERMINERS, NAMELESS, PERSONAL, PREPOSITIONS, SAY, SCALES, TIMES
from rag.question import FUNCTION_WORDS
from rag.store import stems
from rag.types import Span

_MOST = 8
# the most words of a name, and of a phrase that is none
_LONGEST_NAME, _LONGEST_PHRASE = 5, 3
# how often a phrase has to stand in article and title, a name of several words apart; a single word that is no name as a noun
_COMES_BACK = 2
# what such a word has to weigh: as much as one that stands three times, and elsewhere in one passage of 150
_NOUN_WEIGHT = (1 + math.log(3)) * math.log(150)
# a longer phrase says more than its words do, up to so many; a name says more than a word
_WORD_GAIN, _GAINING_WORDS, _NAME_GAIN = 0.25, 3, 1.2
# small words that may stand inside a name
_JOINTS = frozenset("of de la del al bin von van".split())
_ADDRESSES = frozenset(map(str.lower, ADDRESSES)) | {"sir"}
_OPENING = DETERMINERS | (PREPOSITIONS - {"to"})
_AFTER_VERBS = DETERMINERS | PERSONAL
_NOTHING = (
    NAMELESS
    | TIMES
    | CALENDAR
    | SCALES.keys()
    | FUNCTION_WORDS
    | _ADDRESSES
    | SAY
    | frozenset("told tell tells your nobody anybody something nothing".split())
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that a keyword may have: its window without a possessive's ending, its stems (none for a joint), whether it is a name's.

    `begins` and `ends` say whether a noun phrase may begin or end with it, as the words around it tell.
    """

    span: Span
    stems: tuple[str, ...]
    named: bool
    begins: bool = True
    ends: bool = True


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that stand together; `last` are the stems of the last of them, `plain` says whether it has no small word inside."""

    span: Span
    stems: tuple[str, ...]
    words: int
    named: bool
    last: tuple[str, ...]
    plain: bool


def keywords(text: str, title: str, sentences: Sequence[Span], rarity: Callable[[str], float]) -> tuple[Span, ...]:
    """The up to eight most telling phrases of the sentences, best first, each where it first stands; no two share a stem.

    A stem weighs (1 + log tf) * idf (Salton and Buckley, "Term-weighting
    approaches in automatic text retrieval", 1988), with the title as a part of
    the text; a phrase weighs what its stems do on average, and more the longer it
    is, since whole phrases are otherwise outweighed by their rarest word
    (El-Beltagy and Rafea, "KP-Miner", 2009, which also asks that a phrase comes back).
    Fewer than eight are better than one that says nothing: a word that is no name, and alone,
    has to weigh much and to stand as a noun.
    """
    runs = list(_runs(text, sentences))
    counts = Counter(stem for run in runs for word in run for stem in word.stems) + Counter(stems(title))
    weights = {stem: (1 + math.log(count)) * rarity(stem) for stem, count in counts.items()}
    scores: dict[_Phrase, float] = {}
    for said, shown in _candidates(runs, Counter(stems(title)), weights):
        scores[shown] = max(_score(said, weights), _score(shown, weights), scores.get(shown, 0))
    return tuple(_apart(sorted(scores, key=lambda phrase: (-scores[phrase], phrase.span))))


def _candidates(runs: Iterable[Sequence[_Word]], titled: Mapping[str, int], weights: Mapping[str, float]) -> Iterator[tuple[_Phrase, _Phrase]]:
    """Every phrase that says something of the article, where it first stands, with the one to show for it: of a name the name in full."""
    first: dict[tuple[str, ...], _Phrase] = {}
    times: Counter[tuple[str, ...]] = Counter()
    for run in runs:
        for phrase in _phrases(run):
            first.setdefault(phrase.stems, phrase)
            times[phrase.stems] += 1
    longer = _longer(first)
    for key, phrase in first.items():
        comes_back = times[key] + (min(titled[stem] for stem in key) if phrase.words == 1 else 0) >= _COMES_BACK
        if phrase.named:
            shown = longer.get(key, phrase)
            if shown.words > 1 or comes_back:
                yield phrase, shown
        elif comes_back and (phrase.words > 1 or min(weights[stem] for stem in key) >= _NOUN_WEIGHT):
            yield phrase, phrase


def _longer(first: Mapping[tuple[str, ...], _Phrase]) -> Mapping[tuple[str, ...], _Phrase]:
    """For a name that is introduced in full, and goes on by its last word as persons do, the name in full."""
    found: dict[tuple[str, ...], _Phrase] = {}
    for phrase in first.values():
        alone = first.get(phrase.last)
        if phrase.named and phrase.words > 1 and phrase.plain and alone and phrase.span < alone.span:
            found.setdefault(phrase.last, phrase)
    return found


def _score(phrase: _Phrase, weights: Mapping[str, float]) -> float:
    mean = math.fsum(weights[stem] for stem in phrase.stems) / len(phrase.stems)
    gain = 1 + _WORD_GAIN * (min(phrase.words, _GAINING_WORDS) - 1)
    return round(mean * gain * (_NAME_GAIN if phrase.named else 1), 9)


def _apart(ranked: Iterable[_Phrase]) -> list[Span]:
    used: set[str] = set()
    found: list[Span] = []
    for phrase in ranked:
        alike = {*phrase.stems, *(same_name(stem) for stem in phrase.stems if phrase.named)}
        if len(found) < _MOST and not used.intersection(alike):
            used.update(alike)
            found.append(phrase.span)
    return found


def _phrases(run: Sequence[_Word]) -> Iterator[_Phrase]:
    """The names in a run of words, each whole, and between them the noun phrases of up to three words."""
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
                if words[-1].ends and (start or words[0].begins) and not any(word.named for word in words):
                    yield _phrase(words, named=False)
        start = end


def _trimmed(name: Sequence[_Word]) -> Sequence[_Word]:
    """Without the small words that it ends with."""
    while name and not name[-1].stems:
        name = name[:-1]
    return name


def _phrase(words: Sequence[_Word], *, named: bool) -> _Phrase:
    span = Span(words[0].span.start, words[-1].span.end)
    return _Phrase(span, tuple(stem for word in words for stem in word.stems), len(words), named, words[-1].stems, all(word.stems for word in words))


def _runs(text: str, sentences: Sequence[Span]) -> Iterator[list[_Word]]:
    """The words that can be part of a keyword, in runs that no mark, function word or possessive parts."""
    written = [tokens(text, sentence, ()) for sentence in sentences]
    names = _names(written)
    stemmed = cache(lambda word: tuple(stems(word)))
    for number, sentence in enumerate(written):
        run: list[_Word] = []
        for at, token in enumerate(sentence):
            plain = _plain(token)
            # "Organization for Migration"
            joint = plain in _JOINTS or (plain == "for" and sentence[at - 1].lower in BODIES)
            if run and run[-1].named and joint:
                run.append(_Word(token.span, (), named=True))
                continue
            possessive = token.lower.endswith(("'s", "'"))
            if _telling(token, plain) and stemmed(plain):
                # an abbreviation keeps its stop
                end = token.span.start + len(plain) if possessive else token.span.end
                before, after = sentence[at - 1 : at], sentence[at + 1 : at + 2]
                begins = not before or _opens(before[0])
                # "trapped", but not "seed"
                participle = plain.endswith("ed") and not plain.endswith("eed")
                ends = not participle and (not after or possessive or not _goes_on(after[0]))
                run.append(_Word(Span(token.span.start, end), stemmed(plain), (number, at) in names, begins, ends))
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
            followed = not token.lower.endswith("ing") and any(following.capital for following in sentence[at + 1 : at + 2])
            if token.capital and (at != opener or (_plain(token) not in small and (_plain(token) in inside or followed))):
                found.add((number, at))
    return found


def _opens(before: Token) -> bool:
    """Whether a noun phrase may begin after this word: an article, a number, an owner or a preposition; "to" stands before verbs too."""
    return before.lower in _OPENING or before.word[0].isdigit() or before.lower.endswith(("'s", "s'"))


def _goes_on(after: Token) -> bool:
    """Whether the sentence goes on with this word as after a verb or an adjective: with an article, a number, a pronoun or a word that tells."""
    return after.lower in _AFTER_VERBS or (after.letters and after.lower not in _NOTHING)


def _plain(token: Token) -> str:
    return token.lower.removesuffix("'s").rstrip("'.")


def _telling(token: Token, plain: str) -> bool:
    return token.letters and len(plain) > 1 and plain[0].isalpha() and plain not in _NOTHING
