"""Whatever is changed in the database or in Milvus of a shared archive is told, or changes no text, no passage and no entry that is given out."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Integer, LargeBinary, delete, insert, select, update

from rag import Archive, Settings, Span
from rag.errors import ArchiveDamaged, ArticleDamaged, PullquoteError
from rag.listing import Order
from rag.store.opening import open_store
from rag.store.shared.tables import key_of
from rag.types import Filters
from tests.fakes import CommonWords
from tests.store.contract import ENCODER, entry
from tests.store.engines import new_address

FILTERS = ({}, {"sources": ["S"], "after": date(2005, 1, 1), "before": date(2015, 1, 1)})
FACTS = ("archive", "model", "weights", "dimension", "passages", "searched generation", "last generation")


@pytest.fixture
def store(milvus, tmp_path, make):
    with closing(open_store(new_address(milvus, f"sqlite:///{tmp_path / 'text.sqlite'}"), Settings())) as opened:
        with opened.writing() as writer:
            for text in ("opened", "closed"):
                for n in range(4):
                    made = make(f"a{n}", f"The bridge {n} {text}. It was bridge {n} again.", source="ST"[n % 2], published=date(2000 + 5 * n, 1, 1))
                    half = made.text.index(".") + 1
                    writer.put([entry(made, Span(0, half), Span(half + 1, len(made.text)))], ENCODER.identity)
            writer.remove(["a3"])
        yield opened


@pytest.fixture
def archive(store):
    return Archive(store, ENCODER, CommonWords(), Settings())


class Truth:
    """What an archive gave out before it was changed."""

    def __init__(self, archive):
        self._articles = {one.id: one for one in archive.articles()}
        self._entries = {id: archive._store.entry(id) for id in self._articles}
        self._listed = listed(archive)
        self._editions = archive.editions()

    def wrong(self, archive, *, is_all=True):
        """What it gives out now that is not so, and with `is_all` what it does not find without a word."""
        # what was read before is not read again
        archive._store._parts.articles._read.clear()
        return [name for name, read in self._reads(archive, is_all).items() if not told(read)]

    def _reads(self, archive, is_all):
        reads = {
            "articles": lambda: list(archive.articles()) == list(self._articles.values()),
            "shelf": lambda: listed(archive) <= self._listed,
            "editions": lambda: all(one in self._editions for one in archive.editions()),
            "status": lambda: archive.status().generation == 9,
        }
        for id, article in self._articles.items():
            reads[f"article {id}"] = lambda id=id, article=article: archive.article(id) in (article, None)
            reads[f"entry {id}"] = lambda id=id: same(archive._store.entry(id), self._entries[id])
        reads["answer"] = lambda: self._are_quoted(archive.ask("Which bridge opened?", **FILTERS[1]), FILTERS[1])
        for filters in FILTERS:
            reads[f"search {filters}"] = lambda filters=filters: self._are_true(archive.search("the bridge", 50, **filters), filters, is_all)
        return reads

    def _are_true(self, hits, filters, is_all):
        """Whether the passages are as they were, none of them left out by the filters, and with `is_all` whether none is lacking."""
        expected = {(id, span) for id, whole in self._entries.items() for span in whole.spans if inside(whole.article, filters)}
        found = {(hit.passage.article.id, hit.passage.span) for hit in hits}
        is_found = found == expected if is_all else found <= expected
        return is_found and all(hit.passage.article == self._articles.get(hit.passage.article.id) for hit in hits)

    def _are_quoted(self, answer, filters):
        shown = [*answer.quotes, *answer.near_misses]
        return all(self._articles.get(one.article.id) == one.article and inside(one.article, filters) for one in shown)


def listed(archive):
    """What a list says of each article; how many earlier texts one has is only counted."""
    return {replace(one, editions=0) for one in archive.shelf(order=Order.TITLE).entries}


def told(read):
    """Whether it is as it was, or an error says that it is not."""
    try:
        return read()
    except PullquoteError:
        return True


def same(found, stored):
    if found is None:
        return True
    return (found.article, list(found.spans)) == (stored.article, list(stored.spans)) and (found.vectors == stored.vectors).all()


def inside(article, filters):
    return article.source in filters.get("sources", ["S", "T"]) and filters.get("after", date.min) <= article.published <= filters.get(
        "before", date.max
    )


def other_values(column, values):
    """What a column may have instead."""
    if isinstance(column.type, LargeBinary):
        return [b"other"]
    is_number = isinstance(column.type, Integer) or column.name in ("n", "died_at")
    others = [3] if is_number else ["2007-01-01", *values[1:2]]
    return [value for value in (*others, *([None] if column.nullable else [])) if value != values[0]]


def changed(store, table, change):
    """Does it in the database, and gives what puts back the table's rows."""
    with store._database.writing() as connection:
        rows = [row._asdict() for row in connection.execute(select(table))]
        connection.execute(change)

    def put_back():
        with store._database.writing() as connection:
            connection.execute(delete(table))
            connection.execute(insert(table), rows)

    return put_back


def test_each_column_of_each_table_is_under_a_seal_or_changes_nothing_that_is_given_out(store, archive):
    truth, wrong = Truth(archive), []
    assert truth.wrong(archive) == []
    tables, tried = store._database.tables, 0
    for name in ("facts", "articles", "passages", "sources", "editions", "stems", "incoming", "released", "likenesses"):
        table = getattr(tables, name)
        with store._database.reading() as connection:
            rows = [row._asdict() for row in connection.execute(select(table))]
        for row in rows[-1:] if name != "facts" else [row for row in rows if row["name"] in FACTS]:
            key = {column.name: row[column.name] for column in table.primary_key}
            of_row = [table.c[column] == value for column, value in key.items()]
            changes = [("lost", delete(table).where(*of_row))]
            for column in table.c:
                values = [row[column.name], *(one[column.name] for one in rows if one != row)]
                of_column = ((value, update(table).where(*of_row).values({column.name: value})) for value in other_values(column, values))
                changes += [(f"{column.name} {value!r}", change) for value, change in of_column]
            for what, change in changes:
                try:
                    put_back = changed(store, table, change)
                except PullquoteError:
                    # the database does not take it
                    continue
                tried += 1
                wrong += [(name, key, what, found) for found in truth.wrong(archive)]
                put_back()
    assert truth.wrong(archive) == []
    assert wrong == []
    assert tried > 100


def test_whatever_milvus_says_of_a_passage_no_wrong_one_is_given_out(store, archive):
    truth, ask = Truth(archive), store._parts.milvus.ask
    fields = ["passage", "article", "told", "known", "source", "words", "vector"]
    rows = sorted(ask("query", filter="passage > 0", output_fields=fields), key=lambda row: row["passage"])
    row, another = rows[-5], rows[-3]
    assert row["article"] != another["article"]
    for name in fields[1:]:
        ask("upsert", data=[{**row, name: another[name]}])
        # that one is found less easily, nobody is told
        assert truth.wrong(archive, is_all=False) == [], name
        ask("upsert", data=[row])
        assert truth.wrong(archive) == []
    ask("delete", ids=[row["passage"]])
    with pytest.raises(ArticleDamaged):
        store.entry("a1")


def test_an_article_that_has_lost_a_passage_is_named_and_the_others_are_found(store, archive, make):
    passages, articles = store._database.tables.passages, store._database.tables.articles
    with store._database.writing() as connection:
        number = connection.execute(select(articles.c.n).where(articles.c.id == "a1", articles.c.died.is_(None))).scalar_one()
        lost = select(passages.c.n).where(passages.c.article == number).limit(1).scalar_subquery()
        connection.execute(delete(passages).where(passages.c.n == lost))
    store._parts.articles._read.clear()
    with pytest.raises(ArticleDamaged, match="a1 is not what was stored"):
        store.article("a1")
    with pytest.raises(ArticleDamaged, match="a1 is not what was stored"):
        archive.search("bridge")
    answer = archive.ask("Which bridge closed?")
    assert answer.searched.damaged == ("a1",)
    assert {quote.article.id for quote in (*answer.quotes, *answer.near_misses)} <= {"a0", "a2"}
    assert archive.find("bridge").searched.damaged == ("a1",)
    # put again it is whole
    with store.writing() as writer:
        writer.put([entry(make("a1", "The bridge is mended."))], ENCODER.identity)
    assert {hit.passage.article.id for hit in archive.search("bridge")} == {one.id for one in store.articles()} == {"a0", "a1", "a2"}


@pytest.mark.parametrize(("mend", "seal"), [("replaced", "0" * 64), ("removed", "none"), ("beside another", "")])
def test_an_article_whose_seal_alone_is_damaged_can_be_replaced_and_removed(store, archive, make, mend, seal):
    articles = store._database.tables.articles
    with store._database.writing() as connection:
        connection.execute(update(articles).where(articles.c.id == "a1", articles.c.died.is_(None)).values(seal=seal))
    with pytest.raises(ArchiveDamaged, match="is not what was stored"):
        list(store.articles())
    with store.writing() as writer:
        if mend == "replaced":
            writer.put([entry(make("a1", "The bridge is mended."))], ENCODER.identity)
        else:
            writer.remove(["a1", "a2"] if mend == "beside another" else ["a1"])
    left = {"replaced": ["a0", "a1", "a2"], "removed": ["a0", "a2"], "beside another": ["a0"]}[mend]
    assert [one.id for one in store.articles()] == left
    assert ([*store.inventory().articles], store.inventory().damaged) == (sorted(left, key="a0a2a1".index), ())
    assert archive.status().articles == len(left)


def test_an_article_whose_facts_are_damaged_can_be_replaced_too(store, make):
    articles = store._database.tables.articles
    with store._database.writing() as connection:
        connection.execute(update(articles).where(articles.c.id == "a1", articles.c.died.is_(None)).values(title="Another"))
    with store.writing() as writer:
        writer.put([entry(make("a1", "The bridge is mended."))], ENCODER.identity)
    assert [one.id for one in store.articles()] == ["a0", "a1", "a2"]


def test_what_is_damaged_of_many_entries_is_named_and_the_others_are_given(store):
    rows, ask = store._database.tables.articles, store._parts.milvus.ask
    with store._database.writing() as connection:
        of_last = rows.c.died.is_(None)
        connection.execute(update(rows).where(rows.c.id == "a0", of_last).values(title="Other"))
        connection.execute(update(rows).where(rows.c.id == "a2", of_last).values(key=key_of("another")))
        number = connection.execute(select(rows.c.n).where(rows.c.id == "a1", of_last)).scalar_one()
    with store.reading() as snapshot:
        found = snapshot.entries(["a1", "another", "a0"])
        assert (list(found.intact), list(found.damaged)) == (["a1"], ["another", "a0"])
        with pytest.raises(ArticleDamaged, match="article another is not what was stored"):
            found.all()
        ask("delete", ids=[ask("query", filter=f"article == {number}", output_fields=["passage"])[0]["passage"]])
        assert list(snapshot.entries(["a1", "another", "a0"]).damaged) == ["a1", "another", "a0"]


def test_an_article_whose_row_is_lost_is_missed(store, archive):
    articles = store._database.tables.articles
    with store._database.writing() as connection:
        connection.execute(delete(articles).where(articles.c.id == "a1"))
    with pytest.raises(ArchiveDamaged, match="of an article that is lost"):
        archive.search("bridge")
    with pytest.raises(ArchiveDamaged, match="of its articles some are lost"):
        list(store.articles())


def test_a_row_of_a_generation_that_is_lost_is_missed(store):
    facts = store._database.tables.facts
    for name in ("last generation", "searched generation"):
        put_back = changed(store, facts, delete(facts).where(facts.c.name == name))
        with pytest.raises(ArchiveDamaged, match=f"its {name}"), store.writing():
            store.counted(Filters())
        put_back()
