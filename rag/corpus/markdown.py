"""Markdown into the text that its reader sees: headings, paragraphs, list items and code, without the marks."""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.corpus.table_rows import column_heads, row_sentence
from rag.errors import InputError

# The parser takes some 50 microseconds a line whatever is on it, so what is all line ends would take minutes.
_MOST_LINES = 50_000
# Lists and quotations within each other, and brackets within brackets. For each opening bracket the parser looks through
# so many that follow, and leaves deeper ones as they are; of what is nested deeper in lists it would lose the text.
_MOST_NESTED_BLOCKS, _MOST_NESTED_MARKS = 100, 10
# A block with so many marks, and more than one in so many characters, is no prose: it is left as it stands.
_MANY_MARKS, _ONE_IN = 1_000, 4
_MARK = re.compile(r"[\[\]!*_`<>&\\~]")
# The only way to end a line inside a table's cell.
_BREAK = re.compile(r" ?<br ?/?> ?", re.IGNORECASE)


def plain_text(source: str) -> tuple[str | None, str]:
    """The first top-level heading, or None, and the text with a blank line between blocks.

    HTML inside Markdown stays as the characters that it is, but for `<br>`, a line's
    end: nothing is lost, and it is escaped wherever it is shown. Numbered items keep their numbers.
    A table's row is one sentence, each cell after its column's head.
    Images and link definitions leave nothing. Raises InputError for over 50,000 lines.
    """
    lines = source.count("\n") + 1
    if lines > _MOST_LINES:
        raise InputError(f"the file has {lines:,} lines; the most of Markdown is {_MOST_LINES:,}: split it, or add it as text (.txt)")
    title: str | None = None
    blocks: list[str] = []
    number = ""
    links: dict[str, object] = {}
    tokens = _parser(_MOST_NESTED_BLOCKS).disable("inline").parse(source, links)
    inline = _parser(_MOST_NESTED_MARKS)
    before: Token | None = None
    left = iter(tokens)
    for token in left:
        opened, before = before, token
        if token.type == "table_open":
            rows = _rows(list(takewhile(lambda inside: inside.type != "table_close", left)), lambda cell: _shown(cell, inline, links))
            blocks += [number + row for row in rows[:1]] + rows[1:]
            number = ""
        if token.type == "list_item_open" and token.info:
            # "2019. It was the year" is a list to Markdown; the number is the author's all the same
            number = f"{token.info}{token.markup} "
        text = _shown(token.content, inline, links) if token.type == "inline" else token.content if token.type in ("fence", "code_block") else ""
        if not text.strip():
            continue
        if title is None and not blocks and opened is not None and opened.tag == "h1":
            title = text.strip()
        else:
            blocks.append(number + text.strip("\n"))
            number = ""
    return title, "\n\n".join(blocks)


def _rows(tokens: Sequence[Token], shown: Callable[[str], str]) -> list[str]:
    """The rows of a table, "Town: Orrin, Founded: 1540."; its heads alone where it has nothing else."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(" ".join(shown(token.content).split()))
    heads = column_heads(rows[0]) if rows[1:] else []
    said = [row_sentence(heads, row) for row in (rows[1:] if heads else rows)]
    return [row for row in said if row]


def _parser(most_nested: int) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": most_nested}).enable("table")


def _shown(content: str, inline: MarkdownIt, links: dict[str, object]) -> str:
    """The visible characters of a block's text; a soft or hard break is a line end."""
    marks = len(_MARK.findall(content))
    if marks > _MANY_MARKS and marks * _ONE_IN > len(content):
        return content
    return "".join(_part(child) for token in inline.parseInline(content, links) for child in token.children or [])


def _part(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "text":
        return _BREAK.sub("\n", token.content)
    return token.content if token.type == "code_inline" else ""
