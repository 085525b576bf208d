"""The product's own words about an answer, the same in every format and escaped by none."""

import re
from collections.abc import Sequence
from datetime import date

from rag.corpus.language import surely_language_of
from rag.english.words import ASKING
from rag.notes import Note
from rag.types import (
    MOST_COPIES,
    MOST_ON_TOPIC,
    Answer,
    Article,
    Difference,
    Edition,
    Filters,
    Found,
    Match,
    Outcome,
    Provenance,
    Quote,
    Searched,
    Span,
)

# stands between two windows of one article that do not touch
GAP = "[…]"
NEAR_MISSES = "The nearest passages, which do not answer:"
IN_ENGLISH = "Questions are understood in English only: ask this in English."
MAY_NOT_ANSWER = "The articles may not answer this"
# how likely it is that a quote answers, from which confidence on: the figure is calibrated, and the words follow it
_LIKELIHOOD = ((0.9, "very likely"), (0.7, "likely"), (0.4, "possible"), (0.15, "unlikely"))
_LEAST_LIKELY = "very unlikely"
_ENGLISH = ASKING | {"the"}
# so many damaged articles are named in a line
_NAMED = 3
# and so many copies of a quoted article
_NAMED_COPIES = 3


def reason(answer: Answer) -> str:
    """What a list of articles is of, or why there is no answer, and what to do next, in the product's own words and none of an article's."""
    if answer.topic is not None:
        return topic_text(answer.topic, len(answer.quotes))
    filters = filters_text(answer.searched.filters)
    why = {
        Outcome.ANSWERED: "",
        Outcome.NOTHING_FOUND: "The articles do not answer this: nothing in them comes near the question.",
        Outcome.WEAK_EVIDENCE: f"{MAY_NOT_ANSWER}; the nearest:",
        Outcome.OUTSIDE_FILTERS: f"No article is left by the filters ({filters}). Widen or lift them.",
        Outcome.EMPTY_ARCHIVE: "The archive is empty. Add articles: pullquote add FILE-OR-FOLDER",
    }[answer.outcome]
    silent = answer.outcome in (Outcome.NOTHING_FOUND, Outcome.WEAK_EVIDENCE)
    return f"{IN_ENGLISH} {why}" if silent and _in_another_language(answer.question) else why


def _in_another_language(question: str) -> bool:
    # one with a word that only English has needs no model to tell
    words = re.findall(r"\w+", question.casefold())
    return not _ENGLISH.intersection(words) and surely_language_of(question) not in (None, "en")


def topic_text(topic: str, articles: int) -> str:
    """What a list of articles says of itself, such as "7 articles on “the miners”, newest first:"."""
    if not articles:
        return f"No article is surely on “{topic}”; the nearest:"
    least = "At least " if articles == MOST_ON_TOPIC else ""
    return f"{least}{counted(articles, 'article')} on “{topic}”{', newest first' if articles > 1 else ''}:"


def citation(article: Article, *windows: Span) -> str:
    """Title, source, author, date, pages and each window's character offsets, if any, and where it notes a correction, in one line."""
    return " · ".join(part for part in (*cited(article, *windows), article.url) if part)


def cited(article: Article, *windows: Span, day: bool = True) -> tuple[str, ...]:
    """The parts of a citation but for the URL, which some formats make a link of; without the `day` where that stands elsewhere."""
    parts = [article.title, article.source, article.author, published_text(article) if day else None, pages(article, *windows)]
    return tuple(part for part in (*parts, characters(*windows) if windows else None, corrected(article)) if part)


def corrected(article: Article) -> str:
    """That the article notes a correction, and where; empty where it notes none."""
    return f"has a correction note, {characters(*article.corrections)}" if article.corrections else ""


def published_text(article: Article) -> str:
    """The day of publication; one that is only guessed is said to be so, in the document's own words."""
    return day_text(article.published, about_day(article))


def about_day(article: Article) -> str | None:
    """The day of publication that a heuristic found, as the document has it; None where there is none, or a better one."""
    told = article.facts.published
    return told.value if told and told.told_by is Provenance.GUESSED else None


def pages(article: Article, *windows: Span) -> str:
    """The pages of a printed document that the windows stand on, such as "p. 7" or "pp. 7, 9"; empty where there are none."""
    found = page_numbers(article, *windows)
    return f"{'p.' if len(found) == 1 else 'pp.'} {', '.join(map(str, found))}" if found else ""


def page_numbers(article: Article, *windows: Span) -> list[int]:
    """The same as numbers, in their order."""
    return sorted({part.box.page for window in windows for part in article.parts_in(window) if part.box})


def characters(*windows: Span) -> str:
    return f"characters {f' {GAP} '.join(f'{window.start}-{window.end}' for window in windows)}"


def copies_text(copies: Sequence[Article]) -> tuple[str, ...]:
    """How many copies of its story an article has, then what names each of the first, and that there are more; nothing where it has none."""
    if not copies:
        return ()
    named = tuple(f"{copy.title} ({', '.join(part for part in (copy.source, day_text(copy.published)) if part)})" for copy in copies[:_NAMED_COPIES])
    more = (f"and {len(copies) - _NAMED_COPIES} more",) if len(copies) > _NAMED_COPIES else ()
    least = "at least " if len(copies) == MOST_COPIES else ""
    return (f"also in {least}{counted(len(copies), 'copy', 'copies')} of this story", *named, *more)


def unconfirmed(quotes: Sequence[Quote]) -> str:
    """That quotes of several articles do not confirm each other, where some are copies of one story."""
    origins = origins_text(quotes)
    return f"The quotes are of {origins}: copies of one story do not confirm each other." if origins else ""


def origins_text(quotes: Sequence[Quote]) -> str:
    """Of how many articles and how many stories quotes are, such as "3 articles, 1 origin"; nothing where these are as many."""
    articles = len({quote.article.id for quote in quotes})
    stories: list[set[str]] = []
    for quote in quotes:
        own = {quote.article.id, *(copy.id for copy in quote.copies)}
        own = own.union(*(story for story in stories if story & own))
        stories = [story for story in stories if not story & own] + [own]
    return f"{counted(articles, 'article')}, {counted(len(stories), 'origin')}" if len(stories) < articles else ""


def difference_text(difference: Difference, quotes: Sequence[Quote]) -> str:
    """What a table of differing values says of itself: it sets them side by side and takes none's part."""
    about = f" for “{difference.about}”" if difference.about else ""
    origins = origins_text([quotes[value.quote] for value in difference.values])
    return f"The articles give different values{about}, each with its day of publication{f' ({origins})' if origins else ''}:"


def searched_text(searched: Searched, *, undated: str = "--undated include", guessed: str = "--guessed include") -> str:
    """What was searched: counts, dates and filters; and what days left out, with the names of the options that include it."""
    text = f"Searched {counted(searched.articles, 'article')} ({counted(searched.passages, 'passage')})"
    if searched.earliest:
        text += f", {searched.earliest} to {searched.latest}"
    if searched.undated:
        text += f", {searched.undated:,} undated"
    if searched.guessed:
        text += f" ({searched.guessed:,} with a guessed day)"
    if searched.filters:
        text += f"; filters: {filters_text(searched.filters)}"
    if searched.undated_left_out:
        text += f". Left out: {counted(searched.undated_left_out, 'undated article')} ({undated})"
    if searched.guessed_left_out:
        text += f", {searched.guessed_left_out:,} of them guessed to be of these days ({guessed})"
    return f"{text}."


def unread(ids: Sequence[str]) -> str:
    """Which articles were not read, by their ids, as they are damaged; nothing where none is. It stands before all else."""
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    named = f"{', '.join(ids[:_NAMED])}{more}"
    return f"Not read, because damaged: {named} (`pullquote repair` puts aside what is damaged)." if ids else ""


def filters_text(filters: Filters) -> str:
    parts = []
    if filters.after:
        parts.append(f"from {filters.after}")
    if filters.before:
        parts.append(f"until {filters.before}")
    if filters.by_day and filters.guessed:
        parts.append("guessed days too")
    if filters.by_day and filters.undated:
        parts.append("undated articles too")
    if filters.sources is not None:
        parts.append(f"source {' or '.join(filters.sources)}")
    parts += [f"having {words}" for words in filters.having]
    return ", ".join(parts) or "none"


def found_total(found: Found) -> str:
    """Which stretch of all lines is shown, and what the search came to, as a sentence."""
    end = found.offset + len(found.findings)
    stretch = f"{found.offset + 1:,}–{end:,} of {found.lines + found.near:,}: " if found.findings else ""
    return f"{stretch}{_match_text(found)}."


def _match_text(found: Found) -> str:
    """What a search came to: how much has the query's words, and what stands behind it."""
    near = f"; {found.near:,} more near in meaning" if found.near else ""
    match found.match:
        case Match.WORDS:
            lines = f", in {counted(found.lines, 'story', 'stories')}" if found.lines < found.articles else ""
            return f"{counted(found.articles, 'article')}{lines}, {counted(found.passages, 'passage')} with these words{near}"
        case Match.MEANING:
            return f"No passage has all of these words; {counted(found.near, 'article')} near in meaning"
        case Match.NO_WORDS:
            return f"None but the commonest words, which are not looked for; {counted(found.near, 'article')} near in meaning"
        case Match.NOTHING_FOUND:
            return "No passage has all of these words, and none is near in meaning"
        case Match.OUTSIDE_FILTERS:
            return "No article is inside the filters"
        case Match.EMPTY_ARCHIVE:
            return "The archive is empty: add articles first"


def earlier_text(edition: Edition) -> str:
    """What is said of an earlier text wherever it is shown."""
    return f"Earlier text, replaced on {day_text(edition.replaced.date())}: no longer quoted"


def confidence_words(confidence: float) -> str:
    return next((words for least, words in _LIKELIHOOD if confidence >= least), _LEAST_LIKELY)


def more_near(number: int) -> str:
    """What is said of near misses that are not read at once."""
    return f"{number} more that {'comes' if number == 1 else 'come'} near"


def writer_text(note: Note) -> str:
    """When a note was written, and where that is known by whom."""
    return " · ".join(part for part in (day_text(note.made.date()), note.author) if part)


def day_text(day: date | None, about: str | None = None) -> str:
    """A day of publication; where there is none, what is guessed `about` it."""
    return f"undated, about {about}" if about else day.isoformat() if day else "undated"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things: 1 article, 2,000 articles; `plural` where an s does not make it."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
