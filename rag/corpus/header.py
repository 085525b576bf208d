"""The optional header block of a text or Markdown file: `key: value` lines, with or without `---` around them."""

import re
from dataclasses import dataclass, fields

_LINE = re.compile(r"^([A-Za-z][A-Za-z_-]{0,30}):(?:[ \t]+(.*))?$")
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Header:
    id: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None


_KEYS = {field.name for field in fields(Header)}


def split_header(text: str) -> tuple[Header, str]:
    """The header block, empty where there is none, and the text below it.

    A block without fences ends at the first blank line, and is one only if
    every line of it reads `key: value` and its first key is a known one: a
    paragraph that merely begins with a colon phrase stays text.
    """
    lines = text.lstrip("\n").split("\n")
    fenced = lines[0].strip() == _FENCE
    start = 1 if fenced else 0
    stop = next((n for n in range(start, len(lines)) if _closes(lines[n], fenced)), len(lines))
    matches = [_LINE.match(line.strip()) for line in lines[start:stop]]
    pairs = {match[1].lower(): _unquoted(match[2] or "") for match in matches if match}
    if not (pairs and (fenced or all(matches)) and next(iter(pairs)) in _KEYS):
        return Header(), text
    known = {key: value for key, value in pairs.items() if key in _KEYS and value}
    return Header(**known), "\n".join(lines[stop + 1 :])


def _closes(line: str, fenced: bool) -> bool:
    return line.strip() == (_FENCE if fenced else "")


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
