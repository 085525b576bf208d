import importlib
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from rag import Archive, Settings
from rag.errors import InputError
from tests.briefing.news import ARTICLES, FIRST, SECOND
from tests.fakes import CommonWords


@pytest.fixture(scope="module")
def town(tmp_path_factory, encoder):
    with Archive.open(tmp_path_factory.mktemp("town"), Settings(), encoder, CommonWords()) as opened:
        opened.add(ARTICLES)
        yield opened


def told(briefing):
    """The ids of each story's articles."""
    return [{one.id for one in (story.article, *story.others, *story.copies)} for story in briefing.stories]


def test_each_event_is_told_once_the_most_reported_first(town):
    assert told(town.briefing(FIRST)) == [
        {"ferry-herald", "ferry-post", "ferry-skerra", "ferry-copy"}, {"library-herald", "library-post"}, {"wheat"}, {"comet"}, {"cup"},
    ]  # fmt: skip


def test_without_a_day_it_is_of_the_newest_that_there_is(town):
    newest = town.briefing()
    assert newest.is_newest
    assert newest.searched.filters.after == newest.searched.filters.before == SECOND
    assert told(newest) == told(town.briefing(SECOND))
    earlier = town.briefing(until=FIRST)
    assert (earlier.is_newest, told(earlier)) == (True, [{"comet"}, {"cup"}])


def test_a_copy_is_told_from_an_article_of_its_own(town):
    story = town.briefing().stories[0]
    copied = {story.article.id, *(one.id for one in story.copies)}
    assert len(story.copies) == 1
    assert {"ferry-herald", "ferry-copy"} & copied
    assert {"ferry-post", "ferry-skerra"} <= {story.article.id, *(one.id for one in story.others)}


def test_no_sentence_is_not_its_article_s(town):
    for story in town.briefing(FIRST).stories:
        assert 1 <= len(story.sentences) <= 3
        assert list(story.sentences) == sorted(set(story.sentences))
        text = town.article(story.article.id).text
        for span in story.sentences:
            assert span.of(text).strip().endswith((".", "!", "…"))


def test_the_same_days_give_the_same_briefing(town):
    assert town.briefing(FIRST) == town.briefing(FIRST)


def test_days_and_sources_leave_what_they_say(town):
    assert told(town.briefing(FIRST, FIRST)) == [{"comet"}, {"cup"}]
    post = town.briefing(FIRST, sources=["Evening Post"])
    assert told(post) == [{"ferry-post"}, {"library-post"}, {"cup"}]
    assert town.briefing(SECOND + timedelta(days=1)).stories == ()


def test_fewer_stories_are_shown_than_there_are(town):
    first = town.briefing(FIRST, limit=2)
    assert (len(first.stories), first.total) == (2, 5)
    assert told(first) == told(town.briefing(FIRST))[:2]


def test_more_articles_than_are_compared_leaves_out_the_oldest(town, monkeypatch):
    monkeypatch.setattr(importlib.import_module("rag.briefing.briefing"), "MOST_ARTICLES", 7)
    short = town.briefing(FIRST)
    assert short.left_out == 2
    assert {"comet", "cup"}.isdisjoint(set().union(*told(short)))


def test_an_archive_without_days_is_told_as_it_is(archive, make):
    assert archive.briefing().total == 0
    archive.add([make("a", "The bridge was opened by its builder on a wet morning.")])
    assert told(archive.briefing()) == [{"a"}]
    assert told(archive.briefing(date(2020, 1, 1), undated=True)) == [{"a"}]


def test_an_undated_article_is_of_the_day_on_which_it_came_in(archive, make):
    archive.add([make("a", "The bridge was opened by its builder on a wet morning.")])
    archive.add([make("b", "A ferry sank in the sound.", published=date(2020, 1, 1))])
    today = datetime.now(UTC).date()
    came = archive.briefing(today)
    assert told(came) == [{"a"}]
    assert (came.searched.articles, came.searched.passages, came.searched.undated, came.searched.undated_left_out) == (1, 1, 1, 0)
    assert told(archive.briefing(date(2020, 1, 1))) == [{"b"}, {"a"}]
    for days in ((date(2020, 1, 1), date(2020, 1, 1)), (None, date(2021, 1, 1)), (None, None)):
        left = archive.briefing(*days)
        assert told(left) == [{"b"}]
        assert (left.searched.articles, left.searched.undated_left_out) == (1, 1)
    assert archive.briefing(today + timedelta(days=1)).total == 0


def test_of_more_articles_than_are_compared_those_that_only_came_in_are_counted_too(archive, make, monkeypatch):
    monkeypatch.setattr(importlib.import_module("rag.briefing.briefing"), "MOST_ARTICLES", 3)
    archive.add([make(f"u{number}", f"Report {number} of a ferry that sank in sound {number}.") for number in range(5)])
    archive.add([make("dated", "The bridge was opened.", published=datetime.now(UTC).date())])
    briefing = archive.briefing()
    assert (briefing.searched.articles, briefing.searched.undated, briefing.left_out) == (6, 5, 3)
    assert sum(map(len, told(briefing))) == 3


def test_articles_are_compared_with_the_store_let_go_and_shown_with_the_text_that_was_compared(archive, make, monkeypatch):
    module = importlib.import_module("rag.briefing.briefing")
    archive.add([make("a", "The bridge was opened. Nobody came to the old bridge."), make("b", "A ferry sank in the sound.")])

    def grouped(*given):
        # of a thread that held the store, this would be refused
        archive.add([make("a", "Closed.")])
        archive.remove(["b"])
        return module_grouped(*given)

    module_grouped = module.grouped
    monkeypatch.setattr(module, "grouped", grouped)
    stories = {story.article.id: [span.of(story.article.text) for span in story.sentences] for story in archive.briefing().stories}
    assert stories == {"a": ["The bridge was opened.", "Nobody came to the old bridge."], "b": ["A ferry sank in the sound."]}


def test_a_copy_without_a_day_is_told_as_the_copy_that_it_is(archive, make):
    day = datetime.now(UTC).date()
    text = " ".join(f"The harbour of town {number} was closed by order number {number * 7} of the council." for number in range(12))
    archive.add([make("a", text, published=day), make("b", f"{text} More follows.")])
    (story,) = archive.briefing(day).stories
    assert (story.article.id, [copy.id for copy in story.copies], story.others) == ("a", ["b"], ())


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_limit_that_is_none_is_refused(archive, limit):
    with pytest.raises(InputError, match="limit is"):
        archive.briefing(limit=limit)


def test_days_in_the_wrong_order_are_refused(archive):
    with pytest.raises(InputError, match="later than"):
        archive.briefing(date(2020, 1, 2), date(2020, 1, 1))


def test_a_damaged_article_is_named_and_the_others_are_told(tmp_path, hashing):
    with Archive.open(tmp_path / "index", Settings(), hashing, CommonWords()) as opened:
        opened.add(ARTICLES)
    with closing(sqlite3.connect(tmp_path / "index" / "archive.sqlite")) as file:
        file.execute("UPDATE articles SET text = 'x' WHERE id = 'wheat'")
        file.commit()
    with Archive.open(tmp_path / "index", Settings(), hashing, CommonWords()) as opened:
        briefing = opened.briefing(FIRST)
    assert "wheat" in briefing.searched.damaged
    assert {"wheat"}.isdisjoint(set().union(*told(briefing)))
    assert briefing.total


def test_what_came_in_since_a_moment_is_told_whatever_its_day(archive):
    archive.add(ARTICLES)
    hour = timedelta(hours=1)
    lately = archive.briefing(arrived_since=datetime.now(UTC) - hour)
    assert set().union(*told(lately)) == {one.id for one in ARTICLES}
    assert (lately.is_newest, lately.searched.articles, lately.searched.earliest) == (False, len(ARTICLES), FIRST)
    nothing = archive.briefing(arrived_since=datetime.now(UTC) + hour)
    assert (nothing.stories, nothing.searched.articles) == ((), 0)
    first = archive.briefing(until=FIRST, arrived_since=datetime.now(UTC) - hour)
    assert set().union(*told(first)) == {"comet", "cup"}
    with pytest.raises(InputError, match="time zone"):
        archive.briefing(arrived_since=datetime(2024, 5, 1))  # noqa: DTZ001
