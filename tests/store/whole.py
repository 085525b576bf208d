"""What a shared archive gives out, checked against itself: nothing torn, nothing that does not belong together."""

import numpy as np
from sqlalchemy import select, update

from rag.store.wanted import Wanted
from rag.types import Filters
from tests.store.contract import ENCODER

EVERYTHING = Filters()
_MOST = 5_000


def searched(store, word="bridge", most=_MOST):
    """The text of each article that is searched, by its id: all passages have the word, so that each search finds every one of them, whole."""
    with store.reading() as snapshot:
        numbers, _ = snapshot.nearest(ENCODER.encode([word])[0], most, EVERYTHING)
        assert len(set(numbers.tolist())) == len(numbers)
        assert sorted(snapshot.matching(word, most, EVERYTHING)[0].tolist()) == sorted(numbers.tolist())
        assert snapshot.every(Wanted.of(word), EVERYTHING)[0].tolist() == sorted(numbers.tolist())
        assert snapshot.searched(EVERYTHING).passages == len(numbers) == next(iter(snapshot.frequencies([stem(word)]).values()))
        passages = snapshot.passages(numbers.tolist()).all()
        assert passages.keys() == set(numbers.tolist())
        owners = snapshot.articles_of(numbers)
        articles = {}
        for number in np.unique(owners).tolist():
            found = [passages[n] for n in sorted(numbers[owners == number].tolist())]
            (article,) = {passage.article for passage in found}
            entry = snapshot.entries([article.id]).all()[article.id]
            assert entry.article == article
            assert list(entry.spans) == [passage.span for passage in found]
            np.testing.assert_allclose(entry.vectors, ENCODER.encode([passage.text for passage in found]), atol=1e-3)
            assert article.id not in articles
            articles[article.id] = article.text
        assert not snapshot.left_out
        return articles


def stem(word):
    (found,) = Wanted.of(word).stems
    return found


def stored(store):
    """The text of each article that was acknowledged, by its id."""
    return {article.id: article.text for article in store.articles()}


def run_out(store):
    """Has the writer's lease run out, as it does in time."""
    with store._database.writing() as connection:
        connection.execute(update(store._database.tables.lease).values(until=1.0))


def in_milvus(store):
    """The number and the article of each passage that Milvus has."""
    rows = store._parts.milvus.ask("query", filter="passage > 0", output_fields=["passage", "article"])
    return {(row["passage"], row["article"]) for row in rows}


def in_database(store):
    """The same, of those that the database has."""
    passages = store._database.tables.passages
    with store._database.reading() as connection:
        return set(map(tuple, connection.execute(select(passages.c.n, passages.c.article))))
