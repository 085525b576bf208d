"""The optional header of a text or Markdown file: front matter, or a block of `key: value` lines."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, time

from rag.corpus.front_matter import front_matter, scalar
from rag.types import Fact, Facts, Provenance

# A key may have spaces, as in MultiMarkdown; a value may go on in indented lines.
_LINE = re.compile(r"^([A-Za-z][\w -]{0,30}):(?:[ \t]+(.*))?$")
# What other people's tools call a fact, the most telling name first; capitals, spaces, hyphens and underscores count for nothing.
# A note's `created` is no name of a date of publication.
_NAMES = {
    "id": "id identifier uid guid".split(),
    "title": "title headline".split(),
    "source": "source publication publisher outlet sitename site".split(),
    "author": "author authors byline creator".split(),
    "published": "published datepublished date publishdate publisheddate publishedat publishedon pubdate publicationdate issued".split(),
    "url": "url link canonicalurl canonical permalink sourceurl originalurl".split(),
    "updated": "updated datemodified modified lastmodified lastmod".split(),
    "language": "language lang inlanguage".split(),
}
_KNOWN = frozenset(name for names in _NAMES.values() for name in names)
# What is no part of an article, and is left out without a word.
_UNUSED = frozenset(
    "tags tag keywords categories category topics series slug layout type template draft status "
    "weight aliases cssclass cssclasses toc comments".split()
)
# Words that YAML reads as nothing, marks of a value that goes on below, and switches: `published: true` is no date.
_SWITCHES = frozenset(("true", "false", "True", "False"))
_NO_VALUES = frozenset(("", "~", "null", "Null", "NULL", ">", ">-", "|", "|-")) | _SWITCHES
_MOST_ITEMS, _MOST_NAMED = 100, 10


@dataclass(frozen=True, slots=True)
class Header:
    """What is written about an article beside its text, as it is written; `warnings` tell what of it was not understood."""

    id: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    updated: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        return facts_of({field.name: getattr(self, field.name) for field in fields(Facts)})


def facts_of(values: Mapping[str, str | None]) -> Facts:
    """The facts of those fields that say something, told by a header or a row."""
    return Facts(**{name: Fact(value, Provenance.HEADER) for name, value in values.items() if value})


def fact_of(key: str) -> str | None:
    """The fact that a key or a column of that name tells, such as "title" for "Headline"; None where it tells none."""
    return next((fact for fact, names in _NAMES.items() if _bare(key) in names), None)


def split_header(text: str) -> tuple[Header, str]:
    """The header, empty where there is none, and the text below it.

    Front matter is one if a key in it is known. A block without fences ends at
    the first blank line. It is one only if every line of it reads `key: value`
    and it has a title, an id or two known keys: a paragraph that merely begins
    with a colon phrase stays text, and so does a line with an unknown key.
    """
    text = text.lstrip("\n")
    found = front_matter(text)
    if found is None:
        return _plain(text)
    if not any(_bare(key) in _KNOWN | _UNUSED for key in found.fields):
        return Header(), text
    return _header(found.fields, found.warnings), found.rest


def written(value: object, depth: int = 2) -> str | None:
    """A field's value as one text: a list's items with commas between, or semicolons where an item has a comma, of a person the name.

    None where it says nothing.
    """
    if isinstance(value, str):
        return None if value.strip() in _NO_VALUES else value.strip()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value) if math.isfinite(value) else None
    if isinstance(value, list) and depth:
        items = [said for item in value[:_MOST_ITEMS] if (said := written(item, depth - 1))]
        return ("; " if any(", " in said for said in items) else ", ").join(items) or None
    return written(value.get("name"), depth - 1) if isinstance(value, dict) and depth else None


def _plain(text: str) -> tuple[Header, str]:
    lines = text.split("\n")
    stop = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    block = re.sub(r"\n[ \t]+", " ", "\n".join(lines[:stop])).split("\n")
    matches = [match for line in block if (match := _LINE.match(line.strip()))]
    fields = {match[1]: scalar(match[2] or "") for match in matches if _bare(match[1]) in _KNOWN}
    header = _header(fields)
    if len(matches) < len(block) or not (len(fields) > 1 or header.title or header.id):
        return Header(), text
    unknown = [match[0] for match in matches if _bare(match[1]) not in _KNOWN | _UNUSED]
    return header, "\n".join([*unknown, *lines[stop:]])


def _header(fields: Mapping[str, object], warnings: Iterable[str] = ()) -> Header:
    keys = {_bare(key): key for key in reversed(list(fields))}
    facts, used = {}, set()
    for fact, names in _NAMES.items():
        for name in names:
            if name in keys and (value := written(fields[keys[name]])):
                facts[fact] = value
                used.add(keys[name])
                break
    # clippers of web pages call a page's address its source
    if facts.get("source", "").startswith(("http://", "https://")) and "url" not in facts:
        facts["url"] = facts.pop("source")
    left = [key[:60] for key, value in fields.items() if key not in used and _bare(key) not in _UNUSED and value not in ("", None, [], {})]
    told = [f"of its header, this was not read: {', '.join(left[:_MOST_NAMED])}{' and more' if len(left) > _MOST_NAMED else ''}"] if left else []
    return Header(**facts, warnings=(*warnings, *told))


def _bare(key: str) -> str:
    return re.sub(r"[\s_-]+", "", key).casefold()
