"""What the lines of a web page's article are, as its elements and the names in their classes tell."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import takewhile

from lxml import html

from rag.corpus.line_forms import MACHINE
from rag.types import Kind

_ELEMENTS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "summary"), Kind.HEADING),
    **dict.fromkeys(("figcaption", "caption"), Kind.CAPTION),
    "time": Kind.DATELINE,
}
_ROW = re.compile(r"\s*\|.*\|\s*")
# what the library puts below the heads of columns
_RULE = re.compile(r"[|\s-]*\|-{3}\|[|\s-]*")
# What is not quoted, but for what a machine made: of that, none is.
_TAKEN_AWAY = frozenset(Kind) - {Kind.BODY, Kind.HEADING, Kind.TABLE_ROW, Kind.MACHINE_SUMMARY}
# What sites call the boxes of what is no article, the surest first; "-", "_" and a capital after a small letter part the words of a name.
_NAMES = tuple(
    (kind, re.compile(rf"\b(?:{names})\b"))
    for kind, names in (
        (Kind.MACHINE_SUMMARY, "(?:ai|gpt|machine|auto) (?:generated |assisted )?(?:summary|overview|takeaways|digest)|summary (?:ai|gpt)"),
        (Kind.CORRECTION, "corrections?|clarifications?"),
        (Kind.COMMENT, "comments?(?: list| body| content| text| thread)?|disqus thread"),
        (Kind.RELATED, "related|recommended|recommendations|recirc|read (?:more|also|next)|more (?:stories|on|from)|most (?:read|popular)"),
        (Kind.PROMOTION, "newsletter|promo|promotion|subscribe|subscription|sign ?up|advert|advertisement|sponsored|donate|donation|paywall"),
        (Kind.CAPTION, "caption|photo credit|image credit"),
        (Kind.BYLINE, "byline|author|authors|author name|contributor"),
        (Kind.DATELINE, "dateline|timestamp|(?:pub|publish|published|post|posted|entry|article) (?:date|time|on)|date published"),
    )
)
_PARTED = re.compile(r"[-_\s]+|(?<=[a-z])(?=[A-Z])")
# A box with more of the article's letters than one in so many, and more than so many, is the article, whatever it is called.
_ONE_IN, _FEW = 4, 300
# Above these stands nothing that is named for a part of an article.
_WHOLE = frozenset("html body main article".split())


def kinds(lines: Sequence[str], elements: Sequence[html.HtmlElement | None]) -> list[Kind]:
    """The kind of each line of an article, by the element that its words stand in; BODY where nothing tells another.

    Heads of columns are headings, and the line below them says nothing.
    No name takes a large part of an article's words away: what is called comments may be a match's, told minute by minute.
    """
    around = [_around(element) for element in elements]
    letters: Counter[html.HtmlElement] = Counter()
    for line, within in zip(lines, around, strict=True):
        letters.update(dict.fromkeys(within, len(line)))
    every = sum(map(len, lines))
    most = min(max(every // _ONE_IN, _FEW), every - 1)
    named = {element: kind for element, count in letters.items() if count <= most and (kind := _named(element))}
    named |= {within[:2][-1]: Kind.MACHINE_SUMMARY for line, within in zip(lines, around, strict=True) if within and MACHINE.fullmatch(line.strip())}
    found = [_kind(line, within, named) for line, within in zip(lines, around, strict=True)]
    shares: Counter[Kind] = Counter()
    for line, kind in zip(lines, found, strict=True):
        shares[kind] += len(line)
    left = [Kind.BODY if kind in _TAKEN_AWAY and shares[kind] > most else kind for kind in found]
    for number, line in enumerate(lines):
        if left[number] is Kind.TABLE_ROW and _RULE.fullmatch(line):
            left[number] = Kind.PAGE_FURNITURE
            if number and left[number - 1] is Kind.TABLE_ROW:
                left[number - 1] = Kind.HEADING
    return left


def _around(element: html.HtmlElement | None) -> list[html.HtmlElement]:
    """The element and those that it stands in, the innermost first, as far as they can be a part of an article."""
    if element is None:
        return []
    return [element, *takewhile(lambda outer: outer.tag not in _WHOLE, element.iterancestors())]


def _named(element: html.HtmlElement) -> Kind | None:
    """The kind that the element's class, id or property names."""
    names = " | ".join(value for name in ("class", "id", "itemprop", "rel") if (value := element.get(name)))
    words = _PARTED.sub(" ", names).lower() if names else ""
    return next((kind for kind, such in _NAMES if such.search(words)), None)


def _kind(line: str, within: Sequence[html.HtmlElement], named: Mapping[html.HtmlElement, Kind]) -> Kind:
    boxes = [named[element] for element in within if element in named]
    if boxes:
        return boxes[-1]
    by_element = next((_ELEMENTS[element.tag] for element in within if element.tag in _ELEMENTS), Kind.BODY)
    return Kind.TABLE_ROW if _ROW.fullmatch(line) and by_element is not Kind.CAPTION else by_element
