"""Proves offline that the quotes of a saved answer stand in the archive's articles, character for character."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import InputError
from rag.render import article_json
from rag.types import Article


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many windows matched before the first that did not, and what is wrong with that one (None: all match)."""

    matched: int
    failure: str | None


def verify(answer: object, article: Callable[[str], Article | None]) -> Verdict:
    """Compares every quote, near miss, speaker and value of an answer, and how it is cited, with its article.

    The question, the outcome, scores and confidences are not proved: they are judgements, no windows.

    `answer` is what `ask --json` printed, parsed; `article` finds one by id.
    Raises InputError where `answer` has not that form.
    """
    try:
        windows = list(_windows(answer))
    except (AttributeError, TypeError) as error:
        raise InputError(f"this is not an answer: {error}") from None
    for matched, (name, quote, window) in enumerate(windows):
        failure = _failure(quote, window, article)
        if failure:
            return Verdict(matched, f"{name}: {failure}")
    return Verdict(len(windows), None)


def _windows(answer: object) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Each window's name, the quote that it belongs to, and itself, with `text`, `start` and `end`."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("quotes"), list):
        raise InputError('this is not an answer: it has no list of "quotes"; save one with: pullquote ask --json QUESTION > answer.json')
    quotes = answer["quotes"]
    for kind, items in (("quote", quotes), ("near miss", answer.get("near_misses") or [])):
        for number, quote in enumerate(items, start=1):
            if not isinstance(quote, Mapping):
                raise InputError(f"{kind} {number} is not an object")
            yield f"{kind} {number}", quote, quote
            if isinstance(quote.get("speaker"), Mapping):
                yield f"speaker of {kind} {number}", quote, quote["speaker"]
    for difference in answer.get("differences") or []:
        for value in difference.get("values", []):
            number = value.get("quote")
            if not isinstance(number, int) or not 0 <= number < len(quotes):
                raise InputError(f"a value of the difference about {difference.get('about')!r} names quote {number!r}, which is not there")
            yield f"value {value.get('value')!r}", quotes[number], {**value, "text": value.get("value")}


def _failure(quote: Mapping[str, Any], window: Mapping[str, Any], find: Callable[[str], Article | None]) -> str | None:
    cited = quote.get("article")
    if not isinstance(cited, Mapping) or not isinstance(cited.get("id"), str):
        return "it names no article"
    # an id that no file could hold is in no archive
    article = find(cited["id"]) if cited["id"].isprintable() else None
    if article is None:
        return f"article {cited['id']!a} is not in the archive"
    return _citation_failure(cited, article) or _window_failure(window, article)


def _citation_failure(cited: Mapping[str, Any], article: Article) -> str | None:
    if cited.get("sha256") != article.sha256:
        return f"article {article.id!r} is not the text that was quoted: it was replaced since, or the answer was altered"
    wrong = [(name, value) for name, value in article_json(article).items() if cited.get(name) != value]
    return f"article {article.id!r} has {wrong[0][0]} {wrong[0][1]!r}, not {cited.get(wrong[0][0])!r}" if wrong else None


def _window_failure(window: Mapping[str, Any], article: Article) -> str | None:
    start, end, text = window.get("start"), window.get("end"), window.get("text")
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(article.text)):
        return f"its offsets {start!r} to {end!r} are no window"
    there = article.text[start:end]
    if text != there:
        return f"article {article.id!r} has {_shortened(there)} at characters {start} to {end}, not {_shortened(text)}"
    return None


def _shortened(text: object) -> str:
    shown = repr(text)
    return shown if len(shown) <= 160 else f"{shown[:80]} … {shown[-60:]}"
