"""What is shown of a briefing, taken apart once for all formats: the words as they are, nothing escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.render.links import article_link
from rag.render.words import characters, copies_text, corrected, counted, day_text, filters_text, pages, published_text, searched_text, unread
from rag.types import Article, Briefing, Span, Story


@dataclass(frozen=True, slots=True)
class SentencePart:
    """A sentence as its article has it, where it stands there, and the desk's address of it, None where the desk's is not known."""

    text: str
    place: str
    link: str | None


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A story in the pieces that every format shows.

    `byline` are its leading article's source, author, day and where it notes a correction, as far as known; `url` is that
    article's own address, `link` the desk's of it at its first sentence, `arrived` that of `Story`. `others` say how many
    articles tell of it too, then which; so do `copies` of its copies.
    """

    article: Article
    byline: tuple[str, ...]
    sentences: tuple[SentencePart, ...]
    url: str | None
    link: str | None
    others: tuple[str, ...]
    copies: tuple[str, ...]
    arrived: datetime | None


def story_parts(briefing: Briefing, base: str | None = None) -> list[StoryPart]:
    """The parts of each story. `base` is put before the desk's addresses, which are relative to the desk's own; None where that is not known."""
    return [_part(story, base) for story in briefing.stories]


def briefing_title(briefing: Briefing) -> str:
    """Which days' stories these are."""
    days = briefing.searched.filters
    if briefing.arrived_since:
        return f"Stories that came in since {briefing.arrived_since:%Y-%m-%d %H:%M} UTC"
    if briefing.is_newest:
        return f"The newest stories: {days.after}"
    if days.after and days.after == days.before:
        return f"Stories of {days.after}"
    if days.after:
        return f"Stories from {days.after} to {days.before}" if days.before else f"Stories since {days.after}"
    return "Stories"


def briefing_notes(briefing: Briefing) -> tuple[str, ...]:
    """What is said before the stories: what could not be read, how many there are, or why there are none."""
    filters = briefing.searched.filters
    if briefing.total:
        said = f"{counted(briefing.total, 'story', 'stories')} in {counted(_articles(briefing), 'article')}"
        said += f", of which {len(briefing.stories):,} are shown" if briefing.total > len(briefing.stories) else ""
        said += f"; {counted(briefing.left_out, 'older article')} of these days are left out" if briefing.left_out else ""
        told = f"{said}."
    elif briefing.arrived_since:
        told = "Nothing came in since then."
    elif filters:
        told = f"No article is left by the filters ({filters_text(filters)}). Widen or lift them."
    else:
        told = "The archive is empty. Add articles: pullquote add FILE-OR-FOLDER"
    return tuple(text for text in (unread(briefing.searched.damaged), told) if text)


def briefing_footer(briefing: Briefing) -> str:
    """What was read, and what days left out."""
    return searched_text(briefing.searched).replace("Searched", "Read", 1)


def _articles(briefing: Briefing) -> int:
    return briefing.searched.articles - briefing.left_out


def _part(story: Story, base: str | None) -> StoryPart:
    article = story.article
    byline = (article.source, article.author, published_text(article), corrected(article))
    return StoryPart(
        article=article,
        byline=tuple(part for part in byline if part),
        sentences=tuple(_sentence(article, span, base) for span in story.sentences),
        url=article.url,
        link=_link(article, story.sentences[:1], base),
        others=_others(story.others),
        copies=copies_text(story.copies),
        arrived=story.arrived,
    )


def _sentence(article: Article, span: Span, base: str | None) -> SentencePart:
    place = " · ".join(part for part in (pages(article, span), characters(span)) if part)
    return SentencePart(span.of(article.text), place, _link(article, (span,), base))


def _link(article: Article, windows: Sequence[Span], base: str | None) -> str | None:
    return None if base is None else f"{base}{article_link(article, *windows)}"


def _others(articles: Sequence[Article]) -> tuple[str, ...]:
    if not articles:
        return ()
    named = (f"{article.title} ({', '.join(part for part in (article.source, day_text(article.published)) if part)})" for article in articles)
    return (f"also told by {counted(len(articles), 'article')}", *named)
