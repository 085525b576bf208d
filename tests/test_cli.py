import contextlib
import io
import json
import os
import pty
import re
import subprocess
import sys
import termios

import pytest

from rag import Span, archive
from rag.cli import main
from tests.conftest import ROOT


@pytest.fixture(scope="module", autouse=True)
def one_model(encoder):
    """The real model, loaded once: most of what a command takes is loading it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "sentence_encoder", lambda *_: encoder)
        patch.chdir(ROOT)
        yield


def run(*arguments, stdin=""):
    """A command in this process, with what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = stopped.code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def command(*arguments, **options):
    """A command as its user starts it."""
    return subprocess.run([sys.executable, "-m", "rag", *map(str, arguments)], text=True, cwd=ROOT, check=False, **options)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "index"
    done = run("add", "seeds", "--index", path)
    assert done.returncode == 0
    assert done.stdout.endswith("12 added, 0 unchanged, 0 replaced, 0 removed, 0 refused\n")
    return path


@pytest.fixture(scope="module")
def answer(index):
    done = run("ask", "How many overseas police stations does China operate?", "--index", index, "--json")
    assert done.returncode == 0
    return json.loads(done.stdout)


def test_ask_quotes_both_figures(answer):
    assert answer["outcome"] == "answered"
    texts = " ".join(quote["text"] for quote in answer["quotes"])
    assert "54" in texts
    assert "more than 100" in texts


# what reads documents; httpx is loaded by what loads models
READING = {"trafilatura", "htmldate", "justext", "babel", "lxml", "pypdfium2", "striprtf", "feedparser", "warcio", "py3langid", "rensa", "watchfiles"}


def test_a_question_loads_nothing_that_reads_documents(index):
    code = f"import sys; from rag.cli import main; main(sys.argv[1:]); print({READING} & {{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code, "ask", "Who ordered it?", "--index", str(index)], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "set()"


def test_verify_proves_an_answer_and_names_the_first_wrong_quote(index, answer, tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer))
    assert run("verify", path, "--index", index).returncode == 0
    assert run("verify", "-", "--index", index, stdin=json.dumps(answer)).returncode == 0
    answer = json.loads(json.dumps(answer))
    answer["quotes"][1]["text"] = answer["quotes"][1]["text"].replace("a", "o", 1)
    path.write_text(json.dumps(answer))
    done = run("verify", path, "--index", index)
    assert done.returncode == 1
    assert done.stdout.startswith("does not match: quote 2: article ")
    before = 1 + sum(bool(answer["quotes"][0][window]) for window in ("lead", "speaker", "answer"))
    assert json.loads(run("verify", path, "--index", index, "--json").stdout)["matched"] == before


@pytest.mark.parametrize(
    ("format", "start", "quoted"),
    [
        ("text", "The articles give different values", "54"),
        ("json", "{", '"outcome": "answered"'),
        ("markdown", "# How many overseas police stations does China operate?\n", "\n> "),
        ("html", "<!DOCTYPE html>\n", "<blockquote>"),
        ("bibtex", "@article{", "title = {{"),
        ("csl", "[", '"type": "article-newspaper"'),
    ],
)
def test_ask_in_each_format(index, format, start, quoted):
    done = run("ask", "How many overseas police stations does China operate?", "--index", index, "--format", format)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(start)
    assert quoted in done.stdout
    assert done.stdout.endswith("\n")
    assert not done.stdout.endswith("\n\n")


def test_silence_exits_1_in_every_format(index):
    done = run("ask", "Who won the 2022 World Cup?", "--index", index, "--format", "csl")
    assert (done.returncode, json.loads(done.stdout)) == (1, [])


def test_json_and_another_format_contradict_each_other(index):
    done = run("ask", "x", "--index", index, "--json", "--format", "html")
    assert (done.returncode, done.stdout) == (2, "")
    assert "leave one out" in done.stderr


def test_verify_takes_a_list_of_answers(index, answer):
    assert run("verify", "-", "--index", index, stdin=json.dumps([answer, answer])).returncode == 0
    wrong = json.loads(json.dumps(answer))
    wrong["quotes"][0]["article"]["title"] = "Another"
    done = run("verify", "-", "--index", index, stdin=json.dumps([answer, wrong]))
    assert done.returncode == 1
    assert done.stdout.startswith("does not match: answer 2, quote 1: article ")


def test_ask_on_a_screen(index):
    done = run("ask", "When did Berlin's new airport open?", "--index", index)
    assert done.returncode == 0
    assert "[1] " in done.stdout
    assert "Searched 12 articles" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        (["Who won the 2022 World Cup?"], "nothing_found"),
        (["How many stations?", "--after", "2030-01-01"], "outside_filters"),
        (["How many stations?", "--source", "Nobody", "--source", "Sample"], "outside_filters"),
    ],
)
def test_silence_exits_1_with_its_reason(index, arguments, outcome):
    done = run("ask", *arguments, "--index", index, "--json")
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (1, outcome)


def test_an_empty_archive_says_so_and_is_not_made(tmp_path):
    done = run("ask", "Anything?", "--index", tmp_path / "none", "--json")
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (1, "empty_archive")
    assert not (tmp_path / "none").exists()


def test_search_and_filters(index):
    done = run("search", "overseas police stations", "-k", 3, "--source", "Sample Wire", "--index", index, "--json")
    hits = json.loads(done.stdout)
    assert 1 <= len(hits) <= 3
    assert {hit["article"]["source"] for hit in hits} == {"Sample Wire"}
    assert "characters" in run("search", "oil spill", "--index", index).stdout


def test_show(index):
    id = "seeds/police-centres-2022-10-19"
    shown = run("show", id, "--index", index)
    assert shown.returncode == 0
    assert "Keywords: " in shown.stdout
    overview = json.loads(run("show", id, "--index", index, "--json").stdout)
    assert overview["article"]["id"] == id
    assert len(overview["gist"]) == 3
    for window in overview["gist"]:
        assert f"    {window['text']}\n    characters {window['start']}-{window['end']}" in shown.stdout
    assert [one["article"]["id"] for one in overview["related"]] == ["seeds/police-centres-2022-12-05"]
    assert "· seeds/police-centres-2022-12-05" in shown.stdout


def test_list(index):
    listed = json.loads(run("list", "--words", "POLICE", "--sort", "oldest", "--after", "2022-11-01", "--index", index, "--json").stdout)
    assert listed["total"] == 1
    assert listed["articles"][0]["id"] == "seeds/police-centres-2022-12-05"
    names = {"id", "title", "source", "author", "published", "url", "characters", "about", "editions", "arrived"}
    assert listed["articles"][0].keys() == names
    done = run("list", "--sort", "title", "--index", index)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 24)
    assert run("list", "--words", "%", "--index", index).stdout == "No article found.\n"


def test_export_says_what_it_wrote_and_overwrites_only_when_told(index, tmp_path):
    done = run("export", tmp_path / "out", "--index", index)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'out'}: 12 articles, 0 notes, 0 feedback, 0 gold, 0 editions\n")
    again = run("export", tmp_path / "out", "--index", index)
    assert again.returncode == 2
    assert "has articles.jsonl, notes.jsonl, feedback.jsonl, gold.jsonl, editions.jsonl already" in again.stderr
    counts = json.loads(run("export", tmp_path / "out", "--force", "--index", index, "--json").stdout)
    assert counts == {"articles": 12, "notes": 0, "feedback": 0, "gold": 0, "editions": 0, "left_out": 0}


def test_what_people_wrote_is_not_removed_or_left_out_in_silence(tmp_path, encoder):
    (tmp_path / "a.jsonl").write_text('{"id": "a", "title": "T", "text": "The bridge opened in 1932."}')
    run("add", tmp_path / "a.jsonl", "--index", tmp_path / "i")
    with archive.Archive.open(tmp_path / "i", encoder=encoder) as opened:
        opened.write_note("a", Span(0, 3), "mine")
        opened.give_feedback(opened.ask("When did the bridge open?"), "wrong", 0)
    assert (
        run("remove", "a", "--index", tmp_path / "i").stdout
        == "1 removed; notes on what was removed are kept (1), and `pullquote export` writes them\n"
    )
    done = run("export", tmp_path / "out", "--index", tmp_path / "i")
    assert done.stdout.endswith(": 0 articles, 1 notes, 1 feedback, 0 gold, 0 editions; 1 left out of the gold: no right quote is known\n")


def test_add_again_prune_and_remove(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("The bridge opened.")
    (news / "b.txt").write_text("A ferry sank.")
    (news / "c.xls").write_text("a b")
    (news / ".d.txt").write_text("Hidden.")
    index = tmp_path / "index"
    first = run("add", news, "--index", index)
    assert first.returncode == 0
    assert first.stdout.splitlines()[-2:] == [
        "files: 3 seen, 2 with articles, 0 unchanged, 1 refused, 0 without words; passed over: hidden (1)",
        "2 added, 0 unchanged, 0 replaced, 0 removed, 1 refused",
    ]
    assert "c.xls: there is no reader for .xls files" in first.stderr
    (news / "b.txt").unlink()
    (news / "c.xls").unlink()
    (news / ".d.txt").unlink()
    again = json.loads(run("add", news, "--sync", "--index", index, "--json").stdout)
    fates = {"added": [], "unchanged": ["news/a.txt"], "replaced": [], "removed": ["news/b.txt"], "refused": [], "warnings": []}
    files = {"seen": 1, "with_articles": 0, "unchanged": 1, "refused": 0, "without_words": 0}
    assert again == {**fates, "files": files, "passed_over": [], "editions_removed": 0, "copies": []}
    assert run("remove", "news/a.txt", "--index", index).stdout == "1 removed\n"
    gone = run("remove", "news/a.txt", "--index", index)
    assert gone.returncode == 2
    assert "no article has the id news/a.txt" in gone.stderr
    assert json.loads(run("status", "--index", index, "--json").stdout)["articles"] == 0


def test_an_earlier_text_is_listed_shown_proved_and_removed(tmp_path):
    index, saved = tmp_path / "i", tmp_path / "answer.json"
    texts = ["The bridge over the Lenn opened in 1931.", "The bridge over the Lenn opened in 1932."]
    for text in texts:
        (tmp_path / "bridge.txt").write_text(text)
        run("add", tmp_path / "bridge.txt", "--index", index)
        if text == texts[0]:
            saved.write_text(run("ask", "When did the bridge over the Lenn open?", "--index", index, "--json").stdout)
    (id,) = (article["id"] for article in json.loads(run("list", "--index", index, "--json").stdout)["articles"])
    assert "· 1 earlier text" in run("list", "--index", index).stdout
    assert texts[1] in run("ask", "When did the bridge over the Lenn open?", "--index", index).stdout

    (edition,) = json.loads(run("show", id, "--editions", "--index", index, "--json").stdout)
    assert edition["characters"] == len(texts[0])
    day, sha256 = edition["replaced"][:10], edition["sha256"]
    assert run("show", id, "--editions", "--index", index).stdout == f"{day}  {sha256[:12]}  40 characters\n"
    shown = run("show", id, "--edition", sha256[:6].upper(), "--index", index)
    assert shown.stdout.startswith(f"Earlier text, replaced on {day}: no longer quoted\n")
    assert shown.stdout.endswith(f"\n    {texts[0]}\n")
    assert json.loads(run("show", id, "--edition", sha256, "--index", index, "--json").stdout)["text"] == texts[0]
    assert "has no earlier text with a SHA-256 that begins with '0g'" in run("show", id, "--edition", "0g", "--index", index).stderr
    assert "no article has the id none" in run("show", "none", "--editions", "--index", index).stderr

    proved = run("verify", saved, "--index", index)
    assert (proved.returncode, proved.stdout.splitlines()[1:]) == (0, [f"1 quote is of an earlier text of {id}, replaced on {day}"])
    assert json.loads(run("verify", saved, "--index", index, "--json").stdout)["earlier"] == [
        {"article": id, "sha256": sha256, "replaced": edition["replaced"], "quotes": 1}
    ]
    assert run("remove", id, "--index", index).stdout == "1 removed (with 1 earlier text)\n"
    assert "is not in the archive" in run("verify", saved, "--index", index).stdout


def test_status(index):
    assert "Holds 12 articles" in run("status", "--index", index).stdout
    assert json.loads(run("status", "--index", index, "--json").stdout)["model"]["model"] == "all-MiniLM-L6-v2"


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Three gold questions, the report of a run on them, and its folder."""
    folder = tmp_path_factory.mktemp("eval")
    gold = folder / "gold.jsonl"
    gold.write_text("\n".join((ROOT / "seeds" / "gold.jsonl").read_text().splitlines()[:3]))
    return gold, folder / "out", folder / "floors.json"


def test_eval(index, few):
    gold, out, floors = few
    done = run("eval", gold, "--index", index, "--out", out, "--floors", floors, "--pin")
    assert done.returncode == 0
    assert "hit@1 " in done.stdout
    assert f"34 floors pinned in {floors}" in done.stdout or "floors pinned" in done.stdout
    assert {path.name for path in out.iterdir()} >= {"report.json", "report.html", "answers.jsonl", "run.trec", "qrels.trec"}

    again = run("eval", gold, "--index", index, "--json", "--against", out / "report.json", "--floors", floors)
    assert again.returncode == 0
    found = json.loads(again.stdout)
    assert found["measures"]["verbatim"]["value"] == 1
    assert (found["against"]["better"], found["against"]["worse"], found["failures"]) == ([], [], [])
    assert found["about"]["model"]["model"] == "all-MiniLM-L6-v2"


def test_eval_exits_1_below_a_floor_and_names_it(index, few):
    gold, _, floors = few
    raised = json.loads(floors.read_text())
    raised["floors"] = {"hit@1": {"measured": 1.5, "margin": 0.1}}
    (floors.parent / "raised.json").write_text(json.dumps(raised))
    done = run("eval", gold, "--index", index, "--floors", floors.parent / "raised.json")
    assert done.returncode == 1
    assert "below 1.4000 (1.5000 when pinned, - 0.1000 for noise)" in done.stderr


def test_eval_names_what_cannot_be_compared_before_it_asks(index, few):
    gold, out, floors = few
    other = ROOT / "seeds" / "gold.jsonl"
    renamed = gold.with_name("renamed.jsonl")
    renamed.write_text(gold.read_text().replace('"g0', '"h0'))
    for given, message in (
        ([other, "--floors", floors], "the floors were pinned on other gold questions; pin them anew with --pin"),
        ([renamed, "--against", out / "report.json"], f"{out / 'report.json'} has none of the questions of {renamed}"),
    ):
        done = run("eval", *given, "--index", index)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr


# the command, interrupted as it asks the eighth question
INTERRUPTED = """
import signal, sys
from rag.archive import Archive
from rag.cli import main

real, asked = Archive.ask, []

def ask(*given, **named):
    asked.append(given)
    if len(asked) == 8:
        signal.raise_signal(signal.SIGINT)
    return real(*given, **named)

Archive.ask = ask
sys.exit(main(sys.argv[1:]))
"""


def test_eval_that_is_interrupted_goes_on(index, tmp_path):
    command = [sys.executable, "-c", INTERRUPTED, "eval", ROOT / "seeds" / "gold.jsonl", "--index", index, "--out", tmp_path / "out"]
    part = tmp_path / "out" / "answers.jsonl.part"
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = done.stderr
    assert done.returncode == 130
    assert f"the answers so far are in {tmp_path / 'out'}; the same command goes on with them" in said
    assert not (tmp_path / "out" / "report.json").exists()
    asked = part.read_bytes().count(b"\n") - 1
    report = json.loads(run("eval", *command[4:], "--json").stdout)
    assert report["about"]["resumed"] == asked > 0
    assert report["measures"]["verbatim"]["questions"] == 68


def test_eval_of_gold_that_does_not_fit_names_the_lines(index, tmp_path):
    row = {"id": "x", "question": "?", "answers": ["1"], "evidence": [{"article": "nowhere"}], "answerable": True}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row))
    done = run("eval", tmp_path / "gold.jsonl", "--index", index)
    assert done.returncode == 2
    assert f"{tmp_path / 'gold.jsonl'}:1 x: no article has the id 'nowhere'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "missing.txt"], "missing.txt: no such file or folder"),
        (["ask", " "], "the question is empty"),
        (["ask", "x", "--after", "tomorrow"], "'tomorrow' is not a day; write it as YYYY-MM-DD"),
        (["ask", "x", "--after", "2020-01-02", "--before", "2020-01-01"], "later than before"),
        (["show", "none"], "no article has the id none; `pullquote list` shows ids"),
        (["search", "x", "-k", "0"], "ask for 1 to 10,000 passages"),
        (["verify", "missing.json"], "missing.json cannot be read"),
        (["verify", "LICENSE"], "LICENSE is not JSON"),
        (["eval", "missing.jsonl"], "missing.jsonl cannot be read"),
        (["eval", "LICENSE"], "LICENSE:2 is no gold question"),
        (["eval", "seeds/gold.jsonl"], "the archive is empty; add the articles"),
        (["eval", "seeds/gold.jsonl", "--pin"], "--pin needs --floors"),
        (["eval", "seeds/gold.jsonl", "--floors", "missing.json"], "missing.json cannot be read"),
        (["eval", "seeds/gold.jsonl", "--against", "README.md"], "README.md is no whole report"),
        (["nothing"], "invalid choice"),
        ([], "required"),
    ],
)
def test_bad_input_exits_2_and_names_it(arguments, message, tmp_path):
    extra = ["--index", tmp_path / "index"] if arguments and arguments[0] != "nothing" else []
    done = run(*arguments, *extra)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_damaged_archive_exits_2(tmp_path):
    (tmp_path / "archive.sqlite").write_bytes(b"no database" * 1_000)
    done = run("status", "--index", tmp_path)
    assert done.returncode == 2
    assert "archive.sqlite is damaged" in done.stderr


def test_another_setting_of_the_model_exits_2(index):
    environment = {**os.environ, "PULLQUOTE_MODEL": "no/such/folder"}
    done = command("ask", "x", "--index", index, capture_output=True, env=environment)
    assert done.returncode == 2
    assert "the model's weights cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_gets_a_progress_bar_and_a_pipe_none(tmp_path):
    (tmp_path / "a.txt").write_text("The bridge opened.")
    piped = command("add", tmp_path / "a.txt", "--index", tmp_path / "i", capture_output=True)
    assert piped.stderr == ""
    assert piped.stdout.startswith("added\t")
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    (tmp_path / "b.txt").write_text("The ferry sank.")
    shown = command("add", tmp_path / "b.txt", "--index", tmp_path / "i", stdout=subprocess.PIPE, stderr=follower)
    assert shown.stdout.splitlines()[1:] == ["1 added, 0 unchanged, 0 replaced, 0 removed, 0 refused"]
    os.close(follower)
    drawn = b""
    # to the end, which a terminal that nobody writes to has
    with contextlib.suppress(OSError):
        while part := os.read(leader, 10_000):
            drawn += part
    os.close(leader)
    assert re.search(rb"1 of 1 files \|.* 0.00B of 15.0B \[\d\d:\d\d<.*\], b\.txt", drawn)


def test_the_command_answers_as_its_user_starts_it(index):
    done = command("ask", "When did Berlin's new airport open?", "--index", index, "--json", capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["outcome"] == "answered"


def test_a_question_waits_for_no_library_that_it_does_not_need(index):
    others = ("torch", "transformers", "sentence_transformers", "sklearn", "pandas", "langchain_text_splitters", "trafilatura", "pypdfium2", "gradio")
    code = (
        f"import sys; from rag.cli import main; main(['ask', 'When did the airport of Berlin open?', '--index', {str(index)!r}, '--json']);"
        f"print(sorted(set({others}) & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert '"outcome": "answered"' in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_traceback(index):
    done = subprocess.run(
        f"{sys.executable} -m rag search police --index {index} | head -c 1", shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr


def test_what_could_not_be_read_is_told_once_with_how_many_it_is_true_of(tmp_path):
    rows = [{"id": f"r{n}", "title": "T", "text": f"Lock {n} opened.", "published": "10/11/2022"} for n in range(3)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = run("add", tmp_path / "rows.jsonl", "--index", tmp_path / "index")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "3 added, 0 unchanged, 0 replaced, 0 removed, 0 refused"
    told = "warning r0 and 2 more: published '10/11/2022' can mean 2022-10-11 or 2022-11-10; write it as YYYY-MM-DD; it was taken without its date"
    assert done.stderr.splitlines() == [told]
    again = json.loads(run("add", tmp_path / "rows.jsonl", "--reread", "--index", tmp_path / "index", "--json").stdout)
    assert [warning["id"] for warning in again["warnings"]] == ["r0", "r1", "r2"]
