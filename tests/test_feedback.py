import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag import Filters, Outcome, Verdict
from rag.errors import InputError
from rag.evaluation import by_question, evaluate, feedback_gold, read_gold, sound
from rag.feedback import Feedback, Shown
from rag.types import Span

OPENED = Shown("a", "0" * 64, Span(0, 26), "The bridge opened in 1932.")
PAINTED = Shown("b", "1" * 64, Span(0, 11), "It was red.")
GIVEN = Feedback("When?", Filters(), Outcome.ANSWERED, (OPENED, PAINTED), (), Verdict.RIGHT, 0, "", datetime(2026, 11, 22, tzinfo=UTC))
SILENT = replace(GIVEN, outcome=Outcome.WEAK_EVIDENCE, quotes=(), near_misses=(PAINTED,), quote=None)


def answers(*feedback):
    return [row["answers"] for row in feedback_gold(feedback)]


def test_what_was_shown_is_kept(archive, make):
    archive.add([make("a", "The bridge opened in 1932. It was painted red.", source="S"), make("b", "The ferry sank.")])
    answer = archive.ask("the bridge opened in", sources=["S"])
    archive.give_feedback(answer, Verdict.RIGHT, 0, "yes")
    silence = archive.ask("zebra quagga")
    archive.give_feedback(silence, "missing")
    first, second = archive.feedback()
    assert (first.question, first.filters, first.outcome) == ("the bridge opened in", Filters(sources=("S",)), Outcome.ANSWERED)
    assert (first.verdict, first.quote, first.comment, first.generation) == (Verdict.RIGHT, 0, "yes", archive.status().generation)
    made = answer.quotes[0].article
    assert first.quotes[0] == Shown("a", made.sha256, answer.quotes[0].span, answer.quotes[0].text)
    assert len(first.quotes) == len(answer.quotes)
    assert (second.verdict, second.quote, second.outcome, second.quotes) == (Verdict.MISSING, None, silence.outcome, ())
    assert [shown.text for shown in second.near_misses] == [quote.text for quote in silence.near_misses] != []
    assert first.number < second.number


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"verdict": "maybe"}, "verdict is 'maybe'; it is one of right, wrong, missing"),
        ({"verdict": "right", "quote": 9}, "quote is 9; the answer has"),
        ({"verdict": "right", "quote": -1}, "quote is -1"),
        ({"verdict": "missing", "quote": 0}, "not missing"),
        ({"verdict": "wrong", "comment": "x" * 10_001}, "the comment has 10,001 characters"),
        ({"verdict": "wrong", "comment": "\udcff"}, "not valid Unicode"),
    ],
)
def test_what_cannot_be_said_is_named(archive, make, given, message):
    archive.add([make("a", "The bridge opened in 1932.")])
    answer = archive.ask("the bridge opened in")
    with pytest.raises(InputError, match=message):
        archive.give_feedback(answer, **given)
    assert archive.feedback() == []


def test_of_an_empty_archive_nothing_can_be_said_and_none_is_made(archive, tmp_path):
    with pytest.raises(InputError, match="the archive was empty"):
        archive.give_feedback(archive.ask("Anything?"), Verdict.RIGHT)
    assert not (tmp_path / "index").exists()


def test_a_right_quote_is_an_answer_with_its_evidence():
    (row,) = feedback_gold([replace(GIVEN, filters=Filters(date(2000, 1, 1), None, ("S",)))])
    assert row.pop("id").startswith("feedback-")
    assert row == {
        "question": "When?",
        "answers": [OPENED.text],
        "evidence": [{"article": "a", "quote": OPENED.text}],
        "answerable": True,
        "filters": {"after": "2000-01-01", "sources": ("S",)},
    }


def test_a_right_silence_is_not_answerable():
    (row,) = feedback_gold([SILENT])
    assert (row["answers"], row["evidence"], row["answerable"], "filters" in row) == ([], [], False, False)


@pytest.mark.parametrize(
    "said",
    [
        [replace(GIVEN, verdict=Verdict.WRONG)],
        [replace(GIVEN, verdict=Verdict.WRONG, quote=None)],
        [replace(GIVEN, verdict=Verdict.MISSING, quote=None)],
        # which of the two quotes is right is not known
        [replace(GIVEN, quote=None)],
        [replace(SILENT, verdict=Verdict.WRONG)],
        [replace(SILENT, verdict=Verdict.MISSING)],
        # taken back later
        [GIVEN, replace(GIVEN, verdict=Verdict.WRONG)],
        [SILENT, replace(SILENT, verdict=Verdict.MISSING)],
        [SILENT, replace(GIVEN, verdict=Verdict.MISSING, quote=None)],
    ],
)
def test_a_question_whose_answer_nobody_knows_has_no_row(said):
    assert feedback_gold(said) == []
    assert len(by_question(said)) == 1


def test_verdicts_on_one_question_merge():
    assert answers(GIVEN, GIVEN, replace(GIVEN, quote=1)) == [[OPENED.text, PAINTED.text]]
    assert answers(replace(GIVEN, verdict=Verdict.WRONG, quote=1), GIVEN) == [[OPENED.text]]
    assert answers(replace(GIVEN, verdict=Verdict.WRONG), GIVEN) == [[OPENED.text]]
    assert answers(SILENT, GIVEN, SILENT) == [[OPENED.text]]
    assert answers(replace(SILENT, verdict=Verdict.MISSING), SILENT) == [[]]
    assert answers(replace(GIVEN, quotes=(PAINTED,), quote=None)) == [[PAINTED.text]]
    assert len(feedback_gold([GIVEN, replace(GIVEN, question="Where?"), replace(GIVEN, filters=Filters(sources=()))])) == 3


def test_ids_are_of_the_question_and_its_filters_alone():
    (one,), (other,) = feedback_gold([GIVEN]), feedback_gold([replace(GIVEN, quote=1, comment="x", number=7)])
    assert one["id"] == other["id"] == "feedback-7f7b202e4647"


def test_the_rows_are_read_as_they_are_and_measure_what_was_said(archive, make, tmp_path):
    archive.add([make("a", "The bridge opened in 1932.", source="S"), make("b", "The ferry sank.")])
    archive.give_feedback(archive.ask("the bridge opened in \u2028 which year", sources=["S"]), Verdict.RIGHT, 0)
    archive.give_feedback(archive.ask("okapi gnu"), Verdict.RIGHT)
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in feedback_gold(archive.feedback())))
    gold, wrong = sound(read_gold(path), archive, "gold.jsonl")
    assert (len(gold), gold[0].filters, wrong) == (2, Filters(sources=("S",)), {})
    measures = evaluate(archive, gold).measures
    assert [measures[name].value for name in ("hit@1", "AP", "silent_unanswerable", "score")] == [1, 1, 1, 0.5]
