"""The heading over a short line that is no sentence: alone, the line could not be understood."""

from rag.english.surroundings import Surroundings
from rag.types import Span

# How many lines back a heading is looked for.
_REACH = 6
# A line of a list, or below a heading of its own, has at most so many characters, and that heading so many.
_LINE, _HEADING = 80, 41


def heading_over(article: Surroundings, number: int) -> Span | None:
    """What stands over a short line that is no sentence: a line with a colon, or a short one without a stop, past other lines of a list.

    A line without a figure heads one with a figure. Else the two may be of one
    list, or a name and its office: only a pair between sentences, the first a
    common word, tells.
    """
    if not article.heading(number) or len(article.shown(number)) > _LINE:
        return None
    for at in range(number - 1, max(-1, number - _REACH - 1), -1):
        line = article.shown(at)
        if not article.breaks(at, at + 1) or not (article.heading(at) or line.endswith(":")):
            return None
        if line.endswith(":") or (_may_head(line) and (_has_figure(article.shown(number)) or _is_pair(article, at))):
            return article.sentences[at]
    return None


def _may_head(line: str) -> bool:
    return line[0].isupper() and len(line) <= _HEADING and not _has_figure(line)


def _has_figure(line: str) -> bool:
    return any(map(str.isdigit, line))


def _is_pair(article: Surroundings, number: int) -> bool:
    """Whether this line and the next stand alone between sentences, and this one is no name."""
    alone = not any(article.heading(at) for at in (number - 1, number + 2) if 0 <= at < len(article.sentences))
    return alone and article.shown(number)[1:].islower()
