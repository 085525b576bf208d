"""A briefing as one HTML file that stands alone, loads nothing and runs nothing."""

from collections.abc import Sequence

from rag.render.html_elements import Html, apart, dotted, element, escaped, link, page
from rag.render.links import safe_url
from rag.render.story_parts import SentencePart, StoryPart, briefing_footer, briefing_notes, briefing_title, story_parts
from rag.types import Briefing


def briefing_html(briefing: Briefing, base: str | None = None) -> str:
    """The stories as a page to read, print or send; `base` is as for `story_parts`. Only http and https addresses, and the desk's, are links."""
    title = briefing_title(briefing)
    blocks = [element("h1", escaped(title))]
    blocks += [element("p", escaped(text), class_="note") for text in briefing_notes(briefing)]
    blocks += [_story(part) for part in story_parts(briefing, base)]
    blocks.append(element("footer", escaped(briefing_footer(briefing))))
    return page(title, element("section", *blocks))


def _story(part: StoryPart) -> Html:
    title = part.article.title
    headline = element("h2", link(part.link, title) if part.link else escaped(title), dir="auto")
    quoted = [each for sentence in part.sentences for each in _sentence(sentence)]
    caption = element("figcaption", _byline(part), *_named(part.others), *_named(part.copies))
    return element("figure", headline, *quoted, caption, class_="quote")


def _sentence(part: SentencePart) -> list[Html]:
    place = link(part.link, part.place) if part.link else escaped(part.place)
    return [element("blockquote", element("p", escaped(part.text), dir="auto")), element("p", place, class_="note")]


def _byline(part: StoryPart) -> Html:
    pieces = [apart(piece) for piece in part.byline]
    if part.url:
        safe = safe_url(part.url)
        pieces.append(link(safe, part.url) if safe else apart(part.url))
    return element("p", *dotted(*pieces))


def _named(named: Sequence[str]) -> list[Html]:
    """How many articles, and folded up which."""
    if not named:
        return []
    return [element("details", element("summary", escaped(named[0])), *[element("p", apart(name)) for name in named[1:]])]
