"""A quote that can be understood alone: a sentence with what it leans on, and no more.

Most sentences stand alone and stay as they are. One that begins with "She",
"The group" or "But", that stands inside a longer quotation, or that the next
sentence takes back, is shown with the sentences that say so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.antecedents import antecedent_of, lead_at
from rag.english.headings import heading_over
from rag.english.leaning import need_of
from rag.english.surroundings import CLOSING, Surroundings
from rag.types import Span

# A widening goes back at most so many sentences.
_BACK = 3
# A sentence that qualifies the one before is shown with it up to this many characters.
_QUALIFIER = 250
_OBJECTIONS = re.compile(r"But\b|(?:However|Even so|Nevertheless|Nonetheless),")
_CLAIMED = (
    r"(?:it|this|that|them|wrongdoing|(?:the|those|these|any|all|such)(?: \w+)? "
    r"(?:claim|charge|allegation|accusation|report|figure|suggestion|assertion)s?)\b"
)
_RETRACTIONS = re.compile(
    r"(?:That is not|That’s not|That's not|That was not|This is not true)\b"
    r"|(?:This|That|It|(?:The|Those|These|That|This) \w+)(?: \w+)? (?:has|have|could|was|were) (?:not|never)"
    r"(?: \w+)? (?:been )?(?:\w+ )?(?:confirmed|verified|proved|proven)\b"
    r"|(?:The|This|That|These|Those) \w+(?: \w+)? (?:was|were|has been|have been|is|are)"
    r"(?: \w+)? (?:withdrawn|denied|retracted|corrected|disputed|rejected|debunked)\b"
    rf"|(?:\S+ ){{1,7}}?(?:deny|denies|denied|dispute|disputes|disputed|reject|rejects|rejected) {_CLAIMED}"
)


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
    lead = lead or heading_over(article, first)
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
    """Out to the ends of the quotations that the sentence is a part of."""
    own, first, last = article.sentences[chosen], chosen, chosen
    for quotation in article.quoted:
        start, end = _content(article.text, quotation)
        if start < own.start < end:
            first = min(first, article.holding(quotation.start))
        if start < own.end < end:
            last = max(last, article.holding(quotation.end - 1))
    return (first, last) if article.fits(first, last, longest) else (chosen, chosen)


def _content(text: str, quotation: Span) -> tuple[int, int]:
    """Where the words of a quotation start and end: a splitter may leave its marks in the sentences beside it."""
    start, end = quotation.start + 1, quotation.end - 1
    while start < end and text[start].isspace():
        start += 1
    return start, max(start, end)


def _attributed(article: Surroundings, first: int, last: int, longest: int) -> tuple[int, int]:
    """With the fragment beside a quotation that says whose it is."""
    before, after = first - 1, last + 1
    if first and _introduces(article, before) and article.follows(before, last, longest):
        return before, last
    if first and article.shown(first)[0].islower() and article.shown(before)[-1] in CLOSING and article.follows(before, last, longest):
        return before, last
    if after < len(article.sentences):
        quotes = article.shown(last)[-1] in CLOSING
        together = not article.breaks(last, after)
        if quotes and together and article.shown(after)[0].islower() and article.fits(first, after, longest):
            return first, after
        if _introduces(article, last) and article.breaks(last, after) <= 1 and article.fits(first, after, longest):
            return first, after
    return first, last


def _introduces(article: Surroundings, number: int) -> bool:
    """Whether a sentence ends with a colon before a quotation."""
    starts = number + 1 < len(article.sentences) and article.shown(number + 1)[0] in "\"'“‘«„"
    return starts and article.shown(number).endswith(":")


def _back(article: Surroundings, first: int, last: int, longest: int) -> tuple[int, Span | None]:
    """Where the quote must begin, and the lead where it cannot begin as early as it must."""
    began = first
    while first > 0 and began - first < _BACK:
        need = need_of(article, first)
        if need is None:
            break
        at = antecedent_of(article, first, need)
        if at is not None and (began - at > _BACK or not article.follows(at, last, longest)):
            lead = lead_at(article, first, at, need)
            if lead is not None:
                return first, lead
            at = None
        if at is None and need not in ("he", "she") and not article.breaks(first - 1, first) and article.follows(first - 1, last, longest):
            # what is meant may stand there in other words
            at = first - 1
        if at is None:
            break
        first = at
    return first, None


def _onward(article: Surroundings, first: int, last: int, chosen: int, longest: int) -> int:
    """With the next sentence where it takes back what the chosen one says."""
    after = last + 1
    if last != chosen or after >= len(article.sentences) or len(article.sentences[after]) > _QUALIFIER:
        return last
    shown, breaks = article.shown(after)[:_QUALIFIER], article.breaks(last, after)
    if article.heading(last) or not article.fits(first, after, longest):
        return last
    takes_back = breaks <= 1 and _RETRACTIONS.match(shown) is not None
    return after if takes_back or (not breaks and _OBJECTIONS.match(shown)) else last
