"""What the paragraphs of a text are, as their words and those beside them tell: for text without structure, and what structure leaves open.

`docs/evaluation.md` says how often that is right on articles that no rule was made for.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from rag.corpus.dates import possible_days
from rag.corpus.line_forms import ENDS_STATEMENT, LONGEST, MACHINE, form, is_label, is_link, is_one_sentence, is_over_links, is_prose, is_wrapped
from rag.corpus.writers import HANDLE, UPPER, is_biography, is_byline, is_contact, is_names, is_signature
from rag.types import Kind, Part, Span

# A machine's summary has so many points, a sentence each; so many links stand below what heads them, and so many lines above the prose.
_POINTS, _LINKED, _ABOVE = 3, 5, 8
# "Lagos, Nigeria —", as stands before an article's first words
_PLACED = re.compile(rf"[{UPPER}][\w\s,.'’()-]{{1,60}}\s[—–]")
_LINKS = re.compile(r"[^.:]{2,60}: https?://\S+(?:(?: and)? https?://\S+)*")


def divided(text: str, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of a text, those of its body divided where a paragraph in them shows itself to be something else.

    A text without parts is all body. New parts have the place and the box of the one that they were in. Where nothing shows
    itself to be other than body, the parts are as they were.
    """
    found = furniture(text)
    if not found:
        return tuple(parts)
    return tuple(piece for part in parts or (Part(Span(0, len(text)), Kind.BODY),) for piece in _pieces(text, part, found))


def furniture(text: str) -> tuple[Part, ...]:
    """The paragraphs of a text that are not the article's own words, without the blanks around them, each with what it is."""
    spans = list(_paragraphs(text))
    found = zip(spans, _kinds([_line(span.of(text)) for span in spans]), strict=True)
    return tuple(Part(span, kind) for span, kind in found if kind is not Kind.BODY)


def _paragraphs(text: str) -> Iterator[Span]:
    """Lines; the blocks between blank lines in a text that was wrapped by hand."""
    by_hand = "\n\n" in text and is_wrapped(text)
    for found in re.finditer(r"\S(?:.*\S)?(?:[ \t]*\n.*\S)*" if by_hand else r"\S(?:.*\S)?", text):
        yield Span(*found.span())


def _line(paragraph: str) -> str:
    return " ".join(paragraph.split()) if len(paragraph) <= LONGEST else paragraph


def _pieces(text: str, part: Part, found: Sequence[Part]) -> Iterator[Part]:
    """The part itself, or if it is body its furniture and what is left of it between."""
    at, end = part.span.start, part.span.end
    first = bisect_right(found, at, key=lambda other: other.span.end)
    for other in takewhile(lambda other: part.kind is Kind.BODY and other.span.start < end, found[first:]):
        start, stop = max(other.span.start, at), min(other.span.end, end)
        yield from _rest(text, part, at, start)
        yield replace(part, span=Span(start, stop), kind=other.kind)
        at = stop
    yield from _rest(text, part, at, end)


def _rest(text: str, part: Part, start: int, end: int) -> Iterator[Part]:
    """The part from `start` to `end`, without the blanks at which it was divided; nothing where that is all."""
    if start > part.span.start:
        start = end - len(text[start:end].lstrip())
    if end < part.span.end:
        end = start + len(text[start:end].rstrip())
    if start < end:
        yield replace(part, span=Span(start, end))


def _kinds(lines: Sequence[str]) -> list[Kind]:
    """The kind of each paragraph, in their order; BODY where nothing tells another."""
    found = [form(line) for line in lines]
    for number in range(len(lines)):
        _mark_below(number, lines, found)
    for number in range(len(lines)):
        _mark_between(number, lines, found)
    _mark_above_prose(lines, found)
    _mark_at_end(lines, found)
    return found


def _mark_below(number: int, lines: Sequence[str], found: list[Kind]) -> None:
    """The points of a machine's summary, and the links below what heads them."""
    following = range(number + 1, len(lines))
    if found[number] is Kind.MACHINE_SUMMARY and Kind.MACHINE_SUMMARY not in found[max(0, number - 1) : number]:
        points = _POINTS if MACHINE.fullmatch(lines[number]) else _POINTS - 1
        for at in takewhile(lambda at: is_one_sentence(lines[at]), following[:points]):
            found[at] = Kind.MACHINE_SUMMARY
    elif found[number] is Kind.RELATED and is_over_links(lines[number]):
        for at in takewhile(lambda at: not ENDS_STATEMENT.search(lines[at]), following[:_LINKED]):
            if at > following[0] and is_link(lines[at - 1]) and not is_link(lines[at]):
                # below links with labels, a line without one is a heading
                return
            found[at] = Kind.RELATED


def _mark_between(number: int, lines: Sequence[str], found: list[Kind]) -> None:
    """A signature below prose, and a headline with a label, where none of its like stands beside it."""
    line, beside = lines[number], (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
    if found[number] is not Kind.BODY or len(line) > LONGEST:
        return
    if is_signature(line) and number and is_prose(lines[number - 1]) and not any(map(is_signature, beside)):
        found[number] = Kind.BYLINE
    elif is_label(line) and not any(map(is_label, beside)):
        found[number] = Kind.RELATED


def _mark_above_prose(lines: Sequence[str], found: list[Kind]) -> None:
    """The writers, whom they write for, the place and the day; nothing where there is no prose."""
    body = [number for number, kind in enumerate(found) if kind is Kind.BODY][: _ABOVE + 1]
    count = next((n for n, number in enumerate(body) if is_prose(lines[number]) and not possible_days(lines[number])), 0)
    above = body[:count]
    for number in above:
        line = lines[number]
        if possible_days(line) or _PLACED.fullmatch(line):
            found[number] = Kind.DATELINE
        elif is_byline(line):
            found[number] = Kind.BYLINE
    for number in reversed(above):
        if found[number] is Kind.BODY and found[number + 1] in (Kind.BYLINE, Kind.DATELINE) and is_names(lines[number]):
            found[number] = Kind.BYLINE


def _mark_at_end(lines: Sequence[str], found: list[Kind]) -> None:
    """Who wrote it, and where there is more, below the last prose.

    How to reach somebody can be what a text is for: it is marked where other furniture or an account shows a page of news.
    """
    is_page = any(kind is not Kind.BODY for kind in found)
    for number in reversed(range(len(lines))):
        line = lines[number]
        if found[number] is not Kind.BODY or not any(map(str.isalnum, line)):
            continue
        if len(line) > LONGEST:
            return
        if is_biography(line) or (is_contact(line) and (is_page or HANDLE.search(line))):
            found[number] = Kind.BYLINE
        elif _LINKS.fullmatch(line):
            found[number] = Kind.RELATED
        else:
            return
