"""Follow-up questions, understood by a stated rule: what is searched is made of words that were typed, and no others.

A question is taken as a follow-up only where it cannot stand alone:

- it is a fragment: "And in Ireland?", "What about France?";
- it is a bare asking word: "Why?", "Since when?", or a "How many were injured?" that does not say how many of what;
- it asks for more of the same, for others or for an explanation: "What else?", "Explain that more" (the earlier question is searched again);
- it has a "he", "they", "it", "that" or the like with nothing in the same question that the word could mean.

A fragment takes the place of the earlier question's words of the same role: a date that of a date, a name that of the name
after the same preposition, a country that of a country. Where that is not clear, it is put at the end. To any other follow-up,
the earlier question's words are added after a colon, without its asking words; a "Why?" or "When?" takes the place of a plain
asking word. What is searched then is what the next follow-up builds on; a "When was that:" in front of the colon is left behind.
All other questions are searched as they were typed, and so is one that may be either.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.desks import Understood
from rag.english.phrases import SHORTENED
from rag.english.words import AMOUNTS, ARTICLES, ASKING, BEING, COUNTRIES, DEMONSTRATIVES, DETERMINERS, OWNERS, PASTS, PREPOSITIONS, SAY, SIZES, TIMES
from rag.question import AUXILIARIES, DAYS, LEADS, PLACES, Typed, Word

# a longer question is never a follow-up; what is searched is never longer than LONGEST, or the question stands alone
_SHORT = 120
LONGEST = 400

_QUOTED = re.compile(r"[\"“”„«»‘`]|(?<!\w)['’]")
_PARTED = re.compile(r"[.:;!?,]\s(?![JS]r\b)")
_NEAR = frozenset("in at near inside outside within across".split())
_ARTICLED = frozenset("netherlands philippines us usa uk u.s u.k eu united".split())
_LANDS = COUNTRIES | _ARTICLED | frozenset("haiti bolivia ecuador guatemala honduras algeria tonga nauru malawi mali angola".split())
_PEOPLES = ("ese", "ian", "ish", "ench", "utch", "iss", "erman", "ican", "opean")
_CLAUSES = ASKING | frozenset("and but or that while because if whether after before as since so though although".split())
_OWNERS = OWNERS - {"our"}
_SUBJECTS = frozenset("i you he she we they".split())
_OBJECTS = frozenset("him her them it".split())
_POINTING = (_SUBJECTS - {"i", "you", "we"}) | _OBJECTS | _OWNERS | DEMONSTRATIVES
# words that are about nothing, alone or beside a "he" or "that"
_ASKING_ONLY = ASKING | AUXILIARIES | LEADS | PREPOSITIONS | AMOUNTS | SIZES | SAY
_ASKING_ONLY |= BEING | frozenset("so not come happen happened mean true else exactly think ago there".split())
_EMPTY = _ASKING_ONLY | _SUBJECTS | _POINTING
# words of which one asks for more of the same, and those that may stand beside it
_OTHER = frozenset("more other further".split())
_MORE = _OTHER | frozenset(
    "else others another detail details explain elaborate expand clarify continue summarize summarise example examples".split()
)
_BESIDE_MORE = (_EMPTY - (ASKING - {"what", "which"}) - {"he", "she", "they"} - _OWNERS) | DETERMINERS
_BESIDE_MORE |= frozenset("any anything anybody anyone something somebody someone please tell show give me us go know want bit one ones".split())

# what is searched, and the earlier question's words in it
_Made = tuple[str, Sequence[Word]]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name or a date in a question: its words `low` to `high`, end out, and the word before it and its article."""

    low: int
    high: int
    day: bool
    after: str


def understood(question: str, earlier: Sequence[str]) -> Understood:
    """What `question` is searched as after the questions `earlier`, which are given as they were searched, oldest first.

    Never an error, in time linear in the texts' length. `searched` has at most LONGEST characters, or is the question as typed.
    """
    alone = Understood(question, question, (), None)
    if len(question) > _SHORT or not earlier:
        return alone
    asked = Typed.of(" ".join(question.split()))
    turn = next((turn for turn in reversed(range(len(earlier))) if len(earlier[turn]) > LONGEST or _about(earlier[turn])), None)
    if turn is None or len(earlier[turn]) > LONGEST or _QUOTED.search(asked.text):
        return alone
    searched, carried = _follow(asked, Typed.of(" ".join(earlier[turn].split()))) or ("", ())
    if not carried or len(searched) > LONGEST:
        return alone
    return Understood(question, searched, tuple(word.text for word in carried), turn)


def _about(text: str) -> bool:
    """Whether a question is about anything: "Why?" and "Did they?" are not."""
    return not _EMPTY.issuperset(Typed.of(text).lows)


def _follow(asked: Typed, before: Typed) -> _Made | None:
    if _again(asked):
        return before.text, before.words
    if not _asks(asked):
        return None
    phrase = _fragment(asked)
    if phrase is not None:
        return _swapped(phrase, before)
    if _bare(asked):
        return _asked_of(asked, _topic(before))
    return _told(asked, _topic(before)) if _leans(asked) else None


def _asks(asked: Typed) -> bool:
    """Whether it asks: by its mark, by its first word, or in so few words that it can only be a fragment."""
    lows = asked.unled().lows
    if not lows or asked.words[-1].text == "WHO":
        return False
    marked = asked.text.rstrip(" !.").endswith("?") or lows[0] in ASKING | AUXILIARIES
    return marked or (len(lows) <= 3 and asked.words[0].low in {"and", "or"})


def _again(asked: Typed) -> bool:
    """Whether it only asks for more of the same, for others, or for an explanation."""
    lows = asked.lows
    if (not _MORE.isdisjoint(lows) and (_MORE | _BESIDE_MORE).issuperset(lows)) or asked.unled().lows in (["go", "on"], ["keep", "going"]):
        return True
    return any(low in _MORE and _means_it(lows[at + 1 :]) for at, low in enumerate(lows))


def _means_it(lows: Sequence[str]) -> bool:
    """Whether words say "this" or "on that", and go on with how, if at all: "in simpler terms"."""
    said = lows[1:] if lows and lows[0] in PREPOSITIONS else lows
    return bool(said) and said[0] in DEMONSTRATIVES | {"it"} and (len(said) == 1 or said[1] in PREPOSITIONS)


def _fragment(asked: Typed) -> Typed | None:
    """The phrase that a fragment puts in: "in Ireland" of "And in Ireland?"."""
    rest = asked.unled().words
    about = asked.unled().lows[:2] in (["what", "about"], ["how", "about"])
    phrase = rest[2:] if about else rest
    led = about or len(rest) < len(asked.words)
    if not (1 <= len(phrase) <= 6) or not (led or (rest[0].low in PREPOSITIONS and len(rest) <= 4 and asked.text.endswith("?"))):
        return None
    inside = {word.low for word in phrase}
    text = asked.text[phrase[0].start : phrase[-1].end]
    if inside & (ASKING | AUXILIARIES | _SUBJECTS | {"because", "if"}) or inside <= _POINTING or _PARTED.search(SHORTENED.sub("", text)):
        return None
    return Typed.of(text[0].lower() + text[1:] if phrase[0].low in PREPOSITIONS | DETERMINERS else text)


def _swapped(phrase: Typed, before: Typed) -> _Made:
    """The earlier question with the phrase in the place of what has the same role, or at its end."""
    preposition = phrase.words[0].low if phrase.words[0].low in PREPOSITIONS else ""
    named = phrase.words[1 if preposition else 0 :]
    own = next((name for name in _names(named, first=True) if name.high - name.low == len(named)), None)
    place = _place(named, before.words, preposition, day=own.day) if own else None
    if place is None:
        link = " " if own and preposition else ", and "
        return f"{before.bare}{link}{phrase.text}?", before.words
    low, high = place
    put = phrase.text if before.words[low].low in PREPOSITIONS else phrase.text[named[0].start :]
    if low and before.words[low - 1].low == "the":
        put = put.removeprefix("the ")
    owned = "'s" if before.words[high - 1].owner else ""
    searched = before.text[: before.words[low].start] + put + owned + before.text[before.words[high - 1].end :]
    return f"{searched.rstrip(' .!?')}?", (*before.words[:low], *before.words[high:])


def _place(named: Sequence[Word], words: Sequence[Word], preposition: str, *, day: bool) -> tuple[int, int] | None:
    """Which words of the earlier question a name or date replaces, None where that is not clear."""
    alike = [name for name in _names(words) if name.day == day]
    near = _NEAR if preposition in _NEAR else {preposition}
    if day:
        near = PREPOSITIONS if preposition else frozenset()
    elif preposition:
        alike = [name for name in alike if name.after in near]
    elif _country(named):
        placed = [name for name in alike if name.after in _NEAR]
        countries = [name for name in alike if _country(words[name.low : name.high])]
        alike = placed or (countries if len(countries) == 1 else [])
    elif len(alike) != 1 or words[alike[0].high - 1].owner:
        return None
    if not alike:
        return None
    low = alike[-1].low
    return (low - 1 if low and words[low - 1].low in near else low), alike[-1].high


def _country(words: Sequence[Word]) -> bool:
    return any(word.low.removesuffix("'s") in _LANDS for word in words)


def _names(words: Sequence[Word], *, first: bool = False) -> Iterator[_Name]:
    """The names and dates among the words, but not one that only describes what follows ("Chinese stations", "the BP well")."""
    end = 0
    for at in range(len(words)):
        if at < end or (end := _name_end(words, at, first=first)) == at:
            continue
        day = words[at].day
        articled = at > 0 and words[at - 1].low == "the"
        # "the Haiti earthquake" is not "the Netherlands"
        low = at - (articled and (not _country(words[at:end]) or words[at].low in _ARTICLED))
        if day or not _describes(words, low, end):
            yield _Name(low, end, day, words[at - 1 - articled].low if at > articled else "")


def _name_end(words: Sequence[Word], at: int, *, first: bool) -> int:
    """Where the name or date that begins at word `at` ends; `at` itself where none does."""
    end = at
    while end < len(words) and words[end].day == words[at].day:
        word = words[end]
        named = word.capital and word.low not in _EMPTY | ARTICLES and (end > 0 or first or _country([word]))
        if not (word.day or named):
            break
        end += 1
        if word.owner:
            break
        if end + 1 < len(words) and words[end].low in {"of", "de"} and words[end + 1].capital:
            end += 1
    return end


def _describes(words: Sequence[Word], low: int, high: int) -> bool:
    """Whether a name only says which the thing after it is: "the BP well"."""
    if high == len(words) or words[high].low in PREPOSITIONS | _CLAUSES | AUXILIARIES or _country(words[low:high]):
        return False
    return words[low].low == "the" or words[high - 1].low.endswith(_PEOPLES)


def _bare(asked: Typed) -> bool:
    """Whether it asks, but does not say of what: "Since when?", "How many were injured?", "Who else died?", "Any other ferries?"."""
    lows = asked.unled().lows
    if len(lows) > 1 and lows[-2] in _OTHER and _BESIDE_MORE.issuperset(lows[:-2]):
        return True
    lows = lows[1:] if not PREPOSITIONS.isdisjoint(lows[:1]) else lows
    own = [place for place, low in enumerate(lows) if low not in _ASKING_ONLY]
    return not own or (own == [len(lows) - 1] and lows[0] in ASKING and (own == [1] or lows[1] in AMOUNTS | {"else", "so"}))


def _asked_of(asked: Typed, topic: Typed) -> _Made:
    """A "Why?" in the place of the earlier question's asking word, else with the earlier question's words behind it."""
    words, lows = topic.words, asked.lows
    verb = next((place for place, word in enumerate(words) if word.low in AUXILIARIES), len(words))
    fits = all(word.low in _ASKING_ONLY - AMOUNTS | DAYS for word in words[:verb])
    adverbial = not {"when", "where", "why", "how"}.isdisjoint(lows[:2]) and (AMOUNTS | DEMONSTRATIVES | {"else", "so", "come"}).isdisjoint(lows)
    if not fits or not adverbial:
        return _told(asked, topic)
    rest = topic.bare[words[verb].start :]
    return f"{asked.bare} {rest[0].lower()}{rest[1:]}?", words[verb:]


def _told(asked: Typed, topic: Typed) -> _Made:
    """The follow-up with what the earlier question was about behind a colon."""
    words, kept = topic.words, _subject_matter(topic.words)
    # what stands between two words that are kept is kept with them
    pieces = (topic.text[words[n].start : words[n + 1].start] if n + 1 in kept else f"{words[n].text} " for n in kept)
    return f"{asked.bare}: {''.join(pieces).strip()}?", [words[n] for n in kept]


def _topic(before: Typed) -> Typed:
    """The earlier question; where it was a follow-up itself, without its "When was that:" that says nothing."""
    head, colon, tail = before.text.partition(": ")
    asked = Typed.of(f"{head}?")
    if not colon or not (_bare(asked) or _leans(asked)):
        return before
    return Typed.of(f"{head}, {tail}" if _about(head) else tail)


def _subject_matter(words: Sequence[Word]) -> list[int]:
    """Which of the words do more than ask."""
    asks = bool(words) and words[0].low in ASKING | PREPOSITIONS | LEADS
    verb = next((place for place, word in enumerate(words) if word.low in AUXILIARIES), -1) if asks else -1
    kept: list[int] = []
    for place, word in enumerate(words):
        asking = place == verb or word.low in ASKING or (place and words[place - 1].low == "how" and word.low in AMOUNTS | SIZES)
        if not asking and (kept or word.low not in AUXILIARIES | LEADS | PREPOSITIONS):
            kept.append(place)
    return kept


def _leans(asked: Typed) -> bool:
    """Whether a word of the question points at something that the question does not have."""
    words = asked.unled().words
    return len(words) <= 16 and any(_points_back(words, at) for at in range(len(words)))


def _points_back(words: Sequence[Word], at: int) -> bool:
    low, before, after = words[at].low, words[:at], words[at + 1 :]
    if low not in _POINTING | {"there"} or (words[at].capital and before):
        return False
    if not before:
        return low in {"he", "she", "they"}
    # at the question's end, "before" and "after" in front of the word begin no clause
    between = before[2 if before[0].low in PREPOSITIONS else 1 : -1 if before[-1].low in PREPOSITIONS and not after else None]
    if any(word.low in _CLAUSES for word in between):
        return False
    starts = _phrase_starts(before)
    if before[-1].low in AUXILIARIES and not any(word.low in AUXILIARIES for word in before[:-1]):
        return not starts and _subject(low, before, after)
    return _object(low, before, after) and (not starts or (len(starts) == 1 and before[starts[0] - 1].low in AUXILIARIES))


def _phrase_starts(words: Sequence[Word]) -> list[int]:
    """Where the phrases begin that a pronoun could mean: names, and nouns with an article."""
    named = [word.capital and (place > 0 or word.low not in _ASKING_ONLY) for place, word in enumerate(words)]
    opens = [name or word.low in DETERMINERS - AMOUNTS for name, word in zip(named, words, strict=True)]
    return [place for place in range(len(words)) if opens[place] and not (place and opens[place - 1])]


def _subject(low: str, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether the word after "did" or "was" points back."""
    if low in DEMONSTRATIVES:
        return len(after) <= 4 and not (after and after[0].low in TIMES | DAYS | PLACES)
    if low in _OWNERS | {"he", "she"}:
        return True
    named = any(word.capital or word.text[0].isdecimal() for word in after)
    if len(after) > 4 or (named and not after[0].low.endswith("ed") and after[0].low not in PASTS):
        return False  # it may mean nobody in particular: "Where did they film the Titanic?"
    if low == "there" or (before[-1].low == "do" and len(after) > 2):
        return False
    return low != "it" or all(word.low not in {"time", "day"} for word in before)  # "What time is it?"


def _object(low: str, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether a word after another verb or a preposition points back, and not at the subject of its own verb."""
    if low in DEMONSTRATIVES | {"there"}:
        return not after or (before[-1].low == "of" and before[0].low != "which")
    if low in _OWNERS and after and (low != "her" or after[0].low not in PREPOSITIONS | _CLAUSES):
        return False
    if low not in _OBJECTS:
        return False
    made = len(after) > 2 and after[1].low in {"to", "that"}  # "make it illegal to fish"
    return not made and not (after and after[0].low in AUXILIARIES and before[-1].low != "of")
