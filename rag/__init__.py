"""Pullquote answers questions about a collection of articles only in the articles' own words."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.archive import Archive, Report
    from rag.corpus import article, read_articles
    from rag.errors import PullquoteError
    from rag.feedback import Feedback, Verdict
    from rag.listing import Listed, Order, Shelf
    from rag.notes import Note
    from rag.settings import Settings
    from rag.types import Answer, Article, Filters, Hit, Outcome, Passage, Quote, Refusal, Span

__version__ = "0.1.0"

# `import rag` stays light: a name's module, with all that it needs, loads when the name is first used.
_HOMES = {
    "Archive": "rag.archive",
    "Report": "rag.archive",
    "article": "rag.corpus",
    "read_articles": "rag.corpus",
    "PullquoteError": "rag.errors",
    "Feedback": "rag.feedback",
    "Verdict": "rag.feedback",
    "Order": "rag.listing",
    "Shelf": "rag.listing",
    "Note": "rag.notes",
    "Settings": "rag.settings",
    "Answer": "rag.types",
    "Article": "rag.types",
    "Filters": "rag.types",
    "Hit": "rag.types",
    "Listed": "rag.listing",
    "Outcome": "rag.types",
    "Passage": "rag.types",
    "Quote": "rag.types",
    "Refusal": "rag.types",
    "Span": "rag.types",
}

__all__ = [
    "Answer",
    "Archive",
    "Article",
    "Feedback",
    "Filters",
    "Hit",
    "Listed",
    "Note",
    "Order",
    "Outcome",
    "Passage",
    "PullquoteError",
    "Quote",
    "Refusal",
    "Report",
    "Settings",
    "Shelf",
    "Span",
    "Verdict",
    "article",
    "read_articles",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
