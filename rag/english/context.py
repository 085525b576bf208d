"""A quote that can be understood alone: a sentence with what it leans on, and no more.

Most sentences stand alone and stay as they are. One that begins with "She",
"The group" or "But", that stands inside a longer quotation, or that the next
sentence takes back, is shown with the sentences that say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.antecedents import antecedent_of, lead_at
from rag.english.leaning import ONE, need_of, objects
from rag.english.phrases import Token
from rag.english.quotations import CLOSING, OPENING
from rag.english.surroundings import Surroundings
from rag.english.words import BE, BEING, DEMONSTRATIVES
from rag.types import Span

# A widening goes back at most so many sentences.
_BACK = 3
# A sentence that qualifies the one before is shown with it up to this many characters.
_QUALIFIER = 250
_UNTRUE = ("that is not", "that was not", "that's not", "this is not true")
_DENY = ("deny", "deni", "disput", "reject")
_SAID = frozenset("it this that them wrongdoing".split())
_CLAIMS = frozenset("claim charge allegation accusation report figure suggestion assertion".split())
_WITHDRAWN = frozenset("withdrawn denied retracted corrected disputed rejected debunked".split())
_PROVEN = frozenset("confirmed verified proved proven".split())
# How many lines back a heading is looked for; and how many characters a line of a list has at most, and its heading.
_LINES, _LINE, _HEADING = 6, 80, 41


@dataclass(frozen=True, slots=True)
class Widened:
    """`span` is the sentence that answers, widened; `lead` an earlier sentence that says whom or what it is about, not touching it."""

    span: Span
    lead: Span | None


def widen(text: str, sentences: Sequence[Span], chosen: int, longest: int, shown: Sequence[Span] = ()) -> Widened:
    """The sentence `chosen` with what it needs to be understood, in at most `longest` characters; alone where nothing more fits.

    It is widened back for a pronoun, a phrase such as "The group" or a "But",
    by at most three sentences and over at most one paragraph break, never over
    a heading; to the ends of a quotation that it stands in; on to a sentence
    of at most 250 characters that takes it back or objects: over a paragraph
    break only where it takes it back. `lead` stands two to six sentences before.

    Where that would repeat one of the spans `shown`, the sentence stays alone with
    the lead that it needs, shown before or not; where it needs one and has none,
    it is widened all the same, since alone it could not be understood.
    """
    article, low = Surroundings.of(text, sentences, chosen, chosen + 1)
    first, last = _whole_quotation(article, chosen - low, longest)
    first, last = _attributed(article, first, last, longest)
    first, lead = _back(article, first, last, longest)
    last = _onward(article, first, last, chosen - low, longest)
    lead = lead or _heading_over(article, first)
    span = article.span(first, last)
    if any(span.start < other.end and other.start < span.end for other in shown):
        need = need_of(article, chosen - low)
        again = lead_at(article, chosen - low, antecedent_of(article, chosen - low, need), need) if need else None
        if need is None or again is not None:
            span, lead = sentences[chosen], again
    if lead is not None and len(lead) + len(span) > longest:
        lead = None
    return Widened(span, lead)


def _whole_quotation(article: Surroundings, chosen: int, longest: int) -> tuple[int, int]:
    """Out to the ends of the quotations that the sentence is a part of; a splitter may leave their marks in the sentences beside it."""
    own, first, last = article.sentences[chosen], chosen, chosen
    for quotation in article.quoted:
        said = quotation.of(article.text)[1:-1]
        start = quotation.start + 1 + len(said) - len(said.lstrip())
        if start < own.start < quotation.end - 1:
            first = min(first, article.holding(quotation.start))
        if start < own.end < quotation.end - 1:
            last = max(last, article.holding(quotation.end - 1))
    return (first, last) if len(article.span(first, last)) <= longest else (chosen, chosen)


def _attributed(article: Surroundings, first: int, last: int, longest: int) -> tuple[int, int]:
    """With the fragment beside a quotation that says whose it is."""
    if first and article.follows(first - 1, last, longest) and _attributes(article, first - 1):
        return first - 1, last
    after = last + 1
    fits = after < len(article.sentences) and len(article.span(first, after)) <= longest
    # only a colon may end a paragraph
    if fits and article.breaks(last, after) <= article.shown(last).endswith(":") and _attributes(article, last):
        return first, after
    return first, last


def _attributes(article: Surroundings, number: int) -> bool:
    """Whether of this sentence and the next one ends or begins with a quotation and the other says whose: “…” said X, X said: “…”."""
    this, following = article.shown(number), article.shown(number + 1)
    return (this[-1] in CLOSING and following[0].islower()) or (this.endswith(":") and following[0] in OPENING)


def _back(article: Surroundings, first: int, last: int, longest: int) -> tuple[int, Span | None]:
    """Where the quote must begin, and the lead where it cannot begin as early as it must."""
    began = first
    while first > 0 and began - first < _BACK:
        need = need_of(article, first)
        if need is None:
            break
        at = antecedent_of(article, first, need)
        if at is None or began - at > _BACK or not article.follows(at, last, longest):
            lead = lead_at(article, first, at, need)
            if lead is not None or need in ONE or article.breaks(first - 1, first) or not article.follows(first - 1, last, longest):
                return first, lead
            # what is meant may stand there in other words
            at = first - 1
        first = at
    return first, None


def _onward(article: Surroundings, first: int, last: int, chosen: int, longest: int) -> int:
    """With the next sentence where it takes back what the chosen one says."""
    after = last + 1
    if last != chosen or article.heading(last) or after >= len(article.sentences):
        return last
    if len(article.sentences[after]) > _QUALIFIER or len(article.span(first, after)) > longest:
        return last
    words, breaks = article.words(after), article.breaks(last, after)
    return after if (breaks <= 1 and _takes_back(words)) or (not breaks and objects(words)) else last


def _takes_back(words: Sequence[Token]) -> bool:
    """Whether a sentence takes back what was said: that is not true, the claim was never confirmed or was withdrawn, someone denies it."""
    lowers = [token.lower for token in words[:12]]
    denied = any(word.startswith(_DENY) and _claimed(lowers[at + 1 : at + 4]) for at, word in enumerate(lowers[:8]))
    if denied or " ".join(lowers[:4]).startswith(_UNTRUE):
        return True
    no = next((at for at, word in enumerate(lowers[:7]) if word in ("not", "never")), len(lowers))
    unproven = not _PROVEN.isdisjoint(lowers[no : no + 5])
    withdrawn = any(word in _WITHDRAWN and not (BE | BEING).isdisjoint(lowers[at - 2 : at]) for at, word in enumerate(lowers[:8]))
    return lowers[0] in DEMONSTRATIVES | {"it", "the"} and (unproven or withdrawn)


def _claimed(words: Sequence[str]) -> bool:
    """Whether these words mean what was said: it, wrongdoing, the earlier claims."""
    pointing = not (DEMONSTRATIVES | {"the", "any", "all", "such"}).isdisjoint(words[:1])
    return not _SAID.isdisjoint(words[:1]) or (pointing and any(word.removesuffix("s") in _CLAIMS for word in words[1:]))


def _heading_over(article: Surroundings, number: int) -> Span | None:
    """What stands over a short line that is no sentence: a line with a colon, or a short one without a stop, past other lines of a list.

    A line without a figure heads one with a figure. Else the two may be of one
    list, or a name and its office: only a pair between sentences, the first a
    common word, tells.
    """
    if not article.heading(number) or len(article.shown(number)) > _LINE:
        return None
    for at in range(number - 1, max(-1, number - _LINES - 1), -1):
        line = article.shown(at)
        if not article.breaks(at, at + 1) or not (article.heading(at) or line.endswith(":")):
            return None
        may_head = line[0].isupper() and len(line) <= _HEADING and not any(map(str.isdigit, line))
        pair = line[1:].islower() and not any(article.heading(beside) for beside in (at - 1, at + 2) if 0 <= beside < len(article.sentences))
        if line.endswith(":") or (may_head and (pair or any(map(str.isdigit, article.shown(number))))):
            return article.sentences[at]
    return None
