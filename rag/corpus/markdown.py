"""Markdown into the text that its reader sees: headings, paragraphs, list items and code, without the marks."""

from markdown_it import MarkdownIt
from markdown_it.token import Token


def plain_text(source: str) -> tuple[str | None, str]:
    """The first top-level heading, or None, and the text with a blank line between blocks.

    HTML inside Markdown stays as the characters that it is: nothing is lost,
    and it is escaped wherever it is shown. Numbered items keep their numbers.
    Images and link definitions leave nothing.
    """
    title: str | None = None
    blocks: list[str] = []
    number = ""
    tokens = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable("table").parse(source)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open" and token.info:
            # "2019. It was the year" is a list to Markdown; the number is the author's all the same
            number = f"{token.info}{token.markup} "
        text = _inline(token) if token.type == "inline" else token.content if token.type in ("fence", "code_block") else ""
        if not text.strip():
            continue
        if title is None and not blocks and before is not None and before.tag == "h1":
            title = text.strip()
        else:
            blocks.append(number + text.strip("\n"))
            number = ""
    return title, "\n\n".join(blocks)


def _inline(token: Token) -> str:
    """The visible characters of a line; a soft or hard break is a line end."""
    parts = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("text", "code_inline"):
            parts.append(child.content)
    return "".join(parts)
