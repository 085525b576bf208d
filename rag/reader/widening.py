"""A sentence as it is quoted: with what it needs to be understood, and who is speaking."""

from collections.abc import Sequence
from dataclasses import replace

from rag.english.context import widen
from rag.english.speakers import speaker
from rag.types import Quote, Span


def widened(quote: Quote, sentences: Sequence[Span], number: int, longest: int, shown: Sequence[Span] = ()) -> Quote:
    """The quote of sentence `number` of its article's, in at most `longest` characters, as `rag.english.context.widen` has it.

    What the article does not say itself is not taken in. `shown` are the article's windows that are shown already.
    """
    article = quote.article
    wide = widen(article.text, sentences, number, longest, shown)
    # beside what the article says may stand what it does not
    span = wide.span if article.is_own(wide.span) else quote.span
    lead = wide.lead if wide.lead and article.is_own(wide.lead) else None
    context = Span(min(span.start, quote.context.start), max(span.end, quote.context.end))
    return replace(quote, span=span, lead=lead, context=context, speaker=speaker(article.text, sentences, span))
