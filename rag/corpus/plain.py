"""Plain text as people really have it: saved and pasted web pages, with what surrounds the article taken off.

No library does this for text without its HTML, so the rules stand here, and
they are few. A page is a list of paragraphs; those before the first prose
paragraph are its preamble, which holds title, date, byline, keywords and
captions. Everything taken off is short, stands on a line of its own and is no
sentence of the article; when in doubt a line stays.
"""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rag.corpus.dates import date_line

# lines that speak to the visitor about the site, each whole line alone
_CHROME = re.compile(
    r"""^(?:
        (?:please\s+)?(?:sign|log)\s(?:in|up)\b.{0,60}\b(?:to|for|now|here)\b.{0,60}[!.]?$
      | (?:sign|log)\s(?:in|up|out)[!.]?$
      | (?:subscribe|register)\b.{0,40}\b(?:to|for|now|today)\b.{0,60}\b(?:newsletters?|updates|alerts|access|our|now|today)\b.{0,60}$
      | (?:start|begin|end)\syour\s(?:day|morning|week)\swith\sour\b.*$
      | (?:get|receive)\s(?:our|the\slatest|breaking|top)\b.{0,120}\b(?:inbox|newsletters?|app|briefing)\b.{0,60}$
      | (?:follow|like|join|find)\sus\son\b.*$
      | (?:read|see|watch)\s(?:more|also|next)\s*[:|].*$
      | (?:share|print|email|save)\s(?:this|article|on|via)\b.{0,40}$
      | (?:advertisement|sponsored(?:\scontent)?|skip\sto\s(?:main\s)?content|related\s(?:stories|articles|topics)|most\s(?:read|popular))[:.]?$
      | (?:we\suse|this\s(?:site|website)\suses)\scookies\b.*$
      | (?:copyright|©)\s.{0,120}all\srights\sreserved\.?$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CHROME_CHARS = 200
_KEYWORDS = re.compile(r"^\[\s*(['\"]).*\1\s*\]$")
_BYLINE = re.compile(r"^by\s+(\w[\w.'’-]*(?:[\s,]+(?:and\s+)?\w[\w.'’-]*){0,7})$", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_ENDS_STATEMENT = re.compile(r"[.…][\"'”’»)\]]*$")

# a line longer than this was not wrapped by hand, so lines are paragraphs
_WRAPPED_CHARS = 120
_HEADLINE_CHARS = 200
# a longer preamble is no web page's but a text without full stops: verse, a list, a table
_PREAMBLE_LINES = 12


@dataclass(frozen=True, slots=True)
class Page:
    """A page taken apart. `title`, `author` and `published` are None where the page does not say."""

    title: str | None
    author: str | None
    published: date | None
    body: str


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    # False where the paragraph follows the one before on the next line
    apart: bool

    @property
    def is_prose(self) -> bool:
        return bool(_ENDS_SENTENCE.search(self.text))

    @property
    def is_date(self) -> bool:
        return date_line(self.text) is not None

    @property
    def is_byline(self) -> bool:
        return bool(_BYLINE.match(self.text))

    @property
    def is_chrome(self) -> bool:
        return len(self.text) <= _CHROME_CHARS and bool(_CHROME.match(self.text) or _KEYWORDS.match(self.text))


def read_page(text: str, title: str | None = None) -> Page:
    """Takes a page's text apart. `title`, where it is known already, is not looked for in the text."""
    paragraphs = [p for p in _paragraphs(text) if not p.is_chrome]
    count = _preamble_length(paragraphs)
    preamble, rest = paragraphs[:count], paragraphs[count:]
    title = title or next((p.text for p in preamble if not (p.is_date or p.is_byline)), None)
    bylines = (_BYLINE.match(p.text) for p in preamble)
    return Page(
        title=title,
        author=next((match[1] for match in bylines if match), None),
        published=next((found for p in preamble if (found := date_line(p.text))), None),
        body=_joined(_without_teasers([p for p in rest if not _same(p.text, title)])),
    )


def _paragraphs(text: str) -> list[_Paragraph]:
    """Blocks between blank lines where the text is wrapped by hand, else lines."""
    wrapped = all(len(line) <= _WRAPPED_CHARS for line in text.split("\n"))
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        whole = wrapped and bool(_ENDS_SENTENCE.search(block.rstrip())) and not _begins_with_furniture(block)
        lines = [block.strip()] if whole else [line.strip() for line in block.split("\n")]
        found += [_Paragraph(line, apart=n == 0) for n, line in enumerate(filter(None, lines))]
    return found


def _begins_with_furniture(block: str) -> bool:
    """Whether the block's second line is a date: then its lines are a page's, not one wrapped paragraph's."""
    lines = block.strip().split("\n")
    return any(date_line(line) for line in lines[:3]) or any(_CHROME.match(line.strip()) for line in lines)


def _preamble_length(paragraphs: list[_Paragraph]) -> int:
    """How many paragraphs stand before the first prose. The last paragraph of all is never preamble."""
    titled = False
    for count, paragraph in enumerate(paragraphs[:-1]):
        if count == _PREAMBLE_LINES:
            return 1
        if paragraph.is_date or paragraph.is_byline:
            continue
        # a headline may end in a question or exclamation mark, never in a full stop
        prose = paragraph.is_prose if titled else bool(_ENDS_STATEMENT.search(paragraph.text))
        if prose or len(paragraph.text) > _HEADLINE_CHARS:
            return count
        titled = True
    return min(1, len(paragraphs) - 1)


def _without_teasers(paragraphs: list[_Paragraph]) -> list[_Paragraph]:
    """Without date lines and the headlines that they belong to: teasers of other articles."""
    teasers = {id(head) for head, day in pairwise(paragraphs) if day.is_date and not head.is_prose}
    return [p for p in paragraphs if not p.is_date and id(p) not in teasers]


def _joined(paragraphs: list[_Paragraph]) -> str:
    return "".join(("\n\n" if p.apart else "\n") + p.text for p in paragraphs).strip("\n")


def _same(line: str, title: str | None) -> bool:
    return title is not None and line.casefold() == title.casefold()
