"""What is torn in an archive of articles that `benchmarks.kills` writes: half found, half kept, or two versions at once."""

from collections.abc import Sequence

import numpy as np

from benchmarks.kills import text_of
from rag import Archive, Settings
from rag.errors import ArticleDamaged
from rag.passages import passages
from rag.store import Store, Wanted
from rag.types import Filters, Passage
from tests.fakes import HashingEncoder

# more passages than any of these archives has
MOST = 16_000


def torn(archive: Archive) -> list[str]:
    """What is wrong with what is found and what is kept: each article that searches find is found whole, and what is kept of each is."""
    encoder, store = HashingEncoder(), archive._store
    (vector,) = encoder.encode(["bridge"])
    with store.reading() as snapshot:
        counted = snapshot.searched(Filters())
        if not counted.passages:
            return []
        near = set(snapshot.nearest(vector, MOST, Filters())[0].tolist())
        found = {
            "the search by words": set(snapshot.matching("bridge", MOST, Filters())[0].tolist()),
            "the search for all": set(snapshot.every(Wanted.of("bridge"), Filters())[0].tolist()),
            "the database": set(snapshot.passages(near).intact),
        }
        wrong = [f"{name} has {len(numbers)} passages, the search by vectors {len(near)}" for name, numbers in found.items() if numbers != near]
        seen = list(snapshot.passages(near).intact.values())
    if len(near) != counted.passages:
        wrong.append(f"{len(near)} passages are found, {counted.passages} are counted")
    return wrong + _torn_articles(seen, archive.settings) + _torn_entries(store, encoder)


def _torn_articles(seen: Sequence[Passage], settings: Settings) -> list[str]:
    spans: dict[str, list[Passage]] = {}
    for passage in seen:
        spans.setdefault(passage.article.id, []).append(passage)
    wrong = []
    for id, own in spans.items():
        if len({passage.article.title for passage in own}) > 1:
            wrong.append(f"two versions of {id} are found at once")
        elif {passage.span for passage in own} != {passage.span for passage in passages(own[0].article, settings)}:
            wrong.append(f"of {id} {len(own)} passages are found, not those that it is cut into")
    return wrong


def _torn_entries(store: Store, encoder: HashingEncoder) -> list[str]:
    wrong = []
    for one in store.articles():
        if one.text != text_of(one.title).strip():
            wrong.append(f"the text of {one.id} is not that of {one.title}")
        try:
            entry = store.entry(one.id)
        except ArticleDamaged as error:
            wrong.append(str(error))
            continue
        if entry is None:
            wrong.append(f"{one.id} is listed, and has no entry")
            continue
        texts = [Passage(entry.article, span).indexed_text for span in entry.spans]
        if not np.allclose(encoder.encode(texts), entry.vectors, atol=2e-3):
            wrong.append(f"a vector of {one.id} is not that of its passage")
    return wrong
