"""Where articles give different answers to what was asked.

A difference in print that is none does more harm than one that is missed: two
claims are set side by side only where both are said in the same way, as facts
or as plans, and nothing says that they are about different things.
"""

from collections.abc import Sequence

from rag.differences.claims import Claim, apart, claims, to_come
from rag.english.names import names_in
from rag.question import Question, parse
from rag.types import Difference, Quote, Value
from rag.values import ValueKind, agree, comparable, near_copies


def differences(question: str, quotes: Sequence[Quote]) -> tuple[Difference, ...]:
    """Where the answers that the quotes' articles give differ; nothing where they agree or there are none.

    The claim of an article is its first answered quote's (quotes come best
    first). Values stand newest first, undated ones last, then by quote. One that
    agrees with another is listed too, but makes no difference alone. A near-copy
    is counted once, as the newest; it is listed beside that only
    where a later day's version has changed the value itself, or one of any day its sign or currency.
    """
    asked = parse(question)
    groups: list[list[Claim]] = []
    for claim in sorted(claims(asked, quotes), key=lambda claim: claim.order):
        if any(_copies(known, claim) for group in groups for known in group):
            continue
        group = next((group for group in groups if all(_same_thing(asked, claim, other) for other in group)), [])
        if not group:
            groups.append(group)
        group.append(claim)
    return tuple(_differing(group) for group in groups if any(not agree(a.value, b.value) for a in group for b in group))


def differing(question: str, quotes: Sequence[Quote], near_misses: Sequence[Quote]) -> tuple[Sequence[Quote], Sequence[Quote]]:
    """The quotes with those near misses beside them that answer otherwise, for another article, and the rest of the near misses.

    Where one article answers, another that says otherwise must not be folded away,
    though it may be told in other words than the question's.
    """
    own = {quote.article.id for quote in quotes}
    others = [near for near in near_misses if near.answer and near.article.id not in own] if quotes else []
    all_ = [*quotes, *others]
    told = {id(all_[value.quote]) for difference in differences(question, all_) for value in difference.values}
    beside = [near for near in others if id(near) in told]
    return (*quotes, *beside), [near for near in near_misses if not any(near is one for one in beside)]


def _copies(first: Claim, second: Claim) -> bool:
    """Whether the articles are near-copies, and neither another day's with another value nor one with another sign or currency."""
    a, b = first.value, second.value
    changed = first.quote.article.published != second.quote.article.published or abs(a.low) == abs(b.low)
    return (agree(a, b) or not changed) and near_copies(first.quote.article.text, second.quote.article.text)


def _same_thing(asked: Question, a: Claim, b: Claim) -> bool:
    """Whether nothing says that two claims are about different things."""
    if not comparable(a.value, b.value) or not a.standing & b.standing or _expired(a, b) or _expired(b, a) or apart(a.periods, b.periods):
        return False
    return a.value.kind is ValueKind.NAME or not (_elsewhere(a, b) or (not asked.names and _unrelated(a, b)))


def _expired(plan: Claim, other: Claim) -> bool:
    """Whether a day that was to come had passed when the other told of a day to come: a plan that was replaced, no contradiction."""
    published = other.quote.article.published
    both = to_come(plan.value, plan.quote) and to_come(other.value, other.quote)
    return both and published is not None and plan.value.high < published.toordinal()


def _elsewhere(a: Claim, b: Claim) -> bool:
    """Whether each sentence has a name that the other's article has nowhere, and they share none."""
    strange = (claim.names - names_in(f"{other.title} {other.text}", first=True) for claim, other in ((a, b.quote.article), (b, a.quote.article)))
    return a.names.isdisjoint(b.names) and all(strange)


def _unrelated(a: Claim, b: Claim) -> bool:
    """Whether both articles have names here, and none in common: two storms, where a question asks of "the storm"."""
    some, others = a.names | a.above, b.names | b.above
    return bool(some and others) and some.isdisjoint(others)


def _differing(claims: Sequence[Claim]) -> Difference:
    values = [Value(claim.value.span.of(claim.quote.article.text), claim.number, claim.value.span, claim.quote.article.published) for claim in claims]
    things = (claim.value.thing.of(claim.quote.article.text).split() for claim in claims)
    return Difference(next((thing[-1] for thing in things if thing), ""), tuple(values))
