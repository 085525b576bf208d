"""An article's overview: keywords, gist and related articles in one."""

from collections.abc import Sequence

from rag.english.sentences import sentences
from rag.errors import InputError
from rag.overview.gist import gist
from rag.overview.keywords import keywords
from rag.overview.rarity import ArchiveRarity, EnglishRarity
from rag.overview.related import near, related
from rag.store import Entry, Snapshot, Store, stems
from rag.types import Article, Overview, Span

# a longer article's words are judged by its beginning, so that no overview takes long
_MOST_CHARS = 30_000
# in a list of many articles, each is judged by so much of it: news says first what is new
_FIRST_CHARS = 6_000


def overview(store: Store, id: str, longest: int) -> Overview:
    """The overview of the article `id`; sentences are cut at `longest` characters. Raises InputError for an unknown id.

    Nothing is encoded: words are weighed by the archive's counts, and articles
    compared by their stored vectors.
    """
    with store.reading() as snapshot:
        entry = snapshot.entries([id]).all().get(id)
        if entry is None:
            raise InputError(f"no article has the id {id}; `pullquote list` shows ids")
        article = entry.article
        text, title = article.text, article.title
        words = {*stems(text[:_MOST_CHARS]), *stems(title)}
        rarity = ArchiveRarity.everywhere(snapshot, words).outside(entry, words)
        others = near(snapshot, entry)
    own = _own(article, _MOST_CHARS, longest)
    return Overview(article, keywords(text, title, own, EnglishRarity(rarity)), gist(text, own, rarity), related(entry, others))


def main_sentences(snapshot: Snapshot, entries: Sequence[Entry], longest: int) -> list[tuple[Span, ...]]:
    """Of each article the up to three sentences that say most of its beginning, in its order, cut at `longest` characters."""
    words = [set(stems(entry.article.text[:_FIRST_CHARS])) for entry in entries]
    rarity = ArchiveRarity.everywhere(snapshot, set[str]().union(*words))
    return [
        gist(entry.article.text, _own(entry.article, _FIRST_CHARS, longest), rarity.outside(entry, own))
        for entry, own in zip(entries, words, strict=True)
    ]


def _own(article: Article, chars: int, longest: int) -> list[Span]:
    """The sentences of the first `chars` characters that may be quoted; one that is cut off there is left out, unless it is the only one."""
    found = sentences(article.text[:chars], longest)
    whole = found[:-1] if len(article.text) > chars and len(found) > 1 else found
    return [span for span in whole if article.may_quote(span)]
