"""What a question over a shared archive costs: few statements and few calls of Milvus, however many articles are on its topic."""

from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, event, update

from rag import Archive, Settings, article
from rag.errors import ArchiveDamaged
from rag.store.opening import open_store
from rag.store.shared.milvus import Milvus
from rag.types import Filters, Outcome
from tests.fakes import CommonWords
from tests.store.contract import ENCODER, put
from tests.store.engines import new_address

TEXT = "Storm Odile tore the roofs off {n} houses in town{n}, said mayor{n}. Storm Odile left river{n} under water. Nobody was hurt in town{n}."
FACT, TOPIC = "How many houses in town1 lost their roofs?", "What happened with storm Odile?"
OF_COUNTS = "coalesce(sum("


def storms(count):
    """So many articles on a storm, every fifth of them a near-copy of another, and some on something else."""
    made = [(f"storm{n}", f"Storm Odile in town{n}", TEXT.format(n=n)) for n in range(count - count // 5)]
    copies = [(f"copy{n}", f"Storm Odile, wire {n}", TEXT.format(n=n).replace("tore", "blew")) for n in range(count // 5)]
    days = (date(2021, 3, 1) + timedelta(n) for n in range(count))
    on_it = [article(*one, published=day, source="ST"[place % 2]) for place, (one, day) in enumerate(zip([*made, *copies], days, strict=True))]
    return [*on_it, *(article(f"chess{n}", "Chess", f"Players met in country{n} for a tournament and won prize{n}.") for n in range(20))]


@pytest.fixture
def store(milvus, tmp_path):
    with closing(open_store(new_address(milvus, f"sqlite:///{tmp_path / 'text.sqlite'}"), Settings())) as opened:
        put(opened, *storms(10))
        yield opened


@dataclass
class Costs:
    """The statements and the calls of Milvus of what is done."""

    statements: list = field(default_factory=list)
    calls: list = field(default_factory=list)

    def of(self, act):
        self.statements.clear()
        self.calls.clear()
        act()
        return len(self.statements), len(self.calls)


@pytest.fixture
def costs(monkeypatch):
    made = Costs()
    ask = Milvus.ask

    def asked(milvus, operation, **given):
        made.calls.append(operation)
        return ask(milvus, operation, **given)

    monkeypatch.setattr(Milvus, "ask", asked)
    return made


def asking(store, costs):
    event.listen(store._database._engine, "before_cursor_execute", lambda *given: costs.statements.append(given[2]))
    return Archive(store, ENCODER, CommonWords(), Settings())


def test_no_question_costs_more_where_more_articles_are_on_its_topic(store, costs):
    archive = asking(store, costs)
    acts = {
        "fact": lambda: archive.ask(FACT),
        "topic": lambda: archive.ask(TOPIC),
        "overview": lambda: archive.overview("storm0"),
        "briefing": lambda: archive.briefing(date(2021, 1, 1), date(2021, 12, 31)),
    }

    def taken(least):
        assert len(archive.ask(TOPIC).quotes) >= least
        # what can be remembered of these days is
        archive.briefing(date(2021, 1, 1), date(2021, 12, 31))
        return {name: costs.of(act) for name, act in acts.items()}

    few = taken(8)
    put(store, *storms(40))
    assert taken(32) == few
    most = {"fact": (26, 3), "topic": (40, 4), "overview": (26, 3), "briefing": (30, 1)}
    assert all(given <= most[name][place] for name, cost in few.items() for place, given in enumerate(cost)), few


def test_what_filters_leave_is_counted_once_in_a_generation(store, costs):
    archive = asking(store, costs)

    def counts(**filters):
        searched = []
        costs.of(lambda: searched.append(archive.ask(FACT, **filters).searched.articles))
        return searched[0], sum(OF_COUNTS in said for said in costs.statements)

    assert [counts(), counts()] == [(30, 1), (30, 0)]
    assert [counts(sources=["S"]), counts(sources=["S"])] == [(5, 1), (5, 0)]
    put(store, article("late", "Late", "Storm Odile came late to town1.", source="S"))
    assert [counts(), counts(sources=["S"]), counts(sources=["S"])] == [(31, 1), (6, 1), (6, 0)]


def test_what_was_mended_is_searched_again_though_nothing_was_left(store):
    archive, rows = Archive(store, ENCODER, CommonWords(), Settings()), store._database.tables.articles
    for source, outcome in (("lost", Outcome.OUTSIDE_FILTERS), ("S", Outcome.WEAK_EVIDENCE)):
        with store._database.writing() as connection:
            connection.execute(update(rows).where(rows.c.source.in_(["S", "lost"])).values(source=source))
        assert archive.ask(FACT, sources=["S"]).outcome == outcome


def test_a_lost_article_is_missed_where_articles_with_some_words_are_counted_again(store):
    having, rows = Filters(having=("roofs",)), store._database.tables.articles
    assert [store.counted(having).articles for _ in range(2)] == [10, 10]
    with store._database.writing() as connection:
        connection.execute(delete(rows).where(rows.c.id == "storm3"))
    with pytest.raises(ArchiveDamaged, match="of an article that is lost"):
        store.counted(having)
