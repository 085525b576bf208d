"""The articles that answers quote, as entries of a bibliography: what BibTeX and CSL share."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.render.names import Name, names
from rag.render.parts import windows
from rag.render.words import characters, corrected
from rag.types import Answer, Article, Quote


@dataclass(frozen=True, slots=True)
class Reference:
    """One quoted article: `key` is unique among the entries, `note` says which characters of which text were quoted."""

    key: str
    article: Article
    authors: tuple[Name, ...]
    note: str


def entries(answers: Sequence[Answer]) -> list[Reference]:
    """An entry for each article that is quoted, in the order of first quotation. Near misses answer nothing and have none."""
    quoted: dict[tuple[str, str], list[Quote]] = {}
    for quote in (quote for answer in answers for quote in answer.quotes):
        # between two answers of a conversation an article may have been replaced: its texts are cited apart
        quoted.setdefault((quote.article.id, quote.article.sha256), []).append(quote)
    taken: set[str] = set()
    return [_entry(quotes, taken) for quotes in quoted.values()]


def _entry(quotes: Sequence[Quote], taken: set[str]) -> Reference:
    article = quotes[0].article
    key = _unique(_key(article), taken)
    taken.add(key)
    # a lead and its quote are two quotations
    places = dict.fromkeys(characters(window) for quote in quotes for window in windows(quote))
    noted = f"; the article {corrected(article)}" if article.corrections else ""
    note = f"Quoted at {'; '.join(places)} of the text with SHA-256 {article.sha256}{noted}"
    return Reference(key, article, names(article.author), note)


def _key(article: Article) -> str:
    """Source, year and the title's first words in lower-case ASCII; of a title in other letters, the text's checksum."""
    title = _ascii_words(article.title)[:3] or [article.sha256[:8]]
    year = [str(article.published.year)] if article.published else []
    return "-".join([*_ascii_words(article.source or "")[:3], *year, *title])


def _ascii_words(text: str) -> list[str]:
    # one by one: the order of marks, which goes to the square of their number, is no matter where none is kept
    plain = "".join(unicodedata.normalize("NFKD", character) for character in text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.replace("'", "").lower())


def _unique(key: str, taken: Iterable[str]) -> str:
    number, unique = 1, key
    while unique in taken:
        number += 1
        unique = f"{key}-{number}"
    return unique
