"""What every store promises. A new store is tested by a subclass with its own `store` fixture."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from rag.errors import ArchiveLocked, ArchiveMismatch, InputError
from rag.feedback import Feedback, Shown, Verdict
from rag.listing import Listed, Order, Place
from rag.notes import Note
from rag.store import Delivery, Earlier, Entry, Writing
from rag.store.inventory import edition_seal, kept_seal, sealed
from rag.types import Box, Document, Edition, Fact, Facts, Filters, Kept, Kind, Original, Outcome, Part, Provenance, Refusal, Span
from tests.fakes import HashingEncoder

ENCODER = HashingEncoder()
EVERYTHING = Filters()
RANGE = date(2000, 1, 1), date(2010, 1, 1)


def entry(made, *spans):
    spans = spans or (Span(0, len(made.text)),)
    return Entry(made, spans, ENCODER.encode([span.of(made.text) for span in spans]))


def put(store, *articles):
    with store.writing() as writer:
        writer.put([entry(made) for made in articles], ENCODER.identity)


def delivery(token="t", **what):
    """Of a store of the test's model, whose articles were cut in some way of its own."""
    return Delivery(token, ENCODER.identity, "70+7 characters", **what)


def deliver(store, *deliveries):
    with store.writing() as writer:
        for one in deliveries:
            writer.take_over(one)


def remove(store, *ids):
    with store.writing() as writer:
        writer.remove(ids)


def note(made, text, number=0):
    """A note on an article's first three letters."""
    return Note(number, made.id, made.sha256, Span(0, 3), made.text[:3], text, datetime(2026, 11, 22, 2, 30, 1, tzinfo=UTC))


def nearest(store, text, k=10, filters=EVERYTHING):
    with store.reading() as snapshot:
        numbers, scores = snapshot.nearest(ENCODER.encode([text])[0], k, filters)
        passages = snapshot.passages(numbers.tolist()).all()
        return [(passages[n].article.id, round(float(s), 3)) for n, s in zip(numbers.tolist(), scores, strict=True)]


def matching(store, text, k=10, filters=EVERYTHING):
    with store.reading() as snapshot:
        numbers, scores = snapshot.matching(text, k, filters)
        assert (np.diff(scores) <= 0).all()
        return [snapshot.passages([n]).all()[n].article.id for n in numbers.tolist()]


class StoreContract:
    def test_an_empty_store_answers_with_nothing(self, store):
        assert nearest(store, "bridge") == matching(store, "bridge") == []
        assert store.status().articles == 0
        assert store.article("a") is None
        assert list(store.articles()) == []

    def test_what_was_put_is_found_whole(self, store, make):
        made = make("a", "The bridge opened.", source="S", author="A", published=date(1932, 3, 19), url="https://e.org/", origin="/x")
        put(store, made, make("b", "A ferry sank."))
        assert store.article("a") == made
        assert [item.id for item in store.articles()] == ["a", "b"]
        assert nearest(store, "The bridge opened.")[0] == ("a", 1.0)
        assert matching(store, "bridges") == ["a"]
        assert store.origins() == {"a": "/x", "b": ""}

    def test_a_document_is_kept_while_an_article_was_read_from_it(self, store, make):
        first, other = (Original(hashlib.sha256(data).hexdigest(), "text", 1, data) for data in (b"The bridge.", b"A ferry."))
        put(store, replace(make("a", "The bridge."), original=first), replace(make("b", "The same bridge."), original=first), make("c", "None."))
        assert [store.original(id) for id in "abcd"] == [first.data, first.data, None, None]
        assert store.article("a").original == replace(first, data=None)
        put(store, replace(make("a", "A ferry."), original=other))
        assert [store.original(id) for id in "ab"] == [other.data, first.data]
        with store.writing() as writer:
            writer.relocate("c", "/x", first)
            writer.remove(["a", "b"])
        assert [store.original(id) for id in "abc"] == [None, None, first.data]
        assert store.origins() == {"c": "/x"}

    def test_an_article_without_passages_has_no_vectors_of_the_model_s_dimension(self, store, make):
        with store.writing() as writer:
            writer.put([Entry(make("a", "The bridge opened."), [], ENCODER.encode([]).reshape(0, ENCODER.identity.dimension))], ENCODER.identity)
        found = store.entry("a")
        assert (list(found.spans), found.vectors.shape, found.vectors.dtype) == ([], (0, ENCODER.identity.dimension), np.float32)

    def test_a_passage_is_its_window(self, store, make):
        made = make("a", "The bridge opened. Again and again.")
        with store.writing() as writer:
            writer.put([entry(made, Span(0, 18), Span(19, 35))], ENCODER.identity)
        with store.reading() as snapshot:
            numbers, _ = snapshot.nearest(ENCODER.encode(["Again and again."])[0], 1, Filters())
            (passage,) = snapshot.passages(numbers.tolist()).all().values()
        assert (passage.article, passage.span, passage.text) == (made, Span(19, 35), "Again and again.")

    def test_a_replaced_article_is_gone_from_both_searches(self, store, make):
        put(store, make("a", "The bridge opened."), make("b", "A ferry sank."))
        put(store, make("a", "The tunnel closed."))
        assert matching(store, "bridge") == []
        assert matching(store, "tunnel") == ["a"]
        assert [id for id, _ in nearest(store, "The bridge opened.")] != ["a", "a"]
        assert store.status().articles == 2

    def test_a_replaced_text_is_kept_and_never_searched(self, store, make):
        first = make("a", "The bridge opened.", source="S", author="A", published=date(1932, 3, 19), url="https://e.org/", origin="/x")
        documented = replace(
            make("a", "The tunnel closed."),
            updated=date(1932, 3, 20),
            language="en",
            facts=Facts(language=Fact("en", Provenance.META)),
            parts=(Part(Span(0, 10), Kind.CAPTION, "page 1", Box(1, 0, 0, 9, 9)), Part(Span(11, 18), Kind.BODY)),
        )
        before = datetime.now(UTC).replace(microsecond=0)
        put(store, first, make("b", "A ferry sank."))
        put(store, documented)
        put(store, make("a", "The road ended."))
        assert [edition.article for edition in store.editions("a")] == [documented, first]
        assert all(before <= edition.replaced <= datetime.now(UTC) for edition in store.editions("a"))
        assert store.editions(None) == store.editions("a")
        assert store.editions("b") == store.editions("unknown") == []
        assert matching(store, "bridge") == matching(store, "tunnel") == []
        assert {listed.id: listed.editions for listed in store.shelf([], EVERYTHING, Order.TITLE, 0, 10).entries} == {"a": 2, "b": 0}

    def test_a_text_that_comes_back_is_no_earlier_one_and_none_is_kept_twice(self, store, make):
        texts = {name: make("a", f"The {name} opened.") for name in ("bridge", "tunnel", "road")}
        for name, kept in [("bridge", ""), ("tunnel", "bridge"), ("bridge", "tunnel"), ("road", "bridge tunnel"), ("tunnel", "road bridge")]:
            put(store, texts[name])
            assert [edition.article for edition in store.editions("a")] == [texts[one] for one in kept.split()], name

    def test_other_facts_are_no_other_text(self, store, make):
        put(store, make("a", "The bridge opened."))
        put(store, make("a", "The bridge opened.", title="Corrected", published=date(1932, 3, 19)))
        assert store.editions("a") == []

    def test_what_is_removed_leaves_no_earlier_text(self, store, make):
        for name in ("bridge", "tunnel", "road"):
            put(store, make("a", f"The {name} opened."), make("b", f"The {name} closed."))
        with store.writing() as writer:
            assert writer.remove(["a", "unknown"]) == {"a": 2}
        assert {edition.article.id for edition in store.editions(None)} == {"b"}
        put(store, make("a", "The road ended."))
        assert store.editions("a") == []

    def test_a_failed_write_replaces_no_text(self, store, make):
        put(store, make("a", "The bridge opened."))
        broken = Entry(make("b", "text here"), [Span(0, 4), Span(5, 9)], ENCODER.encode(["one vector for two spans"]))
        with pytest.raises(ValueError, match="zip"), store.writing() as writer:
            writer.put([entry(make("a", "The tunnel closed.")), broken], ENCODER.identity)
        assert store.article("a").text == "The bridge opened."
        assert store.editions(None) == []

    def test_all_articles_come_in_the_order_of_their_ids_though_some_go_meanwhile(self, store, make):
        ids = [f"a{n:03}" for n in range(150)]
        put(store, *(make(id, f"The bridge {id}.") for id in reversed(ids)))
        reading = store.articles()
        found = [next(reading).id for _ in range(10)]
        remove(store, *ids[5:15], *ids[60:70], ids[-1])
        put(store, make(ids[3], "The tunnel."), make(ids[80], "The tunnel."), make("a0005", "The tunnel."))
        found += [one.id for one in reading]
        assert found == sorted(set(found))
        assert {*ids} - {*ids[10:15], *ids[60:70], ids[-1]} <= {*found}
        assert [one.id for one in store.articles()] == sorted({*ids, "a0005"} - {*ids[5:15], *ids[60:70], ids[-1]})

    def test_a_removed_article_is_gone(self, store, make):
        put(store, make("a", "The bridge opened."), make("b", "A ferry sank."))
        with store.writing() as writer:
            assert writer.remove(["a", "unknown"]) == {"a": 0}
        assert [id for id, _ in nearest(store, "bridge")] == ["b"]
        assert matching(store, "bridge") == []
        assert store.article("a") is None

    def test_numbers_are_never_used_twice(self, store, make):
        put(store, make("a", "The bridge opened."))
        with store.reading() as snapshot:
            (before,) = snapshot.nearest(ENCODER.encode(["bridge"])[0], 1, Filters())[0].tolist()
        put(store, make("a", "The bridge closed."))
        with store.reading() as snapshot:
            assert snapshot.passages([before]).all() == {}

    @pytest.mark.parametrize(
        ("filters", "left"),
        [
            (Filters(after=date(2000, 1, 1)), {"mid", "new"}),
            (Filters(after=date(2005, 5, 5), before=date(2005, 5, 5)), {"mid"}),
            (Filters(before=date(1999, 12, 31)), {"old"}),
            (Filters(sources=("S",)), {"old", "new"}),
            (Filters(sources=("S", "T"), after=date(2001, 1, 1)), {"mid", "new"}),
            (Filters(sources=("unknown",)), set()),
            (Filters(sources=()), set()),
            (Filters(after=date(2030, 1, 1)), set()),
        ],
    )
    def test_filters_hold_in_both_searches_and_in_the_counts(self, store, make, filters, left):
        put(
            store,
            make("old", "The bridge opened once.", source="S", published=date(1990, 1, 1)),
            make("mid", "The bridge opened twice.", source="T", published=date(2005, 5, 5)),
            make("new", "The bridge opened thrice.", source="S", published=date(2020, 1, 1)),
            make("undated", "The bridge opened sometime."),
        )
        assert {id for id, _ in nearest(store, "The bridge opened", filters=filters)} == left
        assert set(matching(store, "bridge", filters=filters)) == left
        with store.reading() as snapshot:
            searched = snapshot.searched(filters)
        assert (searched.articles, searched.passages, searched.undated, searched.filters) == (len(left), len(left), 0, filters)

    @pytest.mark.parametrize(
        ("filters", "left", "counts"),
        [
            # the searched that are undated, those of them with a guessed day; left out for being undated, and for being guessed
            (Filters(), "told before guessed early spring undated", (4, 2, 0, 0)),
            (Filters(guessed=True, undated=True), "told before guessed early spring undated", (4, 2, 0, 0)),
            (Filters(*RANGE), "told", (0, 0, 4, 1)),
            (Filters(*RANGE, guessed=True), "told guessed", (1, 1, 2, 0)),
            (Filters(*RANGE, undated=True), "told guessed early spring undated", (4, 2, 0, 0)),
            (Filters(*RANGE, guessed=True, undated=True), "told guessed spring undated", (3, 1, 0, 0)),
            (Filters(after=RANGE[0], guessed=True), "told guessed", (1, 1, 2, 0)),
            (Filters(before=RANGE[0]), "before", (0, 0, 4, 1)),
            (Filters(before=RANGE[0], guessed=True), "before early", (1, 1, 2, 0)),
            (Filters(before=RANGE[0], guessed=True, undated=True), "before early spring undated", (3, 1, 0, 0)),
            (Filters(*RANGE, ("S",)), "told", (0, 0, 1, 1)),
            (Filters(*RANGE, ("S",), guessed=True, undated=True), "told guessed", (1, 1, 0, 0)),
            (Filters(sources=("S",), guessed=True, undated=True), "told guessed", (1, 1, 0, 0)),
        ],
    )
    def test_guessed_days_and_undated_articles_are_where_the_filters_say(self, store, make, filters, left, counts):
        put(
            store,
            make("told", "The bridge opened once.", source="S", published=date(2005, 5, 5)),
            make("before", "The bridge opened twice.", published=date(1990, 1, 1)),
            make("guessed", "The bridge opened thrice.", source="S", about="2006-06-06"),
            make("early", "The bridge opened early.", about="1985-05-05"),
            make("spring", "The bridge opened in spring.", about="May 2005"),
            make("undated", "The bridge opened sometime."),
        )
        expected = set(left.split())
        assert {id for id, _ in nearest(store, "The bridge opened", filters=filters)} == expected
        assert set(matching(store, "bridge", filters=filters)) == expected
        assert {listed.id for listed in store.shelf([], filters, Order.NEWEST, 0, 10).entries} == expected
        with store.reading() as snapshot:
            searched = snapshot.searched(filters)
        assert searched == store.counted(filters)
        assert searched.articles == len(expected)
        assert (searched.undated, searched.guessed, searched.undated_left_out, searched.guessed_left_out) == counts

    def test_cosines_are_those_of_the_search(self, store, make):
        put(store, *(make(f"a{n}", f"The bridge number {n} opened.") for n in range(20)))
        vector = ENCODER.encode(["bridge number 7"])[0]
        with store.reading() as snapshot:
            numbers, scores = snapshot.nearest(vector, 20, Filters())
            assert np.allclose(snapshot.cosines(numbers, vector), scores, atol=1e-6)

    @pytest.mark.parametrize(
        "query", ["", "the of and", '+-!(){}[]^"~*?:\\/', "AND OR NOT", "\U0001f309", "x" * 10_000, "bridge " * 5_000, "'; DROP TABLE articles"]
    )
    def test_any_query_is_words_and_never_syntax(self, store, make, query):
        put(store, make("a", "The bridge opened."))
        assert matching(store, query) in ([], ["a"])

    def test_a_second_writer_is_refused(self, store):
        with store.writing(), pytest.raises(ArchiveLocked, match="being written to"), store.writing():
            pass
        with store.writing():
            pass

    def test_readers_go_on_while_somebody_writes(self, store, make):
        put(store, make("a", "The bridge opened."))
        nearest(store, "bridge")
        with store.writing() as writer:
            writer.put([entry(make("b", "The bridge closed."))], ENCODER.identity)
            assert [id for id, _ in nearest(store, "bridge")] == ["a"]
        assert {id for id, _ in nearest(store, "bridge")} == {"a", "b"}

    def test_vectors_of_another_model_are_refused(self, store, make):
        put(store, make("a", "The bridge opened."))
        other = HashingEncoder("another")
        with pytest.raises(ArchiveMismatch, match="built with hashing"):
            store.check(other.identity)
        with pytest.raises(ArchiveMismatch, match="not with another"), store.writing() as writer:
            writer.put([entry(make("b", "x y"))], other.identity)
        assert store.article("b") is None

    def test_a_failed_write_leaves_nothing_half_done(self, store, make):
        put(store, make("a", "The bridge opened."))
        broken = Entry(make("b", "text here"), [Span(0, 4), Span(5, 9)], ENCODER.encode(["one vector for two spans"]))
        with pytest.raises(ValueError, match="zip"), store.writing() as writer:
            writer.put([entry(make("c", "The third.")), broken], ENCODER.identity)
        assert [item.id for item in store.articles()] == ["a"]

    def test_the_shelf_lists_without_texts_and_in_stable_order(self, store, make):
        put(
            store,
            make("c", "Short.", title="Zebra", source="S", published=date(1990, 1, 1)),
            make("a", "A longer text.", title="apple", source="T", published=date(2020, 1, 1), author="W", url="https://e.org/"),
            make("d", "Undated one.", title="Mango", about="2010-01-01"),
            make("b", "As old as c.", title="apple", source="S", published=date(1990, 1, 1)),
        )
        expected = {"newest": "abcd", "oldest": "bcad", "title": "abdc", "source": "bcad", "longest": "abdc", "arrived": "abcd"}
        for order in Order:
            assert "".join(listed.id for listed in store.shelf([], EVERYTHING, order, 0, 10).entries) == expected[order], order
        first = store.shelf([], EVERYTHING, Order.NEWEST, 0, 1).entries[0]
        assert first == Listed("a", "apple", "T", "W", date(2020, 1, 1), "https://e.org/", 14)
        last = store.shelf([], EVERYTHING, Order.NEWEST, 3, 1).entries[0]
        assert (last.published, last.about) == (None, "2010-01-01")
        page = store.shelf([], EVERYTHING, Order.NEWEST, 1, 2)
        assert (page.total, [listed.id for listed in page.entries]) == (4, ["b", "c"])
        assert store.shelf([], Filters(sources=("S",)), Order.LONGEST, 0, 10).total == 2

    def test_the_shelf_says_when_each_text_came_in_and_what_came_since(self, store, make):
        moments = [datetime(2026, 11, 20 + day, 8, 30, 59, tzinfo=UTC) for day in range(3)]
        names = ["b", "a", "c"]
        with store.writing() as writer:
            for name, moment in zip(names, moments, strict=True):
                writer.put([replace(entry(make(name, f"The bridge {name}.")), arrived=moment)], ENCODER.identity)
        put(store, make("before", "The ferry."))
        everything = store.shelf([], EVERYTHING, Order.ARRIVED, 0, 10)
        assert [(one.id, one.arrived) for one in everything.entries] == [*zip("cab", reversed(moments), strict=True), ("before", None)]
        east = timezone(timedelta(hours=5))
        for since, found in ((moments[0], "cab"), (moments[1] + timedelta(microseconds=5), "ca"), (moments[2].astimezone(east), "c")):
            left = store.shelf([], EVERYTHING, Order.ARRIVED, 0, 1, arrived_since=since)
            assert (left.total, left.entries) == (len(found), everything.entries[:1]), since
        for place, one in enumerate(everything.entries):
            behind = store.shelf([], EVERYTHING, Order.ARRIVED, 0, 10, Place.of(one, Order.ARRIVED)).entries
            assert behind == everything.entries[place + 1 :]

    def test_a_text_arrives_once_however_often_its_article_comes(self, store, make):
        def come(made, day):
            with store.writing() as writer:
                writer.put([replace(entry(made), arrived=datetime(2026, 11, day, tzinfo=UTC))], ENCODER.identity)
            return store.shelf([], EVERYTHING, Order.ARRIVED, 0, 10).entries[0].arrived.day

        first, other = make("a", "The bridge opened."), make("a", "The bridge closed.")
        assert [come(first, 1), come(replace(first, title="Another"), 2), come(other, 3), come(first, 4)] == [1, 1, 3, 4]
        put(store, make("old", "Known before."))
        come(make("old", "Known before.", title="Another"), 5)
        assert {one.id: one.arrived and one.arrived.day for one in store.shelf([], EVERYTHING, Order.ARRIVED, 0, 10).entries} == {"a": 4, "old": None}
        assert store.entry("a").arrived == datetime(2026, 11, 4, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            (["bridge"], {"a", "b"}),
            (["BRIDGE", "daily"], {"a"}),
            (["straße"], {"b"}),
            (["STRASSE", "élan"], {"b"}),
            (["100%"], {"a"}),
            (["%"], {"a"}),
            (["_"], set()),
            (["opensthe"], set()),
            (["'"], set()),
            (["text"], set()),
        ],
    )
    def test_words_on_the_shelf_are_literal_and_all_needed(self, store, make, words, found):
        put(
            store,
            make("a", "Text.", title="A bridge 100% opens", source="The Daily", author="W"),
            make("b", "Text.", title="The Bridge of Straße", author="ÉLAN"),
        )
        shelf = store.shelf(words, EVERYTHING, Order.TITLE, 0, 10)
        assert {listed.id for listed in shelf.entries} == found
        assert shelf.total == len(found)

    def test_counts_need_no_search(self, store, make):
        put(store, make("a", "The bridge opened.", source="S"), make("b", "A ferry sank."))
        counted = store.counted(Filters(sources=("S",)))
        with store.reading() as snapshot:
            assert counted == snapshot.searched(Filters(sources=("S",)))

    def test_notes_are_kept_by_article_and_outlive_it(self, store, make):
        made = make("a", "The bridge opened.")
        put(store, made)
        one, two = store.add_note(note(made, "first")), store.add_note(note(made, "second"))
        assert (one, two) == (note(made, "first", one.number), note(made, "second", two.number))
        assert 0 < one.number < two.number
        put(store, make("a", "The tunnel closed."))
        with store.writing() as writer:
            writer.remove(["a"])
        assert store.notes("a") == store.notes(None) == [one, two]
        assert store.notes("b") == []
        assert store.remove_note(one.number)
        assert not store.remove_note(one.number)
        assert store.notes("a") == [two]
        store.remove_note(two.number)
        assert store.add_note(note(made, "third")).number > two.number

    def test_an_answer_stands_under_its_note_and_outlives_it(self, store, make):
        made = make("a", "The bridge opened.")
        put(store, made)
        root = store.add_note(replace(note(made, "Which?"), author="Ada"))
        moment = datetime(2026, 11, 23, tzinfo=UTC)
        answer = store.answer_note(root.number, "The old one.", "Grace", moment)
        assert answer == replace(root, number=answer.number, text="The old one.", author="Grace", made=moment, answers=root.number)
        second = store.answer_note(answer.number, "Thanks.", None, moment)
        assert (second.answers, second.author) == (root.number, None)
        assert store.answer_note(second.number + 1, "To nobody.", None, moment) is None
        with pytest.raises(InputError, match=f"note {root.number} was written by Ada, who alone removes it"):
            store.remove_note(root.number, "Grace")
        with pytest.raises(InputError, match="was written by Ada"):
            store.remove_note(root.number)
        assert store.notes("a") == [root, answer, second]
        assert store.remove_note(root.number, "Ada")
        assert store.remove_note(second.number, "Grace")
        assert store.notes("a") == [answer]
        assert store.answer_note(answer.number, "Gone?", None, moment).answers == root.number

    def test_titles_are_those_of_the_articles_that_are_here(self, store, make):
        put(store, make("a", "Text.", title="One"), make("b", "Text too.", title="Two"))
        assert store.titles(["a", "b", "c"]) == {"a": "One", "b": "Two"}

    def test_feedback_is_given_back_as_it_was_given(self, store, make):
        put(store, make("a", "The bridge opened."))
        shown = Shown("a", "0" * 64, Span(4, 10), "bridge")
        filters = Filters(date(2000, 1, 1), None, ("S", "T"))
        made = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
        first = Feedback("What?", filters, Outcome.ANSWERED, (shown, shown), (), Verdict.RIGHT, 1, "\u2028 yes", made)
        second = Feedback(
            "What?",
            Filters(date(2000, 1, 1), sources=(), guessed=True, undated=True),
            Outcome.WEAK_EVIDENCE,
            (),
            (shown,),
            Verdict.MISSING,
            None,
            "",
            made,
        )
        stored = [store.add_feedback(first), store.add_feedback(second)]
        assert store.feedback() == stored
        assert [replace(one, number=0, generation=0) for one in stored] == [first, second]
        assert [one.generation for one in stored] == [store.status().generation] * 2

    def test_many_entries_are_given_in_the_order_that_was_asked_for(self, store, make):
        made = [make(id, f"The bridge {id} opened. It rained.") for id in "abc"]
        whole = {one.id: entry(one, Span(0, 20), Span(4, 20)) for one in made}
        with store.writing() as writer:
            writer.put(list(whole.values()), ENCODER.identity)
        with store.reading() as snapshot:
            found = snapshot.entries(["c", "unknown", "a", "c"])
            assert snapshot.entries([]).all() == snapshot.entries(["unknown"]).all() == {}
        assert (list(found.intact), found.damaged) == (["c", "a"], {})
        for id, one in found.all().items():
            assert (one.article, list(one.spans)) == (whole[id].article, list(whole[id].spans))
            assert np.array_equal(one.vectors, whole[id].vectors.astype(np.float16).astype(np.float32))

    def test_people_write_beside_a_writer_and_readers_stay_where_they_are(self, store, make):
        made = make("a", "The bridge opened.")
        put(store, made)
        before = store.status().generation
        with store.writing() as writer:
            writer.put([entry(make("b", "The tunnel closed."))], ENCODER.identity)
            kept = store.add_note(note(made, "meanwhile"))
            assert store.notes("a") == [kept]
        assert store.status().generation == before + 1
        store.add_note(note(made, "afterwards"))
        assert store.status().generation == before + 1
        assert matching(store, "tunnel") == ["b"]

    def test_an_inventory_is_empty_where_nothing_is(self, store):
        inventory = store.inventory()
        assert inventory.is_empty
        assert (inventory.model, inventory.passages, inventory.copied, inventory.writing) == (None, None, None, Writing())

    def test_an_inventory_tells_of_all_that_is_here_by_seals_that_are_the_same_everywhere(self, store, make):
        origin = Original("5" * 64, "text", 1, None)
        first = replace(
            make("a", "The bridge opened.", source="S", published=date(1932, 3, 19), about="1932-03-19"),
            updated=date(1932, 3, 20),
            parts=(Part(Span(0, 10), Kind.CAPTION, "page 1", Box(1, 0.25, 0, 9, 9)),),
        )
        second, third = make("a", "The tunnel closed."), make("a", "The road ended.", title="Corrected", origin="/x")
        arrived = datetime(2026, 11, 22, 2, 30, 1, tzinfo=timezone(timedelta(hours=5)))
        kept = Kept(Document("/x", "6" * 64, 3), ("b", "a"), (Refusal("/x#2", "no text"),))
        with store.writing() as writer:
            for one in (first, second, third, make("b", "A ferry sank. It rained.")):
                writer.put([replace(entry(one, Span(0, 5), Span(6, 10)), arrived=arrived)], ENCODER.identity)
            writer.keep([kept, Kept(Document("/y", "7" * 64, 3), ("unknown",), ())])
        one, other = store.add_note(note(third, "first")), store.add_note(note(third, "second"))
        store.remove_note(other.number)
        inventory = store.inventory()
        assert (inventory.token, inventory.model, inventory.damaged) == (store.status().token, ENCODER.identity, ())
        for id in "ab":
            found = store.entry(id)
            assert inventory.articles[id] == sealed(found.article, found.vectors, found.arrived)
        vectors = ENCODER.encode([span.of(third.text) for span in (Span(0, 5), Span(6, 10))])
        assert inventory.articles["a"] == sealed(third, vectors, arrived)
        others = [sealed(replace(third, title="T"), vectors, arrived), sealed(third, vectors[:1], arrived), sealed(third, vectors, None)]
        assert inventory.articles["a"] not in [*others, sealed(replace(third, original=origin), vectors, arrived)]
        earlier = [store.edition("a", text.sha256) for text in (first, second)]
        assert [edition.article for edition in earlier] == [first, second]
        assert inventory.editions == tuple(Earlier("a", edition.article.sha256, edition_seal(edition)) for edition in earlier)
        assert store.edition("a", third.sha256) is store.edition("b", first.sha256) is None
        assert inventory.writing == Writing((one,), (), other.number)
        assert inventory.documents == {"/x": kept_seal(kept)}
        assert not inventory.is_empty
        put(store, make("b", "A ferry sank. It snowed."))
        assert store.inventory().documents == {}

    def test_what_is_taken_over_is_as_it_was_elsewhere(self, store, make):
        files = [Original(hashlib.sha256(data).hexdigest(), "text", 1, data) for data in (b"The bridge.", b"A ferry.")]
        article, earlier = replace(make("a", "The bridge opened."), original=files[0]), replace(make("a", "A ferry sank."), original=files[1])
        moment = datetime(2020, 2, 2, 2, 2, 2, tzinfo=UTC)
        edition, whole = Edition(earlier, moment), replace(entry(article, Span(4, 10), Span(4, 17)), arrived=moment)
        notes = (replace(note(article, "first", 3), author="Ada"), replace(note(article, "answer", 7), answers=3))
        given = Feedback("What?", Filters(), Outcome.ANSWERED, (), (), Verdict.RIGHT, None, "", moment, number=5, generation=4)
        deliver(store, delivery(entries=[whole]), delivery(editions_after=0, editions=[edition], writing=Writing(notes, (given,), 9)))
        found = store.entry("a")
        assert (found.article, found.arrived, list(found.spans)) == (article, moment, list(whole.spans))
        assert np.array_equal(found.vectors, whole.vectors.astype(np.float16).astype(np.float32))
        assert store.editions(None) == [edition]
        assert [store.original_bytes(one.sha256) for one in files] == [one.data for one in files]
        assert store.original_bytes("0" * 64) is None
        assert (store.notes(None), store.feedback()) == ([*notes], [given])
        assert store.inventory().writing == Writing(notes, (given,), 9)
        assert (store.inventory().model, store.inventory().passages) == (ENCODER.identity, "70+7 characters")
        assert matching(store, "bridge") == ["a", "a"]
        assert matching(store, "ferry") == []
        assert store.add_note(note(article, "new")).number == 10
        assert store.add_feedback(replace(given, number=0)).number == 6

    def test_an_article_that_is_taken_over_leaves_nothing_of_the_one_before(self, store, make):
        moments = [datetime(2026, 11, day, tzinfo=UTC) for day in (9, 3)]
        first, other = make("a", "The bridge opened."), make("b", "A ferry sank.")
        deliver(store, delivery(entries=[replace(entry(one), arrived=moments[0]) for one in (first, other)]))
        for made, moment in ((first, moments[1]), (first, None), (make("a", "The tunnel closed."), moments[0])):
            deliver(store, delivery(gone=["b", "unknown"], entries=[replace(entry(made), arrived=moment)]))
            assert (store.entry("a").article.text, store.entry("a").arrived) == (made.text, moment)
        assert store.editions(None) == []
        assert [one.id for one in store.articles()] == ["a"]
        assert matching(store, "bridge") == matching(store, "ferry") == []

    def test_earlier_texts_are_taken_over_behind_those_that_stay(self, store, make):
        editions = [Edition(make("ab"[n % 2], f"Text {n}."), datetime(2026, 11, 20 - n, tzinfo=UTC)) for n in range(5)]
        deliver(store, delivery(editions_after=0, editions=editions[:3]), delivery(editions_after=3, editions=editions[3:]))
        assert store.editions(None) == editions[::-1]
        deliver(store, delivery(entries=[entry(make("a", "The bridge opened."))]))
        assert [one.seal for one in store.inventory().editions] == [edition_seal(edition) for edition in editions]
        deliver(store, delivery(editions_after=1, editions=editions[4:]))
        assert store.editions(None) == [editions[4], editions[0]]
        deliver(store, delivery(editions_after=0))
        assert store.editions(None) == []

    def test_a_copy_is_one_until_anything_else_is_written(self, store, make):
        made = make("a", "The bridge opened.")
        changes = [
            lambda: remove(store, "a"),
            lambda: store.add_note(note(made, "a note")),
            lambda: store.remove_note(1),
            lambda: store.add_feedback(Feedback("What?", EVERYTHING, Outcome.ANSWERED, (), (), Verdict.RIGHT, None, "", note(made, "").made)),
            lambda: deliver(store, delivery("another", entries=[entry(made)])),
        ]
        for change in changes:
            deliver(store, delivery(entries=[entry(made)]))
            with store.writing() as writer:
                writer.keep([Kept(Document("/x", "6" * 64, 3), ("a",), ())])
            assert matching(store, "bridge") == ["a"]
            assert store.inventory().copied == "t"
            change()
            assert store.inventory().copied in (None, "another")

    def test_nothing_is_taken_over_by_a_store_that_is_no_longer_in_the_state_that_was_expected(self, store, make):
        made = make("a", "The bridge opened.")
        verdict = Feedback("What?", EVERYTHING, Outcome.ANSWERED, (), (), Verdict.RIGHT, None, "", note(made, "").made)
        with store.writing() as writer:
            states = [store.inventory().state]
            for id in "abc":
                states.append(writer.take_over(delivery(entries=[entry(make(id, f"The bridge {id}."))], state=states[-1])))
                assert store.inventory().state == states[-1]
            assert len(set(states)) == 4
            for write in (lambda: store.add_note(note(made, "mine")), lambda: store.add_feedback(verdict), lambda: writer.remove(["c"])):
                write()
                with pytest.raises(ArchiveMismatch, match="copy again"):
                    writer.take_over(delivery("later", gone=["a"], editions_after=0, writing=Writing(), state=states[-1]))
                states.append(store.inventory().state)
            assert len(set(states)) == 7
            assert ([one.id for one in store.articles()], len(store.notes(None)), len(store.feedback())) == (["a", "b"], 1, 1)
            assert writer.take_over(delivery(gone=["a"])) not in states
        assert [one.id for one in store.articles()] == ["b"]

    def test_what_is_of_another_kind_is_not_taken_over(self, store, make):
        put(store, make("a", "The bridge opened."))
        for other in (delivery(entries=[entry(make("b", "A ferry."))]), replace(delivery(), model=HashingEncoder("another").identity)):
            with pytest.raises(ArchiveMismatch, match="was built with"):
                deliver(store, other)
        assert [one.id for one in store.articles()] == ["a"]

    def test_a_delivery_that_cannot_be_taken_over_whole_leaves_nothing(self, store, make):
        deliver(store, delivery(entries=[entry(make("a", "The bridge opened."))]))
        broken = Entry(make("b", "text here"), [Span(0, 4), Span(5, 9)], ENCODER.encode(["one vector for two spans"]))
        with pytest.raises(ValueError, match="zip"):
            deliver(store, delivery("later", gone=["a"], entries=[broken]))
        assert [one.id for one in store.articles()] == ["a"]
        assert store.inventory().copied == "t"

    def test_a_generation_knows_those_before_it(self, store, make):
        tokens = []
        for name in ("bridge", "tunnel"):
            put(store, make("a", f"The {name} opened."))
            tokens.append(store.inventory().token)
        assert [store.has_been(token) for token in (*tokens, "another")] == [True, True, False]
