"""Plain text as people really have it: saved and pasted web pages, with what surrounds the article taken off.

No library does this for text without its HTML, so the rules stand here, and
they are few. From any text, the title, the date and the byline above the first
prose are taken as what they are. More is taken off only from a page that shows
itself to be a saved web page, by a line in which the site speaks to its
visitor: then captions above the prose and teasers of other articles go too.
When in doubt a line stays.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from rag.corpus.dates import date_line, possible_days
from rag.corpus.line_forms import CHROME, CHROME_CHARS, ENDS_SENTENCE, ENDS_STATEMENT, is_wrapped
from rag.corpus.writers import BYLINE

_KEYWORDS = re.compile(r"^\[\s*(['\"]).*\1\s*\]$")
_HEADLINE_CHARS = 200


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page taken apart. `title`, `author` and `published` are None where the page does not say.

    `unclear` is the line that would be its date, could it not mean two days.
    """

    title: str | None
    author: str | None
    published: date | None
    body: str
    unclear: str | None = None


@dataclass(frozen=True)
class _Paragraph:
    text: str
    # False where the paragraph follows the one before on the next line
    apart: bool

    @property
    def is_prose(self) -> bool:
        return bool(ENDS_SENTENCE.search(self.text))

    @cached_property
    def day(self) -> date | None:
        """The date that it states and nothing else besides."""
        return date_line(self.text)

    @cached_property
    def is_date(self) -> bool:
        return bool(possible_days(self.text))

    @property
    def is_byline(self) -> bool:
        return bool(BYLINE.match(self.text))

    @property
    def is_keywords(self) -> bool:
        return len(self.text) <= CHROME_CHARS and bool(_KEYWORDS.match(self.text))

    @property
    def is_chrome(self) -> bool:
        return len(self.text) <= CHROME_CHARS and bool(CHROME.match(self.text))


def read_page(text: str, title: str | None = None) -> PageParts:
    """Takes a text apart. `title`, where it is known already, is not looked for."""
    paragraphs = _paragraphs(text)
    saved = any(p.is_chrome for p in paragraphs)
    paragraphs = [p for p in paragraphs if not (p.is_chrome or p.is_keywords)]
    title = title or _headline(paragraphs)
    paragraphs = [p for p in paragraphs if not _same(p.text, title)]
    above = _above_prose(paragraphs)
    bylines = (BYLINE.match(p.text) for p in above)
    kept = [p for p in above if not (saved or p.day or p.is_byline)]
    rest = paragraphs[len(above) :]
    return PageParts(
        title=title,
        author=next((match[1] for match in bylines if match), None),
        published=next((p.day for p in above if p.day), None),
        body=_joined([*kept, *(_without_teasers(rest) if saved else rest)]),
        unclear=next((p.text for p in above if p.is_date and not p.day), None),
    )


def _paragraphs(text: str) -> list[_Paragraph]:
    """Lines; in a text that was wrapped by hand, the blocks between blank lines, but for those of a page's furniture."""
    wrapped = is_wrapped(text)
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [line.strip() for line in block.strip().split("\n")]
        pieces = ["\n".join(lines)] if wrapped and not _is_furniture(lines) else lines
        found += [_Paragraph(piece, apart=n == 0) for n, piece in enumerate(filter(None, pieces))]
    return found


def _is_furniture(lines: list[str]) -> bool:
    """Whether a block's lines stand each for itself: a date is among the first, or all are the site's."""
    return any(possible_days(line) for line in lines[:3]) or all(CHROME.match(line) for line in lines)


def _headline(paragraphs: list[_Paragraph]) -> str | None:
    """The first line that is no date or byline, if it can be a headline and something follows it."""
    first = next((n for n, p in enumerate(paragraphs) if not (p.is_date or p.is_byline)), None)
    if first is None or first == len(paragraphs) - 1:
        return None
    line = paragraphs[first].text
    # a headline may end in a question or exclamation mark, never in a full stop
    return line if "\n" not in line and len(line) <= _HEADLINE_CHARS and not ENDS_STATEMENT.search(line) else None


def _above_prose(paragraphs: list[_Paragraph]) -> list[_Paragraph]:
    """The paragraphs above the first prose; none where there is no prose at all."""
    count = next((n for n, p in enumerate(paragraphs) if (p.is_prose and not p.is_date) or len(p.text) > _HEADLINE_CHARS), 0)
    return paragraphs[:count]


def _without_teasers(paragraphs: list[_Paragraph]) -> list[_Paragraph]:
    """Without headlines with a date on the line below, which are other articles'."""
    pairs = [(head, day) for head, day in pairwise(paragraphs) if day.is_date and not (day.apart or head.is_prose or head.is_date)]
    gone = {id(p) for pair in pairs for p in pair}
    return [p for p in paragraphs if id(p) not in gone]


def _joined(paragraphs: list[_Paragraph]) -> str:
    return "".join(("\n\n" if p.apart else "\n") + p.text for p in paragraphs).strip("\n")


def _same(line: str, title: str | None) -> bool:
    return title is not None and line.casefold() == title.casefold()
