import json
import re
from datetime import date
from pathlib import Path

import pytest

from rag import Filters, read_articles
from rag.cli import _FORMS, main
from rag.errors import InputError
from rag.evaluation import read_gold
from rag.evaluation.converters import FORMS, Collection, Converted, write
from rag.evaluation.converters.writing import gold_json
from rag.evaluation.gold import Evidence, Gold
from rag.training.corpora import encyclopaedia
from tests.conftest import ROOT
from tests.pace import within

RTL, EMOJI = "מתי נפתח הגשר?", "هل \U0001f309 مفتوح؟"


def made(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def facts(collection):
    return [(article.id, article.title, article.text) for article in collection.articles]


def unanswerable(id, question):
    return Gold(id, question, (), (), answerable=False, filters=Filters())


def answerable(id, question, answers=(), evidence=(), filters=None):
    return Gold(id, question, answers, tuple(Evidence(*item) for item in evidence), answerable=True, filters=filters or Filters())


BEIR = {
    "corpus.jsonl": lines(
        {"_id": "d1", "title": "The bridge", "text": "It opened in 1932.\r\n", "metadata": {"url": "x"}},
        {"_id": 2, "title": "", "text": "Cafe\u0301"},
        {"_id": "d  3", "title": "A title alone", "text": ""},
        {"_id": "d4", "text": ""},
    ),
    "queries.jsonl": lines({"_id": "q1", "text": RTL}, {"_id": "q2", "text": EMOJI}, {"_id": "q3", "text": "none?"}, {"_id": "q4", "text": "train"}),
    "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq2\td  3\t2\r\nq1\td1\t1\nq1\t2\t1\n\nq1\td4\t1\nq3\td1\t0\nq3\t2\t-1\nq3\td4\t1\n",
    "qrels/train.tsv": "query-id\tcorpus-id\tscore\nq4\td1\t1\n",
}
BEIR_DOCUMENTS = [("d1", "The bridge", "It opened in 1932."), ("2", "2", "Café"), ("d 3", "A title alone", "A title alone")]


def test_beir_takes_the_test_split_and_leaves_out_what_nothing_is_relevant_to(tmp_path):
    collection = FORMS["beir"](made(tmp_path, BEIR))
    assert facts(collection) == BEIR_DOCUMENTS
    assert collection.gold == [answerable("q2", EMOJI, (), [("d 3", None)]), answerable("q1", RTL, (), [("d1", None), ("2", None)])]
    assert collection.left_out == 1


def test_beir_takes_the_split_that_is_named_from_anywhere(tmp_path, monkeypatch):
    made(tmp_path, BEIR)
    expected = [answerable("q4", "train", (), [("d1", None)])]
    assert FORMS["beir"](tmp_path / "qrels" / "train.tsv").gold == expected
    monkeypatch.chdir(tmp_path / "qrels")
    assert FORMS["beir"](Path("train.tsv")).gold == expected


def test_beir_takes_judgements_beside_the_corpus_and_without_header(tmp_path):
    files = {name: text for name, text in BEIR.items() if not name.startswith("qrels")}
    made(tmp_path, {**files, "qrels.tsv": b"\xef\xbb\xbfq4\td1\t1.0\n"})
    assert [row.id for row in FORMS["beir"](tmp_path).gold] == ["q4"]


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "The_Bridge",
            "paragraphs": [
                {
                    "context": "It opened in 1932. Café \U0001f309.\u2028",
                    "qas": [
                        {"id": "a", "question": "When?", "answers": [{"text": "1932"}, {"text": "1932"}, {"text": "in 1932"}]},
                        {"id": "b", "question": " Who? ", "is_impossible": True, "answers": [], "plausible_answers": [{"text": "It"}]},
                    ],
                },
                {"context": "נפתח ב-1932", "qas": [{"id": 7, "question": RTL, "answers": [{"text": "Cafe\u0301"}, {"text": "not there"}]}]},
            ],
        },
        {"title": "Ferry", "paragraphs": [{"context": "It sank.", "qas": []}]},
        {"title": "The_Bridge", "paragraphs": [{"context": "It closed.", "qas": [{"id": "c", "question": "Is it?", "answers": [{"text": "no"}]}]}]},
    ],
}  # fmt: skip


def test_squad_has_an_article_a_title(tmp_path):
    path = made(tmp_path, {"dev.json": json.dumps(SQUAD)}) / "dev.json"
    collection = FORMS["squad"](path)
    assert facts(collection) == [
        ("squad-The_Bridge", "The Bridge", "It opened in 1932. Café \U0001f309.\n\nנפתח ב-1932\n\nIt closed."),
        ("squad-Ferry", "Ferry", "It sank."),
    ]
    bridge = "squad-The_Bridge"
    assert collection.gold == (
        answerable("a", "When?", ("1932", "in 1932"), [(bridge, "1932"), (bridge, "in 1932")]),
        unanswerable("b", "Who?"),
        answerable("7", RTL, ("Café", "not there"), [(bridge, "Café")]),
        answerable("c", "Is it?", ("no",), [(bridge, None)]),
    )


SELQA = [
    {"question": RTL, "article": "The Bridge", "candidates": [" ", "It is red.\n", "It opened \U0001f309."], "answers": [2, 1, 0]},
    {"question": "Who?", "article": "The Bridge", "candidates": ["It is red.", "It opened \U0001f309."], "answers": []},
    {"question": "How?", "article": "Ferry", "candidates": ["It is red.", "It opened \U0001f309."], "answers": [0]},
]


def test_selqa_has_an_article_a_section(tmp_path):
    collection = FORMS["selqa"](made(tmp_path, {"dev.json": json.dumps(SELQA)}) / "dev.json")
    (bridge, *_), (ferry, *_) = facts(collection)
    assert facts(collection) == [(bridge, "The Bridge", "It is red. It opened \U0001f309."), (ferry, "Ferry", "It is red. It opened \U0001f309.")]
    # the first twelve digits of the SHA-256 of title, line feed, text
    assert (bridge, ferry) == ("selqa-7c25136a5721", "selqa-bb25e53d7373")
    assert collection.gold == [
        answerable("selqa-0", RTL, (), [(bridge, "It opened \U0001f309."), (bridge, "It is red.")]),
        unanswerable("selqa-1", "Who?"),
        answerable("selqa-2", "How?", (), [(ferry, "It is red.")]),
    ]


def clapnq(id, *outputs, **passage):
    passage = {"title": "Bridge", "text": "Alone .", "sentences": ["It opened .", "It closed ."], **passage}
    return {"id": id, "input": EMOJI, "passages": [passage], "output": list(outputs)}


def test_clapnq_reads_a_file_or_a_folder_of_them(tmp_path):
    answered = clapnq(
        "1", {"answer": "Yes.", "selected_sentences": ["It closed .", "It flew ."]}, {"answer": "Y", "selected_sentences": ["It opened ."]}
    )
    silent, said = {"answer": "", "selected_sentences": []}, {"answer": "Said.", "selected_sentences": None}
    made(tmp_path, {"b.jsonl": lines(clapnq("2", silent), clapnq("3", said, sentences=[])), "a.jsonl": lines(answered)})
    collection = FORMS["clapnq"](tmp_path)
    (first, *_), (second, *_) = facts(collection)
    assert facts(collection) == [(first, "Bridge", "It opened . It closed ."), (second, "Bridge", "Alone .")]
    assert collection.gold == (
        answerable("1", EMOJI, (), [(first, "It closed ."), (first, "It opened .")]),
        unanswerable("2", EMOJI),
        answerable("3", EMOJI, (), [(second, None)]),
    )
    assert FORMS["clapnq"](tmp_path / "a.jsonl").articles == collection.articles[:1]


TABLE = (
    'Question,ANSWERS,article,quote,answerable,after,before,sources,notes,id\r\n'
    '"When, ""exactly""?",1932| 19 March 1932 |1932,bridge,"It opened\r\nthen.",TRUE,2020-01-01,2021-12-31,The  Daily|S,mine,x\r\n'
    ",,,,,,,,,\r\n"
    f"{RTL},,bridge,,,,,,,\r\n"
    f"{EMOJI},,,,No\r\n"
)  # fmt: skip
TABLE_GOLD = (
    answerable(
        "x", 'When, "exactly"?', ("1932", "19 March 1932"), [("bridge", "It opened\nthen.")],
        Filters(date(2020, 1, 1), date(2021, 12, 31), ("The Daily", "S")),
    ),
    answerable("csv-2", RTL, (), [("bridge", None)]),
    unanswerable("csv-3", EMOJI),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", TABLE.encode()),
        ("t.csv", b"\xef\xbb\xbf" + TABLE.encode()),
        ("t.csv", TABLE.encode("utf-16")),
        ("T.CSV", TABLE.replace("\r\n", "\n").encode()),
        ("t.tsv", TABLE.replace("When, ", "When; ").replace(",", "\t").replace("When; ", "When, ").encode()),
    ],
    ids=["plain", "mark", "utf-16", "line-feeds", "tabs"],
)
def test_a_table_as_spreadsheets_write_it(tmp_path, name, data):
    assert FORMS["csv"](made(tmp_path, {name: data}) / name) == Collection((), TABLE_GOLD)


def test_a_long_table_is_read_in_seconds(tmp_path):
    rows = "".join(f'"Question {n}, at length?",answer {n}|other,article-{n},some words of it,,,\n' for n in range(100_000))
    path = made(tmp_path, {"t.csv": "question,answers,article,quote,after,before,sources\n" + rows}) / "t.csv"
    with within(30):
        assert len(FORMS["csv"](path).gold) == 100_000


@pytest.mark.parametrize(("form", "place"), [("selqa", "selqa/selqa-ass-dev.json"), ("clapnq", "clapnq")])
def test_real_sets_become_articles_and_quotes_of_them(shared, tmp_path, form, place):
    collection = FORMS[form](shared / place)
    assert FORMS[form](shared / place) == collection
    converted = write(collection, tmp_path)
    # one answer of CLAPnq was written from no sentence
    counts = {"selqa": Converted(680, 785, 785, 785, 0), "clapnq": Converted(298, 300, 150, 149, 0)}
    assert converted == counts[form]
    back = list(read_articles(tmp_path / "articles.jsonl"))
    assert [(a.id, a.title, a.text, a.sha256) for a in back] == [(a.id, a.title, a.text, a.sha256) for a in collection.articles]
    texts = {article.id: article.text for article in back}
    rows = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    quotes = [(item["article"], item["quote"]) for row in rows for item in row["evidence"] if "quote" in item]
    assert len(quotes) > 149
    assert all(quote and quote in texts[id] for id, quote in quotes)


def test_real_sets_have_the_texts_that_the_reader_was_trained_on(shared):
    articles, asked = encyclopaedia(shared)
    sets = [FORMS["selqa"](shared / "selqa" / "selqa-ass-dev.json"), FORMS["clapnq"](shared / "clapnq")]
    assert [(a.title, a.text) for a in articles] == [(a.title, a.text) for each in sets for a in each.articles]
    # the folder's second file is the unanswerable one, as in training
    quotes = [{item.quote for item in row.evidence} - {None} for each in sets for row in each.gold]
    assert quotes == [set(one.sentences) for one in asked]


def test_a_row_is_read_as_the_gold_that_it_was_made_of(tmp_path):
    made(tmp_path, {"gold.jsonl": lines(*(gold_json(row) for row in TABLE_GOLD if row.answers or not row.answerable))})
    assert read_gold(tmp_path / "gold.jsonl") == [TABLE_GOLD[0], TABLE_GOLD[2]]
    assert gold_json(TABLE_GOLD[1]) == {"id": "csv-2", "question": RTL, "answers": [], "evidence": [{"article": "bridge"}], "answerable": True}


def squad(**row):
    asked = {"id": "a", "question": "q", "answers": [{"text": "x"}], **row}
    return json.dumps({"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [asked]}]}]})


def selqa(**row):
    return json.dumps([{"question": "q", "article": "t", "candidates": ["a", "b"], "answers": [0], **row}])


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("squad", json.dumps(SQUAD)[:300], r"set: this is not JSON .* is the file whole"),
        ("squad", "", "set: this is not JSON"),
        ("squad", b"\xff\xfe", "set: byte 0 is not UTF-8; save"),
        ("squad", "[" * 100_000, "set: this is nested too deeply"),
        ("squad", "[]", "set: this is no JSON object; is it a file of another form"),
        ("squad", "{}", 'set: "data" is missing or no list; is it'),
        ("squad", '{"data": []}', "set: there is no question in it; is it"),
        ("squad", '{"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": []}]}]}', "set: there is no question in it"),
        ("squad", '{"data": [3]}', r"set: data\[0\]: this is no JSON object"),
        ("squad", '{"data": [{"title": "", "paragraphs": []}]}', r'set: data\[0\]: "title" is missing or blank; fill'),
        ("squad", '{"data": [{"title": "t", "paragraphs": [{"qas": []}]}]}', r'set: data\[0\].paragraphs\[0\]: "context" is missing'),
        ("squad", squad(answers=[]), r'data\[0\].paragraphs\[0\].qas\[0\]: "answers" is empty; give one, or say "is_impossible"'),
        ("squad", squad(answers="x"), r'qas\[0\]: "answers" is missing or no list'),
        ("squad", squad(answers=["x"]), r"qas\[0\]: this is no JSON object"),
        ("squad", squad(question=["q"]), r'qas\[0\]: "question" is no string'),
        ("squad", squad(question="\ud800"), r'qas\[0\]: "question": the text has a lone surrogate'),
        ("squad", squad(id=None), r'qas\[0\]: "id" is missing'),
        ("squad", squad(id=True), r'qas\[0\]: "id" is no string'),
        ("squad", squad()[:-6] + ', {"id": "a", "question": "q", "is_impossible": true}]}]}]}', r"qas\[1\]: the id 'a' was used before"),
        ("selqa", "{}", "set: this is no JSON list of questions; is it"),
        ("selqa", "[]", "set: there is no question"),
        ("selqa", selqa(answers=[2]), r'set: \[0\]: "answers" has 2, which is no position among the 2'),
        ("selqa", selqa(answers=[-1]), r'\[0\]: "answers" has -1'),
        ("selqa", selqa(answers=[True]), r'\[0\]: "answers" has True'),
        ("selqa", selqa(candidates=["a", 1]), r'\[0\]: "candidates" is no list of strings'),
        ("selqa", selqa(candidates=[" "]), r"\[0\]: the article has no text"),
        ("selqa", selqa(article="t" * 501), r"\[0\]: the title has 501 characters"),
        ("clapnq", "\n", "set: there is no question"),
        ("clapnq", '\n{"id": ', "set:2: this is not JSON"),
        ("clapnq", "[1]", "set:1: this is no JSON object"),
        ("clapnq", "[" * 100_000, "set:1: this is nested too deeply"),
        ("clapnq", lines(clapnq("1"), clapnq("1")), "set:2: the id '1' was used before"),
        ("clapnq", lines({**clapnq("1"), "passages": []}), 'set:1: "passages" has 0 of them'),
        ("clapnq", lines(clapnq("1", title=None)), r'set:1: passages\[0\]: "title" is missing'),
        ("clapnq", lines(clapnq("1", {"answer": "x", "selected_sentences": [{}]})), 'set:1: "selected_sentences" is no list of strings'),
        ("clapnq", lines(clapnq("1", 3)), "set:1: this is no JSON object"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_named_with_its_place(tmp_path, form, text, message):
    with pytest.raises(InputError, match=message):
        FORMS[form](made(tmp_path, {"set": text}) / "set")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.csv: the file is empty"),
        (",,\n", "t.csv:1: the header has no column question and no answers"),
        ("question;answers\n", "t.csv:1: the header has no column .* 'question;answers'; name .* commas"),
        ("question,answers,Answers\n", 't.csv:1: there are 2 columns "answers"; keep one'),
        ("question,answers\n", "t.csv: there is no question in it"),
        ("question,answers\nq,a,b\n", "t.csv:2: the row has 3 cells, the header 2; put"),
        ('question,answers\n"q\nr",a\n"s,a\nt,b\n', "t.csv:4: the row cannot be read"),
        ('question,answers\n"q" r,a\n', "t.csv:2: the row cannot be read"),
        (f"question,answers\nq,{'a' * 200_000}\n", "t.csv:2: the row cannot be read .*field limit"),
        ("question,answers\nq,\n", "t.csv:2: the row has neither answers nor an article; fill one in"),
        ("question,answers\n,a\n", "t.csv:2: the question is blank"),
        ("question,answers,quote\nq,a,x\n", "t.csv:2: there is a quote, but no article"),
        ("question,answers,answerable\nq,a,no\n", "t.csv:2: the row is not answerable, but has answers"),
        ("question,answers,answerable\nq,a,perhaps\n", "t.csv:2: answerable is 'perhaps'; write yes or no"),
        ("question,answers,after\nq,a,1/2/2020\n", "t.csv:2: after is '1/2/2020', no day; write it as YYYY-MM-DD"),
        ("question,answers,after,before\nq,a,2021-01-01,2020-01-01\n", "t.csv:2: after .* is later than before"),
        ("question,answers,id\nq,a,x\nr,b,x\n", "t.csv:3: the id 'x' was used before"),
        (b"question,answers\nq,\0\n", "t.csv: the file is binary"),
    ],
)
def test_what_is_wrong_in_a_table_is_named_with_its_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        FORMS["csv"](made(tmp_path, {"t.csv": text}) / "t.csv")


def test_a_table_is_known_by_its_ending(tmp_path):
    with pytest.raises(InputError, match="t.xlsx is neither .csv .* nor .tsv"):
        FORMS["csv"](tmp_path / "t.xlsx")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("qrels/test.tsv", "q1\td1\t1\nq9\td1\t1\n", "test.tsv:2: queries.jsonl has no query 'q9'; are these"),
        ("qrels/test.tsv", "q1\td9\t0\n", "test.tsv:1: corpus.jsonl has no document 'd9'; are these"),
        ("qrels/test.tsv", "q1\td1\t1\nq1\td1\t0\n", "test.tsv:2: 'd1' was given another grade for 'q1' before"),
        ("qrels/test.tsv", "q1\td1\t1\nq1\td1\thigh\n", "test.tsv:2: the grade 'high' is no number; write 1"),
        ("qrels/test.tsv", "q1\td1\t1\nq1\td1\tnan\n", "test.tsv:2: the grade 'nan' is no number"),
        ("qrels/test.tsv", "q1 0 d1 1\n", "test.tsv:1: the line has 1 columns; write query-id"),
        ("qrels/test.tsv", "q1\t\t1\n", 'test.tsv:1: "corpus-id" is missing or blank'),
        ("qrels/test.tsv", b"q1\t\xff\t1\n", "test.tsv:1: byte 3 of the line is not UTF-8"),
        ("qrels/test.tsv", "", "test.tsv: there is no question in it; is it"),
        ("qrels/test.tsv", "q1\td1\t0\n", "test.tsv: there is no question in it but 1 that no document"),
        ("corpus.jsonl", lines({"_id": "d1", "text": "x"}, {"_id": "d1", "text": "y"}), "corpus.jsonl:2: the id 'd1' was used before"),
        ("corpus.jsonl", lines({"id": "d1", "text": "x"}), 'corpus.jsonl:1: "_id" is missing'),
        ("corpus.jsonl", lines({"_id": "d1", "text": ["x"]}), 'corpus.jsonl:1: "text" is no string'),
        ("queries.jsonl", lines({"_id": "q1", "text": " "}), 'queries.jsonl:1: "text" is missing or blank'),
        ("queries.jsonl", '{"_id": "q1", "te', "queries.jsonl:1: this is not JSON"),
    ],
)
def test_what_is_wrong_in_a_beir_folder_is_named_with_its_line(tmp_path, name, text, message):
    with pytest.raises(InputError, match=message):
        FORMS["beir"](made(tmp_path, {**BEIR, name: text}))


def test_parts_of_a_beir_folder_that_are_not_there_are_named(tmp_path):
    with pytest.raises(InputError, match="has neither qrels.tsv nor qrels/"):
        FORMS["beir"](tmp_path)
    made(tmp_path, {"qrels/dev.tsv": "", "qrels/train.tsv": ""})
    with pytest.raises(InputError, match=r"several splits \(qrels.dev.tsv, qrels.train.tsv\); name the one"):
        FORMS["beir"](tmp_path)
    with pytest.raises(InputError, match="dev.tsv has no corpus.jsonl beside it or in the folder above"):
        FORMS["beir"](tmp_path / "qrels" / "dev.tsv")
    made(tmp_path, {"corpus.jsonl": BEIR["corpus.jsonl"]})
    with pytest.raises(InputError, match="queries.jsonl cannot be read: No such file"):
        FORMS["beir"](tmp_path / "qrels" / "dev.tsv")


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_not_there_is_named(tmp_path, form):
    with pytest.raises(InputError, match="none.csv"):
        FORMS[form](tmp_path / "none.csv")


def test_an_article_too_long_to_be_added_is_refused_and_nothing_written(tmp_path):
    data = {
        "data": [{"title": "t", "paragraphs": [{"context": 'x"' * 2_000_000, "qas": [{"id": "a", "question": "q", "answers": [{"text": "x"}]}]}]}]
    }
    collection = FORMS["squad"](made(tmp_path, {"s.json": json.dumps(data)}) / "s.json")
    with pytest.raises(InputError, match="the article squad-t would be a row of 6,0.* takes 5,000,000: part it"):
        write(collection, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_command_knows_the_forms():
    assert tuple(FORMS) == _FORMS


def test_the_command_from_a_set_to_articles_and_gold(tmp_path, monkeypatch, capsys):
    made(tmp_path, {"dev.json": json.dumps(SQUAD)})
    monkeypatch.chdir(tmp_path)
    assert main(["convert", "squad", "dev.json", "my out", "--index", "there"]) == 0
    assert capsys.readouterr().out == (
        "my out: 2 articles, 4 gold, 3 of them answerable, 2 with a quote\n"
        "Next:\n"
        "  pullquote add 'my out/articles.jsonl' --index there\n"
        "  pullquote eval 'my out/gold.jsonl' --index there\n"
    )
    collection = FORMS["squad"](tmp_path / "dev.json")
    back = list(read_articles(tmp_path / "my out"))
    assert [(a.id, a.title, a.text, a.sha256) for a in back] == [(a.id, a.title, a.text, a.sha256) for a in collection.articles]
    assert tuple(read_gold(tmp_path / "my out" / "gold.jsonl")) == collection.gold
    written = {path.name: path.read_bytes() for path in (tmp_path / "my out").iterdir()}
    assert written.keys() == {"articles.jsonl", "gold.jsonl"}

    assert main(["convert", "squad", "dev.json", "my out"]) == 2
    assert "my out has articles.jsonl, gold.jsonl already; choose another folder, or overwrite with --force" in capsys.readouterr().err
    assert main(["convert", "squad", "dev.json", "my out", "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"articles": 2, "gold": 4, "answerable": 3, "quoted": 2, "left_out": 0}
    assert {path.name: path.read_bytes() for path in (tmp_path / "my out").iterdir()} == written


def test_the_command_says_what_was_left_out_and_adds_no_articles_that_are_not_there(tmp_path, capsys):
    made(tmp_path, {**BEIR, "t.csv": TABLE})
    assert main(["convert", "beir", str(tmp_path), str(tmp_path / "a")]) == 0
    assert "2 with a quote" not in (said := capsys.readouterr().out)
    assert "; 1 left out of the gold: no article is relevant\n" in said
    assert main(["convert", "csv", str(tmp_path / "t.csv"), str(tmp_path / "b")]) == 0
    assert "pullquote add" not in (said := capsys.readouterr().out)
    assert "pullquote eval" in said
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["gold.jsonl"]


def test_the_command_writes_nothing_of_a_set_that_is_wrong(tmp_path, capsys):
    made(tmp_path, {"dev.json": json.dumps(SQUAD)[:400]})
    assert main(["convert", "squad", str(tmp_path / "dev.json"), str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith(f"pullquote: {tmp_path}/dev.json: this is not JSON")
    assert not (tmp_path / "out").exists()


def test_the_examples_in_the_document_are_read(tmp_path):
    document = (ROOT / "docs" / "gold.md").read_text(encoding="utf-8")
    examples = dict(re.findall(r"^### `(\w+)`$.*?^```\w*\n(.*?)^```$", document, re.DOTALL | re.MULTILINE))
    assert examples.keys() == FORMS.keys()
    corpus, queries, judgements = examples.pop("beir").split("\n", 2)
    made(tmp_path, {"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels.tsv": judgements})
    assert FORMS["beir"](tmp_path).gold == [answerable("q1", "When did the bridge open?", (), [("d1", None)])]
    for form, text in examples.items():
        gold = FORMS[form](made(tmp_path, {f"set.{form}": text}) / f"set.{form}").gold
        assert [row.evidence[0].quote for row in gold[:1]] != [None], form
    (row,) = re.findall(r"^(\{\"id\": \"bridge-1\".*)$", document, re.MULTILINE)
    made(tmp_path, {"gold.jsonl": row})
    (gold,) = read_gold(tmp_path / "gold.jsonl")
    assert json.loads(json.dumps(gold_json(gold))) == json.loads(row)
