"""Where on a web page the lines of its article stand: their words are looked for in the page's own order.

The library that extracts an article makes its elements anew and keeps no way back to those of the page.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree, html

from rag.given import nfc

# what an article's words are never taken from, though it may stand between them
_UNSEEN = frozenset("head script style template iframe object svg math button select textarea".split())
# parts of a paragraph: where a paragraph's words all stand in one, the place is the paragraph
_INLINE = frozenset("a abbr b bdi bdo big cite code del em font i ins kbd mark q s samp small span strike strong sub sup time tt u var".split())
# the mark of a list's item, and the bars of a table's row, with the hyphens of the line below its heads
_ITEM = re.compile(r"^\s*- ")
_ROW = re.compile(r"\s*\|.*\|\s*")
_BAR = re.compile(r"(?<!\\)\|(?:-{3}(?=\|))?")
# A line that the page has with more between its words is known by its ends, the more letters of them the better.
_ENDS, _MOST_BETWEEN, _MOST_TRIES = (16, 8, 4), 600, 5
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
# so many of the longest lines are tried to begin with
_LONG = 20


def places(lines: Sequence[str], page: html.HtmlElement) -> list[html.HtmlElement | None]:
    """For each line of an article, the innermost block of the page that has all its words; None where none has.

    One of the longest lines is looked for first, in the whole page, and the others from there on, forward and backward: a
    short line may stand in a menu too. White space, the mark of a list's item and the bars of a table's row are not looked
    for; a line of nothing else stands where the line before it does.
    """
    shown = _Shown(page)
    wanted = [_wanted(line) for line in lines]
    longest = sorted(range(len(lines)), key=lambda at: -len(wanted[at]))[:_LONG]
    start, middle = next(((at, span) for at in longest if (span := shown.find(wanted[at], 0))), (0, (0, 0)))
    found: dict[int, tuple[int, int] | None] = {}
    here = middle[0]
    for at in range(start, len(lines)):
        found[at] = shown.find(wanted[at], here) or shown.find(wanted[at], 0)
        here = span[1] if (span := found[at]) else here
    here = middle[0]
    for at in range(start - 1, -1, -1):
        found[at] = shown.find_last(wanted[at], here) or shown.find(wanted[at], 0)
        here = span[0] if (span := found[at]) else here
    elements: list[html.HtmlElement | None] = []
    for at, words in enumerate(wanted):
        span = found[at]
        elements.append(shown.block(*span) if span else elements[-1] if elements and not words else None)
    return elements


def xpaths(elements: Iterable[html.HtmlElement | None]) -> Iterator[str]:
    """The XPath of each element from the page's root on, empty for None.

    lxml's own counts the elements before one anew for each, and takes a name with a colon for that of a namespace.
    """
    known: dict[html.HtmlElement, str] = {}
    for element in elements:
        if element is None:
            yield ""
            continue
        above = [element, *element.iterancestors()]
        for parent in reversed(above[1:]):
            if parent[0] not in known:
                known.update(_below(parent, known.get(parent, f"/{parent.tag}")))
        yield known.get(element, f"/{element.tag}")


def _below(parent: html.HtmlElement, path: str) -> Iterator[tuple[html.HtmlElement, str]]:
    """The children of an element with their paths, of which `path` is the beginning."""
    every = Counter(child.tag for child in parent)
    seen: Counter[str] = Counter()
    for number, child in enumerate(parent, 1):
        seen[child.tag] += 1
        step = child.tag if every[child.tag] == 1 else f"{child.tag}[{seen[child.tag]}]"
        yield child, f"{path}/{step if _NAME.fullmatch(child.tag) else f'*[{number}]'}"


def _wanted(line: str) -> list[str]:
    """The words of a line that its page has too."""
    bare = _BAR.sub(" ", line).replace("\\|", "|") if _ROW.fullmatch(line) else _ITEM.sub("", line, count=1)
    return [word for word in map(_letters, bare.split()) if word]


def _letters(text: str) -> str:
    """The text without white space and what is not printed, which extraction takes away."""
    letters = "".join(text.split())
    return nfc(letters if letters.isprintable() else "".join(filter(str.isprintable, letters)))


class _Shown:
    """The letters of a page in its order, each known by the element that it stands in."""

    def __init__(self, page: html.HtmlElement) -> None:
        self._elements: list[html.HtmlElement] = []
        self._starts: list[int] = []
        self._end = 0
        self.letters = "".join(self._collect(page))

    def find(self, words: Sequence[str], start: int) -> tuple[int, int] | None:
        """Where the words first stand from `start` on, as a span of the letters; also where the page has more between them."""
        line = "".join(words)
        if not line:
            return None
        at = self.letters.find(line, start)
        return (at, at + len(line)) if at >= 0 else self._find_ends(words, line, start)

    def find_last(self, words: Sequence[str], end: int) -> tuple[int, int] | None:
        """Where the words last stand before `end`, one after the other."""
        line = "".join(words)
        at = self.letters.rfind(line, 0, end) if line else -1
        return (at, at + len(line)) if at >= 0 else None

    def block(self, start: int, end: int) -> html.HtmlElement:
        """The innermost element that has all these letters and is no part of a paragraph."""
        first, last = (self._elements[bisect_right(self._starts, at) - 1] for at in (start, end - 1))
        around = {last, *last.iterancestors()}
        while first not in around or first.tag in _INLINE:
            parent = first.getparent()
            if parent is None:
                break
            first = parent
        return first

    def _collect(self, page: html.HtmlElement) -> list[str]:
        found: list[str] = []
        walk = etree.iterwalk(page, events=("start", "end"))
        for event, element in walk:
            if event == "start" and element.tag in _UNSEEN:
                walk.skip_subtree()
            elif event == "start":
                self._add(element.text, element, found)
            elif element.getparent() is not None:
                self._add(element.tail, element.getparent(), found)
        return found

    def _add(self, text: str | None, element: html.HtmlElement, found: list[str]) -> None:
        letters = _letters(text or "")
        if letters:
            found.append(letters)
            self._elements.append(element)
            self._starts.append(self._end)
            self._end += len(letters)

    def _find_ends(self, words: Sequence[str], line: str, start: int) -> tuple[int, int] | None:
        for size in _ENDS:
            at = start - 1
            # the ends of a short line stand in many places
            for _ in range(_MOST_TRIES if len(line) >= 2 * _ENDS[0] else 0):
                at = self.letters.find(line[:size], at + 1)
                if at < 0:
                    break
                last = self.letters.find(line[-size:], at + len(line) - size, at + len(line) + _MOST_BETWEEN)
                if last >= 0 and _in_order(words, self.letters[at : last + size]):
                    return at, last + size
        return None


def _in_order(words: Sequence[str], letters: str) -> bool:
    at = 0
    for word in words:
        at = letters.find(word, at)
        if at < 0:
            return False
        at += len(word)
    return True
