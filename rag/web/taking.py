"""What a visitor takes away: files for the browser to save, and addresses that ask again."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from rag import render
from rag.desks import Turn
from rag.errors import InputError
from rag.types import Answer, Filters

# text is for a terminal; it is copied from the page as it stands
FORMATS = [(name, form.label) for name, form in render.FORMATS.items() if name != "text"]


def download(answers: Sequence[Answer], format: str) -> str:
    """A file for the browser to save: JSON of its name, type and bytes. Raises InputError for an unknown format."""
    form = render.FORMATS.get(format)
    if form is None:
        raise InputError(f"{format[:20]!r} is no format; choose one of {', '.join(render.FORMATS)}")
    return named_file("pullquote", form.suffix, form.media_type, form.written(answers))


def named_file(name: str, suffix: str, media_type: str, words: str) -> str:
    """A text for the browser to save under that name and the time of day."""
    whole = f"{name}-{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}.{suffix}"
    return json.dumps({"name": whole, "type": media_type, "base64": base64.b64encode(words.encode()).decode()})


def permalink(turn: Turn, chosen: Filters) -> str:
    """An address, relative to the page's, that asks the question again with its filters."""
    return f"?{urlencode([('q', turn.understood.searched), *filter_fields(chosen)])}"


def filter_fields(chosen: Filters) -> list[tuple[str, str]]:
    """The fields of an address that name the filters."""
    fields = [(name, day.isoformat()) for name, day in (("after", chosen.after), ("before", chosen.before)) if day]
    fields += [("source", source) for source in chosen.sources or ()]
    fields += [("having", words) for words in chosen.having]
    return fields + [(name, "true") for name, wide in (("guessed", chosen.guessed), ("undated", chosen.undated)) if wide]
