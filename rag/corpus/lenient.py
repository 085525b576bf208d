"""An article of what is told of it, where what need not be there costs only itself."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from rag.corpus.canonical_text import article, documented, one_line, web_address
from rag.corpus.dates import publication_date
from rag.corpus.draft import Draft
from rag.corpus.language import language_code, language_of
from rag.errors import InputError
from rag.given import valid
from rag.types import Article, Fact, Provenance

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
    is guessed; a day that is only guessed is no `published`. Raises InputError where the id, the title or the text is empty or
    cannot be used, or anything has half a character: then more is damaged than a fact.
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
    return replace(documented(made, facts, draft.parts, updated), warnings=tuple(warnings))


def _language(declared: Fact | None, text: str) -> Fact | None:
    code = language_code(declared.value) if declared else None
    if declared and code:
        return Fact(code, declared.told_by)
    guessed = language_of(text)
    return Fact(guessed, Provenance.GUESSED) if guessed else None
