"""An article of what is told of it, where what need not be there costs only itself."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import Any

from rag.corpus.canonical_text import TITLE_CHARS, article, documented, one_line, web_address
from rag.corpus.dates import publication_date
from rag.corpus.draft import Draft
from rag.corpus.language import language_code, language_of
from rag.corpus.line_kinds import divided
from rag.errors import InputError
from rag.given import valid
from rag.types import Article, Fact, Provenance, Refusal

# What need not be there, how it is read, and what it is called where it cannot be.
_READ: dict[str, tuple[Callable[[str], object], str]] = {
    "source": (partial(one_line, "source"), "source"),
    "author": (partial(one_line, "author"), "author"),
    "published": (publication_date, "date"),
    "updated": (publication_date, "date of change"),
    "url": (web_address, "address"),
}


def lenient_article(draft: Draft, *, id: str, title: str, origin: str) -> Article:
    """The article of a draft with those of its facts that can be used, and a warning for each that cannot.

    `id` and `title` stand in for those that nothing tells, the title as that of a file's name. A language that is not declared
    is guessed; a day that is only guessed is no `published`. Paragraphs that are not the article's own words are marked by their form
    where the draft does not mark them. Raises InputError where the id, the title or the text is empty or cannot be used, or
    anything has half a character: then more is damaged than a fact.
    """
    facts, warnings = draft.facts, list(draft.warnings)
    values: dict[str, Any] = {}
    for name, (read, called) in _READ.items():
        if fact := getattr(facts, name):
            valid(name, fact.value)
            try:
                values[name] = read(fact.value)
            except InputError as error:
                warnings.append(f"{error}; it was taken without its {called}")
                facts = replace(facts, **{name: None})
    facts = replace(facts, title=facts.title or Fact(title, Provenance.FILE_NAME), language=_language(facts.language, draft.text))
    updated = values.pop("updated", None)
    if facts.published and facts.published.told_by is Provenance.GUESSED:
        # it stays among what was told; nothing is filtered, ordered or compared by it
        values["published"] = None
    made = article(facts.id.value if facts.id else id, facts.title.value if facts.title else title, draft.text, **values, origin=origin)
    return replace(documented(made, facts, divided(made.text, draft.parts), updated), warnings=tuple(warnings), original=draft.original)


def drafted(draft: Draft, *, id: str, name: str, origin: str, max_bytes: int) -> Article | Refusal:
    """The article of a document's draft: `id` and `name` are the document's own, `origin` is where it was read from.

    Its id is what its document gives it, else the address that the document has on the web, else the document's own, with the part of it that
    it is. A refusal says why there is none.
    """
    url, last = draft.facts.url, PurePath(draft.part)
    if url and url.told_by is not Provenance.HEADER and _can_be_id(url.value):
        # who writes a header over a text can write an id into it
        id = url.value
    elif draft.part:
        id = f"{id}#{draft.part}"
    title = PurePath(name).stem if not draft.part else last.stem if last.suffix else f"{PurePath(name).stem}, {last.name}"
    try:
        size = len(draft.text.encode())
        if size > max_bytes:
            raise InputError(f"the article has {size:,} bytes; the most is {max_bytes:,}")
        return lenient_article(draft, id=id, title=title, origin=origin)
    except InputError as error:
        return Refusal(part_of(origin, draft.part), str(error))


def _can_be_id(address: str) -> bool:
    try:
        return len(address) <= TITLE_CHARS and web_address(address) is not None
    except InputError:
        return False


def part_of(origin: str, part: str) -> str:
    """How a part of a document is named in a refusal."""
    return f"{origin}:{part}" if part else origin


def _language(declared: Fact | None, text: str) -> Fact | None:
    code = language_code(declared.value) if declared else None
    if declared and code:
        return Fact(code, declared.told_by)
    guessed = language_of(text)
    return Fact(guessed, Provenance.GUESSED) if guessed else None
