"""An article's overview: keywords, gist and related articles in one."""

from rag.english.sentences import sentences
from rag.errors import InputError
from rag.overview.gist import gist
from rag.overview.keywords import keywords
from rag.overview.rarity import ArchiveRarity, EnglishRarity
from rag.overview.related import near, related
from rag.store import Store, stems
from rag.types import Overview, Span

# a longer article's words are judged by its beginning, so that no overview takes long
_MOST_CHARS = 30_000


def overview(store: Store, id: str, longest: int) -> Overview:
    """The overview of the article `id`; sentences are cut at `longest` characters. Raises InputError for an unknown id.

    Nothing is encoded: words are weighed by the archive's counts, and articles
    compared by their stored vectors.
    """
    with store.reading() as snapshot:
        entry = snapshot.entry(id)
        if entry is None:
            raise InputError(f"no article has the id {id}; `pullquote list` shows ids")
        article = entry.article
        text, title = article.text, article.title
        rarity = ArchiveRarity.of(snapshot, entry, {*stems(text[:_MOST_CHARS]), *stems(title)})
        others = near(snapshot, entry)
    spans = _beginning(text, longest)
    own = [span for span in spans if article.may_quote(span)]
    return Overview(article, keywords(text, title, own, EnglishRarity(rarity)), gist(text, own, rarity), related(entry, others))


def _beginning(text: str, longest: int) -> list[Span]:
    """The sentences of the first _MOST_CHARS characters; one that is cut off there is left out, unless it is the only one."""
    found = sentences(text[:_MOST_CHARS], longest)
    return found[:-1] if len(text) > _MOST_CHARS and len(found) > 1 else found
