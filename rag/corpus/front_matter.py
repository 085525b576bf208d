"""Front matter in the forms that site generators and note takers have: YAML, TOML and JSON, each by its own reader, and Pandoc's title block."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import yaml

# What may stand between fences: a key, what is indented below it, a list, the end of one, a comment.
_FRONT_MATTER = re.compile(r"^(?:[\"']?\w[\w .:-]*[\"']?\s*[:=].*|[ \t].*|-.*|[]{}].*|#.*|\[.*\]|)$")
_LINE = re.compile(r"^[\"']?([A-Za-z][\w -]{0,30})[\"']?\s*[:=]\s*(.*)$")
# More than anybody writes above an article: what is longer is text. The reader of YAML takes a third of a second for so many
# spaces, and four times as long for twice as many.
MOST_CHARS = 5_000
_TITLE_BLOCK = ("title", "author", "date")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`fields` as its reader gives them, of YAML strings, lists and mappings only; `rest` is the text below."""

    fields: Mapping[str, object]
    rest: str
    warnings: tuple[str, ...] = ()


def front_matter(text: str) -> FrontMatter | None:
    """What stands as front matter at the very top of the text; None where nothing does.

    Where it breaks the rules of its form, what stands in a line of its own as
    `key: value` is read all the same, with a warning.
    """
    if text.startswith("{"):
        return _json_object(text)
    if text.startswith("% "):
        return _title_block(text)
    lines = text.split("\n")
    form = _FENCES.get(lines[0].rstrip())
    if form is None:
        return None
    ends = (lines[0].rstrip(), "...") if form.name == "YAML" else (lines[0].rstrip(),)
    stop = next((n for n in range(1, len(lines)) if lines[n].rstrip() in ends), None)
    if stop is None or sum(map(len, lines[1:stop])) > MOST_CHARS or not all(_FRONT_MATTER.match(line) for line in lines[1:stop]):
        return None
    fields, warnings = _fields(form, lines[1:stop])
    return FrontMatter(fields, "\n".join(lines[stop + 1 :]), warnings)


def scalar(value: str) -> str:
    """A value in a line of its own, without its quotation marks: in single ones two stand for one, double ones have escapes."""
    try:
        read = yaml.load(value, Loader=yaml.BaseLoader) if value[:1] in ("'", '"') else value  # noqa: S506 - as below
    except (yaml.YAMLError, ValueError):
        return value
    return read if isinstance(read, str) else value


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    read: Callable[[str], Any]


def _yaml(block: str) -> Any:
    # This loader makes strings, lists and mappings and nothing else, so that `2021-04-05`, `12:30` and `no` stay as they are written.
    return yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506


_FENCES = {"---": _Form("YAML", _yaml), "+++": _Form("TOML", tomllib.loads), ";;;": _Form("JSON", lambda block: json.loads(f"{{{block}}}"))}


def _fields(form: _Form, lines: list[str]) -> tuple[Mapping[str, object], tuple[str, ...]]:
    block = "\n".join(lines)
    try:
        read = form.read(block)
        if not isinstance(read, dict):
            raise ValueError("it has no keys")  # noqa: TRY004 - to whoever reads it, as wrong as a block that cannot be read
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        matches = [match for line in lines if (match := _LINE.match(line))]
        why = " ".join(str(getattr(error, "problem", None) or error).split())[:100]
        return {match[1]: scalar(match[2]) for match in matches}, (f"its header is no {form.name} ({why}): it was read line by line",)
    return {str(key): value for key, value in read.items()}, ()


def _json_object(text: str) -> FrontMatter | None:
    try:
        read, end = json.JSONDecoder().raw_decode(text[:MOST_CHARS])
    except (ValueError, RecursionError):
        return None
    return FrontMatter(read, text[end:].lstrip("\n")) if text[end : end + 1] in ("\n", "") else None


def _title_block(text: str) -> FrontMatter | None:
    """Pandoc's: two or three lines of title, authors and date, each after a percent sign."""
    lines = text.split("\n")
    block = list(takewhile(lambda line: line.startswith("%"), lines[: len(_TITLE_BLOCK) + 1]))
    if not 2 <= len(block) <= len(_TITLE_BLOCK) or "".join(lines[len(block) : len(block) + 1]).strip():
        return None
    fields = {key: line[1:].strip() for key, line in zip(_TITLE_BLOCK, block, strict=False)}
    return FrontMatter(fields, "\n".join(lines[len(block) :]))
