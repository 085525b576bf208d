"""Proves offline that the words of a saved answer stand in the archive's articles, character for character."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from rag.errors import InputError
from rag.render import article_json, parts_json, timestamp
from rag.types import Article, Edition, Span

# what an article is always cited with
_CITED = frozenset(("id", "title", "source", "author", "published", "url"))


Find = Callable[[str], Article | None]
Editions = Callable[[str], Sequence[Edition]]


@dataclass(frozen=True, slots=True)
class EarlierText:
    """An earlier text of an article that is quoted: its SHA-256, when it was replaced, and how many quotes and near misses are of it."""

    article: str
    sha256: str
    replaced: datetime
    quotes: int


@dataclass(frozen=True, slots=True)
class Verification:
    """How many windows matched before the first that did not, and what is wrong with that one (None: all match).

    `earlier` are the texts of those that matched which are not what their articles say now.
    """

    matched: int
    failure: str | None
    earlier: tuple[EarlierText, ...] = ()


def _no_editions(_: str) -> Sequence[Edition]:
    return ()


def verify(answer: object, article: Find, editions: Editions = _no_editions) -> Verification:
    """Compares every quote, near miss, lead, speaker, answer and value of an answer, and how it is cited, with its article.

    A lead has to stand before its quote and apart from it, the words that answer
    inside their quote, a value inside its quote or that quote's lead, and with its
    article's day; a speaker may be named anywhere in the article. The question, the outcome, scores, confidences and
    what a difference is about are not proved: they are judgements, no windows.

    `answer` is what `ask --json` printed, parsed, or a list of such, as a saved
    conversation is; `article` finds one by id, and `editions` its earlier texts,
    with which quotes of these are compared. Raises InputError where `answer` has not
    that form.
    """
    try:
        windows = list(_conversation_windows(answer) if isinstance(answer, list) else _windows(answer))
    except (AttributeError, TypeError) as error:
        raise InputError(f"this is not an answer: {error}") from None
    earlier: Counter[tuple[str, str, datetime]] = Counter()
    for matched, window in enumerate(windows):
        text = _text(window, article, editions)
        failure = _failure(window, text.article if isinstance(text, Edition) else text)
        if failure:
            return Verification(matched, f"{window.name}: {failure}", _earlier(earlier))
        if isinstance(text, Edition) and window.part is _Part.ITSELF:
            earlier[text.article.id, text.article.sha256, text.replaced] += 1
    return Verification(len(windows), None, _earlier(earlier))


def verification_json(verification: Verification) -> dict[str, Any]:
    """The verification in the form that `verify --json` prints."""
    earlier = [
        {"article": text.article, "sha256": text.sha256, "replaced": timestamp(text.replaced), "quotes": text.quotes} for text in verification.earlier
    ]
    return {"matched": verification.matched, "failure": verification.failure, "earlier": earlier}


def places(text: str, article: Article, most: int = 100) -> list[Span]:
    """Where exactly these characters stand in the article, in its order, overlapping places too; the first `most`. Raises InputError for no text."""
    if not text:
        raise InputError("the text is empty; give the words to look for")
    found: list[Span] = []
    start = article.text.find(text)
    while start >= 0 and len(found) < most:
        found.append(Span(start, start + len(text)))
        start = article.text.find(text, start + 1)
    return found


class _Part(StrEnum):
    """What a window is to its quote."""

    ITSELF = "quote"
    LEAD = "lead"
    SPEAKER = "speaker"
    ANSWER = "answer"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class _Window:
    """What is to be proved: `given` has `text`, `start` and `end`, `quote` is what it belongs to."""

    name: str
    part: _Part
    quote: Mapping[str, Any]
    given: Mapping[str, Any]


def _conversation_windows(answers: list[object]) -> Iterator[_Window]:
    """All windows of all answers, each named with its answer."""
    if not answers:
        raise InputError("this is not a conversation: it has no answer")
    for number, answer in enumerate(answers, start=1):
        try:
            for window in _windows(answer):
                yield replace(window, name=f"answer {number}, {window.name}")
        except InputError as error:
            raise InputError(f"answer {number}: {error}") from None


def _windows(answer: object) -> Iterator[_Window]:
    """All windows; a quote before its lead, and both before the values inside them."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("quotes"), list):
        raise InputError('this is not an answer: it has no list of "quotes"; save one with: pullquote ask --json QUESTION > answer.json')
    quotes = answer["quotes"]
    for kind, items in (("quote", quotes), ("near miss", answer.get("near_misses") or [])):
        for number, quote in enumerate(items, start=1):
            if not isinstance(quote, Mapping):
                raise InputError(f"{kind} {number} is not an object")
            yield from _quote_windows(f"{kind} {number}", quote)
    for difference in answer.get("differences") or []:
        for value in difference.get("values", []):
            number = value.get("quote")
            if type(number) is not int or not 0 <= number < len(quotes):
                raise InputError(f"a value of the difference about {difference.get('about')!r} names quote {number!r}, which is not there")
            yield _Window(f"value {value.get('value')!r}", _Part.VALUE, quotes[number], {**value, "text": value.get("value")})


def _quote_windows(name: str, quote: Mapping[str, Any]) -> Iterator[_Window]:
    yield _Window(name, _Part.ITSELF, quote, quote)
    for part in (_Part.LEAD, _Part.SPEAKER, _Part.ANSWER):
        # what was saved by an earlier version has no leads, or no answering words
        given = quote.get(part.value)
        if given is not None and not isinstance(given, Mapping):
            raise InputError(f"{part} of {name} is not an object")
        if given is not None:
            yield _Window(f"{part} of {name}", part, quote, given)


def _text(window: _Window, find: Find, editions: Editions) -> Article | Edition | None:
    """The article that the words are said to be of, or its earlier text that has the SHA-256 which the quote names."""
    cited = window.quote.get("article")
    # an id that no file could hold is in no archive
    if not isinstance(cited, Mapping) or not isinstance(cited.get("id"), str) or not cited["id"].isprintable():
        return None
    article, sha256 = find(cited["id"]), cited.get("sha256")
    if article and article.sha256 == sha256:
        return article
    return next((edition for edition in editions(cited["id"]) if edition.article.sha256 == sha256), article)


def _earlier(quotes: Mapping[tuple[str, str, datetime], int]) -> tuple[EarlierText, ...]:
    return tuple(EarlierText(*text, count) for text, count in quotes.items())


def _failure(window: _Window, article: Article | None) -> str | None:
    cited = window.quote.get("article")
    if not isinstance(cited, Mapping) or not isinstance(cited.get("id"), str):
        return "it names no article"
    if article is None:
        return f"article {cited['id']!a} is not in the archive"
    return _citation_failure(cited, article) or _window_failure(window.given, article) or _place_failure(window) or _parts_failure(window, article)


def _citation_failure(cited: Mapping[str, Any], article: Article) -> str | None:
    if cited.get("sha256") != article.sha256:
        return f"article {article.id!r} is not the text that was quoted: it was replaced since, or the answer was altered"
    # what was saved by an earlier version has no others
    wrong = [(name, value) for name, value in article_json(article).items() if (name in cited or name in _CITED) and cited.get(name) != value]
    return f"article {article.id!r} has {wrong[0][0]} {wrong[0][1]!r}, not {cited.get(wrong[0][0])!r}" if wrong else None


def _window_failure(window: Mapping[str, Any], article: Article) -> str | None:
    start, end, text = window.get("start"), window.get("end"), window.get("text")
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(article.text)):
        return f"its offsets {start!r} to {end!r} are no window"
    there = article.text[start:end]
    if text != there:
        return f"article {article.id!r} has {_shortened(there)} at characters {start} to {end}, not {_shortened(text)}"
    return None


def _place_failure(window: _Window) -> str | None:
    """Why words that the article has at their offsets still do not stand where they belong."""
    quote, start, end = window.quote, window.given["start"], window.given["end"]
    if window.part is _Part.LEAD and end >= quote["start"]:
        return f"it ends at character {end}, but a lead stands before its quote, which starts at {quote['start']}, and does not touch it"
    if window.part in (_Part.ANSWER, _Part.VALUE) and not _inside(window):
        return f"characters {start} to {end} are outside its quote"
    published = quote["article"].get("published")
    if window.part is _Part.VALUE and window.given.get("published") != published:
        return f"its article was published {published!r}, not {window.given.get('published')!r}"
    return None


def _parts_failure(window: _Window, article: Article) -> str | None:
    """Why the words are not where the quote says that the document has them; it may say nothing."""
    given = window.given.get("parts") if window.part is _Part.ITSELF else None
    if given is None or given == parts_json(article, Span(window.given["start"], window.given["end"])):
        return None
    return f"the document of article {article.id!r} has its words elsewhere than the quote says"


def _inside(window: _Window) -> bool:
    """Whether the words stand in the quote, or those of a value in its lead."""
    quote, given = window.quote, window.given
    around = (quote, quote.get("lead") or quote) if window.part is _Part.VALUE else (quote,)
    return any(outer["start"] <= given["start"] and given["end"] <= outer["end"] for outer in around)


def _shortened(text: object) -> str:
    shown = repr(text)
    return shown if len(shown) <= 160 else f"{shown[:80]} … {shown[-60:]}"
