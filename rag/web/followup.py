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

from rag.english.phrases import SHORTENED
from rag.english.words import AMOUNTS, ARTICLES, ASKING, BE, COUNTRIES, DEMONSTRATIVES, DO, HAVE, MODALS, OWNERS, SIZES
from rag.question import LEADS, Typed, Word

# a longer question is never a follow-up; what is searched is never longer than LONGEST, or the question stands alone
_SHORT = 120
LONGEST = 400

_QUOTED = re.compile(r"[\"“”„«»‘`]|(?<!\w)['’]")
_BE = BE | frozenset("isn't aren't wasn't weren't".split())
_DO = DO | frozenset("don't doesn't didn't".split())
_AUX = _BE | _DO | HAVE | MODALS | frozenset("hasn't haven't won't can't couldn't wouldn't".split())
_SIZES = SIZES | {"bad", "likely"}
_NEAR = frozenset("in at near inside outside within across around".split())
_TIMELY = frozenset("in on at by since before after until till during from".split())
_PREPOSITIONS = _NEAR | _TIMELY | frozenset("of for with about to against under over between behind into like".split())
_ARTICLED = frozenset("netherlands philippines us usa uk u.s u.k eu united".split())
_LANDS = COUNTRIES | _ARTICLED | frozenset("haiti bolivia dublin barcelona ecuador guatemala honduras algeria tonga nauru malawi mali angola".split())
_DETERMINERS = ARTICLES | DEMONSTRATIVES | frozenset("some any another each every both all two three four five six ten".split())
_CLAUSES = ASKING | frozenset("and but or that while because if whether after before since as so though although".split())
_SUBJECTS = frozenset("he she they i you we".split())
_OBJECTS = frozenset("him her them it".split())
_OWNERS = OWNERS - {"our"}
_PRONOUNS = _SUBJECTS | _OBJECTS | _OWNERS | DEMONSTRATIVES
_POINTLESS = frozenset(
    "year years month week weekend day days morning afternoon evening night time country article page century who with which from in".split()
)
_EMPTY_WORDS = ASKING | _AUX | LEADS | _PRONOUNS | _PREPOSITIONS | AMOUNTS | _SIZES
_EMPTY_WORDS |= frozenset("say says said so happen happened mean true else exactly think thinks there".split())
# words of which one asks for more of the same, and those that may stand beside it
_MORE = frozenset(
    "more else other others another further detail details explain elaborate expand clarify continue summarize summarise example examples".split()
)
_ASKED_WITH = (_EMPTY_WORDS - (ASKING - {"what", "which"}) - {"he", "she", "they", "his", "her", "their", "its"}) | _DETERMINERS
_ASKED_WITH |= frozenset("anything anybody anyone something somebody someone please tell show give go me us want know bit one ones answer".split())
_NO_QUESTION = frozenset("thank thanks please hello hi bye thankyou cheers".split())
_ADJECTIVE = re.compile(r".*(?:ese|ian|ish|ench|utch|iss|german|american|african|mexican|european)")
_MADE = re.compile(r".*ed|built|sold|made|found|held|shut|sunk|lost|hit|done|known|seen|given|taken|bought|won|said|told|set|put|cut|written")
# an "it" that means nothing said before: weather, time, "Is it true that", "Does it take long to"
_EMPTY = re.compile(
    r"\b(?:that|who|whom|whether|if)\b|\bto [^\WA-Z]|"
    r"^(?:rain|snow|hail|pour)|^(?:cold|hot|warm|dark|windy|foggy|sunny|cloudy|late|early|midnight|noon|matter|make sense)\b"
)
# "make it to the final", "find it hard to"
_MAKES = frozenset("make makes made making find finds found think keep consider".split())
_HOURS = frozenset("time day o'clock weekday far".split())

# "Any other ferries?"
_OTHERS = re.compile(r"(?:and )?(?:(?:is|are|were) there )?(?:(?:any|some|what|which) )?(?:other|more|further) [a-z-]+")
_TOO = re.compile(r"(?:and )?(who|where|when|why|how) else")
_ADVERBS = r"(?: exactly| precisely| specifically| not| so| come| then| else| ever)?"
_SOLE = re.compile(
    rf"(?:(?:{'|'.join(sorted(_PREPOSITIONS))}) )?(?:"
    rf"(?:why|when|where|how|who|whom|whose){_ADVERBS}|why so [a-z]+|what for|says who|who says"
    rf"|how (?:many|much)(?: [a-z]+)?(?: exactly)?|how (?:{'|'.join(sorted(_SIZES))})(?: ago| exactly)?"
    r"|how (?:many|much) (?:is|are|was|were) (?:there|that|it|those|these)|how many (?:are|were|have|had|will)(?: [a-z]+){1,2}"
    r"|which(?: ones?| [a-z]+)?|(?:by |to |for |with )what|what (?:year|day|date|month|time|country|city|town|place|price))"
)
# those that fit before the verb of another question: "Why did the bridge open?"
_ADVERBIAL = re.compile(rf"(?:[a-z]+ )?(?:why(?: not)?|when|where|how(?: (?:{'|'.join(sorted(_SIZES))}))?)(?: exactly| precisely)?")
# the asking words whose place they take
_ASKED_OF = re.compile(
    rf"why|when|where|who|whom|what|how(?: (?:{'|'.join(sorted(_SIZES))}))?|(?:[a-z]+ )?(?:which|what) (?:year|day|month|country|city)"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question in a chat is searched as.

    `searched` is the question itself where it stands alone. `carried` has the words that were taken over from the earlier
    question number `turn` (from 0), in the order in which they stand there.
    """

    question: str
    searched: str
    carried: tuple[str, ...]
    turn: int | None


@dataclass(frozen=True, slots=True)
class _Made:
    """What is searched, and the earlier question's words in it."""

    searched: str
    carried: Sequence[Word]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name or a date in a question: its words `low` to `high`, end out, and whether it owns what follows."""

    low: int
    high: int
    day: bool
    owner: bool


def understood(question: str, earlier: Sequence[str]) -> Understood:
    """What `question` is searched as after the questions `earlier`, which are given as they were searched, oldest first.

    Never an error, in time linear in the texts' length. `searched` has at most LONGEST characters, or is the question as typed.
    """
    alone = Understood(question, question, (), None)
    if len(question) > _SHORT or not earlier:
        return alone
    asked = Typed.of(" ".join(question.split()))
    if not asked.words or _QUOTED.search(asked.text) or not _may_follow(asked):
        return alone
    turn = next((turn for turn in reversed(range(len(earlier))) if len(earlier[turn]) > LONGEST or _about(earlier[turn])), None)
    if turn is None or len(earlier[turn]) > LONGEST:
        return alone
    made = _follow(asked, Typed.of(" ".join(earlier[turn].split())))
    if made is None or not made.carried or len(made.searched) > LONGEST:
        return alone
    return Understood(question, made.searched, tuple(word.text for word in made.carried), turn)


def _may_follow(asked: Typed) -> bool:
    """Whether it asks: by its mark, by its first word, or in so few words that it can only be a fragment."""
    words = asked.unled()
    if _again(asked):
        return True
    if not words or words[0].low in _NO_QUESTION or "?" in asked.bare or asked.words[-1].text == "WHO":
        return False
    asks = asked.text.rstrip(" !.").endswith("?") or words[0].low in ASKING | _AUX
    return asks or (len(words) <= 3 and asked.words[0].low in {"and", "or"})


def _again(asked: Typed) -> bool:
    """Whether it only asks for more of the same, for others, or for an explanation."""
    said = {word.low for word in asked.words}
    if bool(_MORE & said and said <= _MORE | _ASKED_WITH) or _plain(asked.unled()) in {"go on", "keep going"}:
        return True
    return any(_more_of_it([word.low for word in asked.words[at:]]) for at in range(len(asked.words)))


def _more_of_it(words: Sequence[str]) -> bool:
    """Whether words begin with an "explain this" or "expand on that", and go on with how, if at all: "in simpler terms"."""
    verb, *rest = words
    if verb not in _MORE:
        return False
    said = rest[1:] if rest and rest[0] in _PREPOSITIONS else rest
    return bool(said) and (said[0] == "it" or said[0] in DEMONSTRATIVES) and (len(said) == 1 or said[1] in _PREPOSITIONS)


def _others(asked: Typed) -> bool:
    """Whether it asks who or what else, in so few words that the earlier question must say of what: "Who else died?"."""
    asking, *rest = asked.unled()
    return asking.low in ASKING and 2 <= len(rest) <= 3 and rest[0].low == "else" and not any(word.capital for word in rest)


def _about(text: str) -> bool:
    """Whether a question is about anything: "Why?" and "Did they?" are not."""
    return any(word.low not in _EMPTY_WORDS for word in Typed.of(text).words)


def _follow(asked: Typed, before: Typed) -> _Made | None:
    plain = _plain(asked.words)
    too = _TOO.fullmatch(plain)
    if _again(asked) or (too and before.words[0].low == too[1]):
        return _Made(before.text, before.words)
    phrase = _fragment(asked)
    if phrase is not None:
        return _swapped(phrase, before)
    if _OTHERS.fullmatch(plain) or _others(asked):
        return _told(asked, before)
    if _sole(asked):
        return _asked_of(asked, before)
    return _told(asked, before) if _leans(asked) else None


def _plain(words: Sequence[Word]) -> str:
    return " ".join(word.low for word in words)


# --- fragments: "And in Ireland?" ---


def _fragment(asked: Typed) -> Typed | None:
    """The phrase that a fragment puts in: "in Ireland" of "And in Ireland?"."""
    words = asked.words
    rest = asked.unled()
    about = _plain(rest[:2]) in {"what about", "how about"}
    phrase = rest[2:] if about else rest
    if len(rest) == len(words) and not about and (rest[0].low not in _PREPOSITIONS or len(words) > 4 or not asked.text.endswith("?")):
        return None
    if not 1 <= len(phrase) <= 6 or re.search(r"[.:;!?,]\s(?![JS]r\b)", SHORTENED.sub("", asked.text[phrase[0].start : phrase[-1].end])):
        return None
    inside = {word.low for word in phrase}
    if inside & (ASKING | _AUX | _SUBJECTS | {"because", "if", "that's", "it's"}) or (len(phrase) == 1 and inside & _PRONOUNS):
        return None
    text = asked.text[phrase[0].start : phrase[-1].end]
    return Typed.of(text[0].lower() + text[1:] if phrase[0].low in _PREPOSITIONS | _DETERMINERS else text)


def _swapped(phrase: Typed, before: Typed) -> _Made:
    """The earlier question with the phrase in the place of what has the same role, or at its end."""
    base = _without_tail(before)
    preposition = phrase.words[0].low if phrase.words[0].low in _PREPOSITIONS else None
    named = phrase.words[1 if preposition else 0 :]
    names = list(_names(base.words))
    own = [name for name in _names(named, first=True) if name.high - name.low == len(named)]
    place = _place(own[0], named, names, base.words, preposition) if own else None
    if place is None:
        link = " " if own and preposition else ", and "
        return _Made(f"{base.bare}{link}{phrase.text}?", base.words)
    low, high = place
    put = phrase.text if preposition and base.words[low].low in _PREPOSITIONS else phrase.text[named[0].start :]
    if low and base.words[low - 1].low == "the":
        put = put.removeprefix("the ")
    end = base.words[high - 1].end
    owned = "'s" if base.words[high - 1].low.endswith("'s") else ""
    searched = base.text[: base.words[low].start] + put + owned + base.text[end:]
    return _Made(searched if searched.endswith("?") else f"{searched.rstrip(' .!')}?", (*base.words[:low], *base.words[high:]))


def _without_tail(before: Typed) -> Typed:
    """The question without the fragment that an earlier follow-up put at its end."""
    head, _, tail = before.bare.rpartition(", and ")
    if head and _fragment(Typed.of(f"And {tail}?")) is not None and before.text.endswith("?"):
        return Typed.of(f"{head}?")
    return before


def _place(own: _Name, named: Sequence[Word], names: list[_Name], words: Sequence[Word], preposition: str | None) -> tuple[int, int] | None:
    """Which words of the earlier question a name or date replaces, None where that is not clear."""
    if own.day:
        return next((_with_preposition(name, words, _TIMELY if preposition else frozenset()) for name in reversed(names) if name.day), None)
    places = [name for name in names if not name.day]
    if preposition:
        group = _NEAR if preposition in _NEAR else {preposition}
        return next((_with_preposition(name, words, group) for name in reversed(places) if _after(name, words) in group), None)
    if _country(named):
        countries = [name for name in places if _country(words[name.low : name.high])]
        placed = [name for name in places if _after(name, words) in _NEAR]
        chosen = placed[-1:] if placed else countries if len(countries) == 1 else []
    else:
        chosen = [name for name in places if not name.owner] if len(places) == 1 else []
    return (chosen[0].low, chosen[0].high) if chosen else None


def _after(name: _Name, words: Sequence[Word]) -> str:
    """The word before the name and its article."""
    place = name.low - 1 - (name.low > 1 and words[name.low - 1].low == "the")
    return words[place].low if place >= 0 else ""


def _with_preposition(name: _Name, words: Sequence[Word], group: frozenset[str] | set[str]) -> tuple[int, int]:
    return (name.low - (name.low > 0 and words[name.low - 1].low in group), name.high)


def _country(words: Sequence[Word]) -> bool:
    return any(word.low.removesuffix("'s") in _LANDS for word in words)


def _names(words: Sequence[Word], *, first: bool = False) -> Iterator[_Name]:
    """The names and dates among the words, but not one that only describes what follows ("Chinese stations", "the BP well")."""
    at = 0
    while at < len(words):
        end = _name_end(words, at, first=first)
        if end == at:
            at += 1
            continue
        bare = _country(words[at:end]) and words[at].low not in _ARTICLED  # "the Haiti earthquake" is not "the Netherlands"
        low = at - (at > 0 and words[at - 1].low == "the" and not bare)
        day = any(word.day for word in words[at:end])
        owner = words[end - 1].low.endswith("'s")
        if day or not _describes(words, low, end):
            yield _Name(low, end, day, owner)
        at = end


def _name_end(words: Sequence[Word], at: int, *, first: bool) -> int:
    """Where the name or date that begins at word `at` ends; `at` itself where none does."""

    def belongs(place: int) -> bool:
        word = words[place]
        plain = word.low not in ASKING | _AUX | _PRONOUNS | ARTICLES | _PREPOSITIONS | LEADS
        return word.day or (word.capital and plain and (place > 0 or first or word.low.removesuffix("'s") in _LANDS))

    if words[at].text.isdecimal() and at + 1 < len(words) and words[at + 1].day and len(words[at].text) <= 2:
        return _name_end(words, at + 1, first=first)
    if not belongs(at):
        return at
    end, day = at + 1, words[at].day
    while end < len(words) and not words[end - 1].low.endswith("'s"):
        if belongs(end) and words[end].day == day:
            end += 1
        elif not day and words[end].low in {"of", "de"} and end + 1 < len(words) and belongs(end + 1) and not words[end + 1].day:
            end += 2
        else:
            break
    return end


def _describes(words: Sequence[Word], low: int, high: int) -> bool:
    if high == len(words) or words[high].low in _PREPOSITIONS | _CLAUSES | _AUX or _country(words[low:high]):
        return False
    return words[low].low == "the" or _ADJECTIVE.fullmatch(words[high - 1].low) is not None


# --- bare asking words: "Why?" ---


def _sole(asked: Typed) -> bool:
    return _SOLE.fullmatch(_plain(asked.unled())) is not None


def _asked_of(asked: Typed, before: Typed) -> _Made:
    """A "Why?" in the place of the earlier question's asking word, else with the earlier question's words behind it."""
    topic = _topic(before)
    words = topic.words
    verb = next((place for place, word in enumerate(words) if word.low in _AUX), len(words))
    fits = verb == 0 or (verb < len(words) and _ASKED_OF.fullmatch(_plain(words[:verb])) is not None)
    if not fits or _ADVERBIAL.fullmatch(_plain(asked.unled())) is None:
        return _told(asked, before)
    rest = topic.bare[words[verb].start :]
    return _Made(f"{asked.bare} {rest[0].lower()}{rest[1:]}?", words[verb:])


# --- words that point back: "Did they deny it?" ---


def _told(asked: Typed, before: Typed) -> _Made:
    """The follow-up with what the earlier question was about behind a colon."""
    topic = _topic(before)
    kept = _subject_matter(topic.words)
    pieces = [topic.text[word.start : (kept[n + 1].start if follows else word.end)] for n, (word, follows) in enumerate(_runs(topic.words, kept))]
    told = "".join(piece if follows else f"{piece} " for piece, (_, follows) in zip(pieces, _runs(topic.words, kept), strict=True))
    return _Made(f"{asked.bare}: {told.strip()}?", kept)


def _runs(words: Sequence[Word], kept: Sequence[Word]) -> list[tuple[Word, bool]]:
    """Each kept word, and whether the word that follows it is kept too."""
    places = {word.start: place for place, word in enumerate(words)}
    return [(word, n + 1 < len(kept) and places[kept[n + 1].start] == places[word.start] + 1) for n, word in enumerate(kept)]


def _topic(before: Typed) -> Typed:
    """The earlier question; where it was a follow-up itself, without its "When was that:" that says nothing."""
    head, colon, tail = before.text.partition(": ")
    asked = Typed.of(f"{head}?")
    if not colon or not asked.words or not _about(tail) or not (_sole(asked) or _leans(asked)):
        return before
    return Typed.of(f"{head}, {tail}" if _about(head) else tail)


def _subject_matter(words: Sequence[Word]) -> list[Word]:
    """The words without those that only ask."""
    asks = bool(words) and (words[0].low in ASKING | _PREPOSITIONS | LEADS)
    verb = next((place for place, word in enumerate(words) if word.low in _AUX), 0) if asks else 0
    kept: list[Word] = []
    for place, word in enumerate(words):
        previous = words[place - 1].low if place else ""
        asking = word.low in ASKING or (previous == "how" and word.low in AMOUNTS | _SIZES)
        helping = word.low in _AUX and (place == verb or not kept)
        opening = not kept and word.low in LEADS | _PREPOSITIONS
        if not asking and not helping and not opening:
            kept.append(word)
    return kept


def _leans(asked: Typed) -> bool:
    """Whether a word of the question points at something that the question does not have."""
    words = asked.unled()
    return len(words) <= 16 and any(_points_back(asked, words, at) for at in range(len(words)))


def _points_back(asked: Typed, words: Sequence[Word], at: int) -> bool:
    low, before, after = words[at].low, words[:at], words[at + 1 :]
    if words[at].capital and at > 0:
        return False
    if low in {"so", "there"}:
        return not after and _ends_so(low, before)
    if low not in _PRONOUNS - {"i", "you", "we"}:
        return False
    if not before:
        return low in {"he", "she", "they"} and asked.text.endswith("?")
    return not _parted(asked, before, ended=not after) and _unbound(asked, low, before, after)


def _unbound(asked: Typed, low: str, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether the word can mean nothing that stands before it in its clause."""
    if before[-1].low in _AUX and not any(word.low in _AUX for word in before[:-1]):
        return not _phrase_starts(before) and _subject(asked, low, before, after)
    return _object(low, before, after)


def _ends_so(low: str, before: Sequence[Word]) -> bool:
    """A "Who said so?" or a "Who lives there?"."""
    if not before or any(word.low in _CLAUSES for word in before[1:]):
        return False
    if low == "so":
        return before[-1].low in {"say", "says", "said", "think", "thinks", "thought", "do", "did", "believe", "believes"}
    return before[-1].low not in _BE and not _phrase_starts(before) and len(before) > 1


def _parted(asked: Typed, before: Sequence[Word], *, ended: bool) -> bool:
    """Whether another clause begins between the question's beginning and the word that follows `before`.

    Where the question is `ended` with that word, "before" and "after" in front of it begin none.
    """
    opening = 2 if before[0].low in _PREPOSITIONS else 1
    between = before[opening:-1] if before[-1].low in _PREPOSITIONS and ended else before[opening:]
    return any(word.low in _CLAUSES for word in between) or bool(re.search(r"[,;:]", asked.text[before[0].start : before[-1].end]))


def _phrase_starts(words: Sequence[Word]) -> list[int]:
    """Where the phrases begin that a pronoun could mean: names, and nouns with an article."""

    def opens(place: int) -> bool:
        word = words[place]
        if word.low in _DETERMINERS | _OWNERS:
            return True
        return word.capital and not word.day and (place > 0 or word.low not in ASKING | _AUX | _PREPOSITIONS | LEADS)

    def goes_on(place: int) -> bool:
        return place > 0 and (opens(place - 1) or words[place - 1].low.endswith("'s"))

    return [place for place in range(len(words)) if opens(place) and not goes_on(place)]


def _subject(asked: Typed, low: str, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether the word after "did" or "was" points back."""
    if low in DEMONSTRATIVES:
        return len(after) <= 4 and not (after and after[0].low in _POINTLESS)
    if low in {"he", "she"} | _OWNERS:
        return True
    if _whole(after) or (before[-1].low == "do" and len(after) > 2):
        return False
    return low != "it" or not (_EMPTY.search(asked.text[after[0].start :] if after else "") or any(word.low in _HOURS for word in before))


def _whole(after: Sequence[Word]) -> bool:
    """Whether what follows an "it" or "they" says so much that it may mean nobody in particular: "Where did they film the Titanic?"."""
    if len(after) > 4 or any(word.low in _CLAUSES for word in after[:-1]):
        return True
    named = any(word.capital or word.text[0].isdecimal() for word in after) or (len(after) > 1 and after[0].low in _PREPOSITIONS)
    return named and _MADE.fullmatch(after[0].low) is None


def _object(low: str, before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether a word after another verb or a preposition points back, and not at the subject of its own verb."""
    if low in _OWNERS and after and (low != "her" or after[0].low not in _PREPOSITIONS | _CLAUSES):
        return False
    if low in DEMONSTRATIVES:
        partly = before[-1].low == "of" and before[0].low != "which" and low in {"these", "those"} and not (after and after[0].low in _POINTLESS)
        if after and not partly:
            return False
    elif low not in _OBJECTS:
        return False
    if after and (
        (after[0].low in _AUX and before[-1].low != "of") or (before[-1].low in _MAKES and any(word.low in {"to", "that"} for word in after))
    ):
        return False
    starts = _phrase_starts(before)
    return not starts or (len(starts) == 1 and starts[0] > 0 and before[starts[0] - 1].low in _AUX)
