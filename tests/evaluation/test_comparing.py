import json

import pytest

from rag import Filters, article
from rag.errors import InputError
from rag.evaluation import Evaluation, Evidence, Gold, evaluate
from rag.evaluation.comparing import compare
from rag.evaluation.floors import Floor, Floors, read_floors
from rag.evaluation.measures import MEASURES
from rag.evaluation.table import comparison_text, report_text
from tests.evaluation.scripted import Scripted, answered, quote, silent

BY_NAME = {measure.name: measure for measure in MEASURES}


@pytest.fixture(scope="module")
def reports():
    """Two runs of five questions: one becomes better, two worse, and one is asked in other words."""
    a = article("a", "Bridge", "The bridge opened in 1932. It rained.")
    right, wrong = quote(a, "The bridge opened in 1932.", 0.9), quote(a, "It rained.", 0.8)
    gold = [Gold(name, name, ("1932",), (Evidence("a", None),), True, Filters()) for name in ("one", "two", "three")]
    gold.append(Gold("four", "four", (), (), False, Filters()))

    def report(*answers, last):
        asked = [*gold, Gold("five", last.question, ("1932",), (), True, Filters())]
        return evaluate(Scripted([a], [*answers, last]), asked)

    before = report(answered("one", wrong), answered("two", right), silent("three", right), silent("four", wrong), last=answered("five?", right))
    now = report(answered("one", wrong, right), silent("two", right), silent("three", right), answered("four", wrong), last=answered("Five?", right))
    return before, now


def test_what_became_better_and_worse_is_named(reports):
    found = compare(*reports)
    assert [pair.now.id for pair in found.better] == ["one"]
    assert [pair.now.id for pair in found.worse] == ["two", "four"]
    assert found.unpaired == 2
    assert [(pair.before.fate.value, pair.now.fate.value) for pair in found.worse] == [
        ("right", "silent, though there is an answer"),
        ("rightly silent", "answered wrongly"),
    ]
    one = found.changes["hit@1"]
    assert (one.before, one.now, one.questions) == (1 / 3, 0, 3)
    # one question differs: it is swapped, or not
    assert one.p == 1
    json.dumps(found.row())


def test_the_tables_say_it(reports):
    text = comparison_text(compare(*reports))
    assert "worse: 2 questions" in text
    assert "  two  two\n      before: right: The bridge opened in 1932.\n      now:    silent, though there is an answer: The bridge" in text
    assert "2 questions asked in one of the runs only, or in other words: left out" in text
    assert "hit@1" in report_text(reports[0])


def test_runs_without_a_common_question_are_not_compared(reports):
    nothing = Evaluation(reports[0].about, {}, [])
    with pytest.raises(ValueError, match="no question in common"):
        compare(nothing, reports[1])


def test_control_characters_do_not_reach_the_terminal(make):
    a = make("a", "It rained.")
    question = "\x1b[31mred\u202e\n question?" + "x" * 200
    before = evaluate(Scripted([a], [answered(question, quote(a, "It rained."))]), [Gold("g", question, (), (), False, Filters())])
    now = evaluate(Scripted([a], [silent(question)]), [Gold("g", question, (), (), False, Filters())])
    text = comparison_text(compare(before, now))
    assert "better: 1 question\n" in text
    assert not set(text) & {"\x1b", "\u202e"}


def test_a_floor_holds_to_within_its_margin():
    rises, falls = BY_NAME["hit@1"], BY_NAME["aurc"]
    assert Floor(0.5, 0.04).limit(rises) == pytest.approx(0.46)
    assert [Floor(0.5, 0.04).holds(rises, value) for value in (0.46, 0.459, 0.9, None)] == [True, False, True, False]
    assert Floor(0.3, 0.04).limit(falls) == pytest.approx(0.34)
    assert [Floor(0.3, 0.04).holds(falls, value) for value in (0.34, 0.341, 0.1)] == [True, False, True]


def test_floors_are_what_was_reached_less_two_questions(reports):
    floors = Floors.pinned(reports[0])
    assert floors.floors["hit@1"] == Floor(0.5, 2 / 4)
    assert floors.floors["verbatim"] == Floor(1, 0)
    assert "p95" not in floors.floors
    # a repinning keeps to the measures that were chosen
    chosen = Floors(floors.gold, {"hit@1": floors.floors["hit@1"]})
    assert Floors.pinned(reports[0], chosen).floors.keys() == {"hit@1"}


def test_what_is_below_its_floor_is_named_with_the_margin(reports):
    report = reports[0]
    floors = Floors(report.about["gold"], {"hit@1": Floor(0.9, 0.1), "hit@3": Floor(0.5, 0), "auroc": Floor(0.5, 0), "aurc": Floor(0.05, 0.05)})
    broken = floors.broken(report)
    assert broken[0] == "hit@1 is 0.5000, below 0.8000 (0.9000 when pinned, - 0.1000 for noise)"
    assert [line.split()[0] for line in broken] == ["hit@1", "aurc"]
    floors.check(report.about["gold"])
    with pytest.raises(InputError, match="pinned on other gold questions"):
        floors.check(reports[1].about["gold"])


def test_floors_are_read_back(reports, tmp_path):
    floors = Floors.pinned(reports[0])
    (tmp_path / "f.json").write_text(json.dumps(floors.row()))
    assert read_floors(tmp_path / "f.json") == floors


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "has not the form of floors"),
        ('{"gold": "x", "floors": {"hit@1": 0.5}}', "has not the form of floors"),
        ('{"gold": "x", "floors": {"p95": {"measured": 1, "margin": 0}}}', "no measure that can have a floor is called p95"),
        ("[" * 100_000, "has not the form of floors"),
    ],
)
def test_what_are_no_floors_is_named(tmp_path, content, reason):
    (tmp_path / "f.json").write_text(content)
    with pytest.raises(InputError, match=reason):
        read_floors(tmp_path / "f.json")
