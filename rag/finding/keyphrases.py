"""Names and phrases that tell the articles apart that were found."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rag.english.sentences import sentences
from rag.overview import ArchiveRarity, keywords
from rag.store import Snapshot, stems
from rag.types import Passage

_LONGEST_SENTENCE = 700


def keyphrases(snapshot: Snapshot, passages: Sequence[Passage], asked: Sequence[str], most: int) -> list[str]:
    """Up to `most` of the passages' keywords, as they stand there, the most telling first: a keyword gains 1 / n in
    each passage in which it is the n-th. None has only stems that are `asked`, or shares one with a better one.
    """
    words = {stem for passage in passages for stem in stems(passage.indexed_text)}
    rarity = ArchiveRarity.everywhere(snapshot, words)
    worth: dict[frozenset[str], float] = defaultdict(float)
    written: dict[frozenset[str], str] = {}
    for passage in passages:
        for place, phrase in enumerate(_of(passage, rarity), start=1):
            key = frozenset(stems(phrase))
            worth[key] += 1 / place
            written.setdefault(key, phrase)
    used: set[str] = set()
    found: list[str] = []
    for key in sorted(worth, key=lambda key: (-round(worth[key], 9), written[key])):
        if len(found) < most and key and not key <= set(asked) and not key & used:
            used |= key
            found.append(written[key])
    return found


def _of(passage: Passage, rarity: ArchiveRarity) -> Iterator[str]:
    text = passage.text
    own = [span for span in sentences(text, _LONGEST_SENTENCE) if passage.article.may_quote(span.moved(passage.span.start))]
    return (span.of(text) for span in keywords(text, passage.article.title, own, rarity))
