"""A whole run: what is checked before, what is kept of an interrupted one, what is refused."""

import json
from pathlib import Path

import pytest

from rag import Filters
from rag.errors import InputError
from rag.evaluation import Evidence, Gold, evaluate, read_report, sound
from rag.evaluation.journal import read_answers
from rag.evaluation.output import write_output
from tests.evaluation.scripted import Scripted, answered, quote

NAMES = [f"q{n}" for n in range(6)]


@pytest.fixture
def bridge(make):
    return make("a", "The bridge opened in 1932. It rained.")


@pytest.fixture
def scripted(bridge):
    return Scripted([bridge], [answered(name, quote(bridge, "The bridge opened in 1932.", 0.9)) for name in NAMES])


@pytest.fixture
def gold():
    return [Gold(f"id {name}", name, ("1932",), (), True, Filters(), n) for n, name in enumerate(NAMES, 1)]


class Interrupting(Scripted):
    """Somebody presses Ctrl-C at the fourth question."""

    def ask(self, question, **filters):
        if len(self.asked) == 3:
            raise KeyboardInterrupt
        return super().ask(question, **filters)


def interrupted(scripted, gold, folder):
    with pytest.raises(KeyboardInterrupt):
        evaluate(Interrupting(scripted.articles.values(), scripted.answers.values()), gold, folder)


def test_an_interrupted_run_goes_on_where_it_was(scripted, gold, tmp_path):
    interrupted(scripted, gold, tmp_path)
    assert not (tmp_path / "answers.jsonl").exists()
    report = evaluate(scripted, gold, tmp_path)
    assert [question for question, _ in scripted.asked] == NAMES[3:]
    assert [one.id for one in report.questions] == [row.id for row in gold]
    assert report.about["resumed"] == 3
    assert [row["id"] for row in read_answers(tmp_path / "answers.jsonl")] == [row.id for row in gold]


def test_a_line_that_a_crash_cut_is_asked_again(scripted, gold, tmp_path):
    interrupted(scripted, gold, tmp_path)
    part = tmp_path / "answers.jsonl.part"
    part.write_bytes(part.read_bytes()[:-20])
    report = evaluate(scripted, gold, tmp_path)
    assert [question for question, _ in scripted.asked] == NAMES[2:]
    assert report.measures["hit@1"].questions == 6


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.replace(b'"id": "id q1"', b'"id": \xff\xfe'),
        lambda content: content + b"x" * 100_000,
        lambda content: b"",
        lambda content: b"\n\n{}",
    ],
)
def test_what_stands_before_damage_is_kept_and_nothing_after(scripted, gold, tmp_path, damage):
    interrupted(scripted, gold, tmp_path)
    part = tmp_path / "answers.jsonl.part"
    part.write_bytes(damage(part.read_bytes()))
    assert evaluate(scripted, gold, tmp_path).measures["hit@1"].questions == 6
    assert [row["id"] for row in read_answers(tmp_path / "answers.jsonl")] == [row.id for row in gold]


def test_an_interrupted_run_of_something_else_is_named_and_can_be_given_up(scripted, gold, tmp_path):
    interrupted(scripted, gold, tmp_path)
    scripted.token = "two"
    with pytest.raises(InputError, match="interrupted evaluation whose archive differ: choose another --out, or give it up with --fresh"):
        evaluate(scripted, gold, tmp_path)
    with pytest.raises(InputError, match="whose gold, archive differ"):
        evaluate(scripted, gold[1:], tmp_path)
    assert evaluate(scripted, gold, tmp_path, fresh=True).about["resumed"] == 0
    assert len(scripted.asked) == 6


def test_a_finished_run_is_asked_anew(scripted, gold, tmp_path):
    evaluate(scripted, gold, tmp_path)
    evaluate(scripted, gold, tmp_path)
    assert len(scripted.asked) == 12


def test_two_runs_do_not_write_to_one_folder(scripted, gold, tmp_path):
    class Meanwhile(Scripted):
        def ask(self, question, **filters):
            with pytest.raises(InputError, match="another evaluation is writing"):
                evaluate(scripted, gold, tmp_path)
            return super().ask(question, **filters)

    evaluate(Meanwhile(scripted.articles.values(), scripted.answers.values()), gold, tmp_path)


def test_an_archive_that_changes_meanwhile_gives_no_report(scripted, gold, tmp_path):
    class Changing(Scripted):
        def ask(self, question, **filters):
            self.token = question
            return super().ask(question, **filters)

    with pytest.raises(InputError, match="the archive was changed while it was asked"):
        evaluate(Changing(scripted.articles.values(), scripted.answers.values()), gold, tmp_path)
    assert not (tmp_path / "answers.jsonl").exists()


def test_a_folder_that_cannot_be_written_is_named(scripted, gold, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written: .*; choose another --out"):
        evaluate(scripted, gold, tmp_path / "file")


def test_filters_are_used(scripted, tmp_path):
    evaluate(scripted, [Gold("g", "q0", ("1932",), (), True, Filters(sources=("T",)))])
    assert scripted.asked == [("q0", Filters(sources=("T",)))]


def test_a_report_is_read_back_as_it_was(scripted, gold, tmp_path):
    report = evaluate(scripted, gold, tmp_path)
    write_output(tmp_path, report, None)
    again = read_report(tmp_path / "report.json")
    assert again.summary() == json.loads(json.dumps(report.summary()))
    # NaN is not equal to itself
    assert [one.row() for one in again.questions] == [one.row() for one in report.questions]


@pytest.mark.parametrize("content", ["", "{}", '{"format": "pullquote evaluation 1"}', "[]", "[" * 100_000, '{"format": "pullquote evaluation 0"}'])
def test_what_is_no_report_is_named(tmp_path, content):
    (tmp_path / "report.json").write_text(content)
    with pytest.raises(InputError, match=r"report\.json is no (whole )?report"):
        read_report(tmp_path / "report.json")


def evidence(article, words=None):
    return (Evidence(article, words),)


def test_gold_that_does_not_fit_the_archive_is_named_by_line(scripted):
    fitting = Gold("1", "q0", ("x",), evidence("a", "The bridge opened in 1932."), True, Filters(), 1)
    rows = [
        fitting,
        Gold("2", "q1", ("x",), evidence("b"), True, Filters(), 2),
        Gold("3", "q2", ("x",), evidence("a", "The bridge opened in 1933."), True, Filters(), 4),
    ]
    with pytest.raises(InputError) as error:
        sound(rows, scripted, "gold.jsonl")
    assert str(error.value).split("\n") == [
        "gold.jsonl:2 2: no article has the id 'b'",
        "gold.jsonl:4 3: the quote 'The bridge opened in 1933.' is not in the article 'a'",
        "2 of 3 questions do not fit the archive: mend them, or leave them out with --skip-unsound",
    ]
    assert sound(rows, scripted, "gold.jsonl", skip=True)[0] == [fitting]
    with pytest.raises(InputError, match="no question of gold.jsonl fits the archive"):
        sound(rows[1:], scripted, "gold.jsonl", skip=True)


def test_a_quote_is_compared_in_canonical_form(make):
    archive = Scripted([make("a", "Café at noon.\r\nClosed.")], [])
    assert sound([Gold("1", "q", ("x",), evidence("a", "Cafe\u0301 at noon.\r\nClosed."), True, Filters())], archive, "g")[1] == {}


def test_nothing_is_left_behind_without_a_folder(scripted, gold, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    evaluate(scripted, gold)
    assert not list(Path(tmp_path).iterdir())
