"""Markdown that CommonMark, GitHub and pandoc read alike: the markup is the product's, every word of an article is literal."""

import re
from collections.abc import Sequence

from rag.render.links import safe_url
from rag.render.parts import Part, part, parts, rows
from rag.render.words import GAP, NEAR_MISSES, difference_text, reason, searched_text
from rag.types import Answer, Difference, Outcome, Quote

# An opening parenthesis, or a word and a closing one, can begin a list where a line begins. The others are markup of some
# dialect anywhere: `'`, `"`, `.` and `-` are made typographic by pandoc, `:` and `@` make links, emoji and citations.
_MARKUP = re.compile(r"^\(?\w*\)|^\(|[&<>\[\]$\\“‘`*_~^#+=|{}\"':@.!]|(?<!\w)-|-(?!\w)")
# A backslash before these, or a backslash by itself, begins mathematics or raw TeX in some dialect; before a typographic mark
# it would be shown, and pandoc takes pairs of such marks out of the text and turns a lone one round.
_AS_REFERENCE = frozenset("&<>[]()$\\“‘")
# in an address this would be read as a character
_REFERENCE = re.compile(r"(&#?\w+);")
_ENCODED = r"\1%3B"


def markdown(answers: Sequence[Answer]) -> str:
    """The answers as one Markdown document, each under its question, with all that `answer_text` shows."""
    return "\n\n".join(_answer(answer) for answer in answers) + "\n"


def escaped(text: str) -> str:
    """Text as one line that every dialect shows as the characters that it is; white space is folded."""
    return _MARKUP.sub(_literal, " ".join(text.split()))


def _literal(match: re.Match[str]) -> str:
    return "".join(_literal_character(character) for character in match[0])


def _literal_character(character: str) -> str:
    if character in _AS_REFERENCE:
        return f"&#{ord(character)};"
    return character if character.isalnum() else f"\\{character}"


def _answer(answer: Answer) -> str:
    blocks = [f"# {escaped(answer.question)}"]
    if answer.outcome is not Outcome.ANSWERED:
        blocks.append(escaped(reason(answer)))
    blocks += [_difference(difference, answer.quotes) for difference in answer.differences]
    blocks += [_part(shown) for shown in parts(answer.quotes)]
    if answer.near_misses:
        blocks.append(escaped(NEAR_MISSES))
        blocks += [_part(part(quote)) for quote in answer.near_misses]
    blocks.append(escaped(searched_text(answer.searched)))
    return "\n\n".join(blocks)


def _difference(difference: Difference, quotes: Sequence[Quote]) -> str:
    table = ["| Published | Value | Quote | Article |", "|---|---|---|---|"]
    table += [f"| {row.day} | {escaped(row.value)} | {row.number} | {escaped(row.article)} |" for row in rows(difference, quotes)]
    return "\n".join([escaped(difference_text(difference)), "", *table])


def _part(shown: Part) -> str:
    blocks = [f"**{shown.number}** · {escaped(shown.confidence or '')}"] if shown.number else []
    blocks.append(_block_quote(f"\n\n{GAP}\n\n".join(shown.words)))
    source = " · ".join([*map(escaped, shown.citation), *_link(shown.url)])
    if shown.speaker is not None:
        source = f"attributed to: {escaped(shown.speaker)} · {shown.speaker_at}\\\n{source}"
    return "\n\n".join([*blocks, source])


def _block_quote(text: str) -> str:
    """The text with its own lines and paragraphs, each behind a quotation's mark."""
    paragraphs: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            paragraphs[-1].append(escaped(line))
        else:
            paragraphs.append([])
    # the backslash keeps a line's end
    return "\n>\n".join("\\\n".join(f"> {line}" for line in lines) for lines in paragraphs if lines)


def _link(url: str | None) -> list[str]:
    """The address as a link to itself, or as text where it should not be one, or nothing."""
    if not url:
        return []
    safe = safe_url(url)
    return [f"<{_REFERENCE.sub(_ENCODED, safe)}>" if safe else escaped(url)]
