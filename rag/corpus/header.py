"""The optional header block of a text or Markdown file: `key: value` lines, with or without `---` around them."""

import re
from dataclasses import dataclass, fields

_LINE = re.compile(r"^([A-Za-z][A-Za-z_-]{0,30}):(?:[ \t]+(.*))?$")
_FENCE = "---"
# what may stand between fences: a key, what is indented below it, a list, a comment
_FRONT_MATTER = re.compile(r"^(?:[\w-]+:.*|[ \t].*|-.*|#.*|)$")
# a value that goes on below is not read
_NO_VALUES = ("", ">", ">-", "|", "|-")


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

    A block without fences ends at the first blank line. It is one only if every
    line of it reads `key: value` and it has a title, an id or two known keys: a
    paragraph that merely begins with a colon phrase stays text, and so does a
    line with an unknown key.
    """
    lines = text.lstrip("\n").split("\n")
    return _fenced(lines, text) if lines[0].strip() == _FENCE else _plain(lines, text)


def _fenced(lines: list[str], text: str) -> tuple[Header, str]:
    stop = next((n for n in range(1, len(lines)) if lines[n].strip() == _FENCE), None)
    if stop is None or not all(_FRONT_MATTER.match(line) for line in lines[1:stop]):
        return Header(), text
    header = _header([match for line in lines[1:stop] if (match := _LINE.match(line))])
    return (header, "\n".join(lines[stop + 1 :])) if header != Header() else (header, text)


def _plain(lines: list[str], text: str) -> tuple[Header, str]:
    stop = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    matches = [match for line in lines[:stop] if (match := _LINE.match(line.strip()))]
    known = [match for match in matches if match[1].lower() in _KEYS]
    enough = len(known) > 1 or any(match[1].lower() in ("title", "id") for match in known)
    if len(matches) < stop or not enough:
        return Header(), text
    unknown = [match[0] for match in matches if match not in known]
    return _header(known), "\n".join([*unknown, *lines[stop:]])


def _header(matches: list[re.Match[str]]) -> Header:
    pairs = {match[1].lower(): _unquoted(match[2] or "") for match in matches}
    return Header(**{key: value for key, value in pairs.items() if key in _KEYS and value not in _NO_VALUES})


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
