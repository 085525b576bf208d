import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import canonical
from rag.english.sentences import overlapping, sentences
from rag.types import Span
from tests.conftest import SHARED
from tests.pace import within

# what trips splitters: repetition, stops inside words, quotations, emoji, combining marks, no spaces, odd line ends
AWKWARD = st.text(st.sampled_from("ab. \n\t!?|\"”“’\u0301\u200d\U0001f309é\r,A'…1"), max_size=400) | st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. agreed at 4:53 p.m. local time. It paid $3.5 million.", ["The U.S. agreed at 4:53 p.m. local time.", "It paid $3.5 million."]),
        ("He said: “We hope so. It is unacceptable.” China denied.", ["He said: “We hope so. It is unacceptable.”", "China denied."]),
        ("A heading\n\nA paragraph.", ["A heading", "A paragraph."]),
        (
            "In these years:\n| Year | Days |\n|---|---|\n| 1932 | 12. A gate. |\nIt opened.",
            ["In these years:", "| Year | Days |", "|---|---|", "| 1932 | 12. A gate. |", "It opened."],
        ),
        (f"| {'It rained. ' * 60}|", ["| It rained.", *["It rained."] * 59, "|"]),
        ("It cost |x| or more. He left.", ["It cost |x| or more.", "He left."]),
        ("Again. Again. Again.", ["Again.", "Again.", "Again."]),
        ("  \n ", []),
    ],
)
def test_sentences_without_the_space_around_them(text, expected):
    assert [span.of(text) for span in sentences(text, 100)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        # titles, ranks and offices
        "The mill went to Ms. Harrington and Cllr. Webb of Tarn.",
        "Coun. Ruiz, Ald. Peck and Amb. Linden met Atty. Gen. Marsh and Mx. Doe.",
        "Det. Insp. Hale met Assoc. Prof. Lane, Dep. Mayor Oke and Cdr. Poole.",
        "Vice-Adm. Stone and then-Gov. Pym wrote to Atty.-Gen. Marsh.",
        "Chas. Hill and Wm. Vale spoke of J.D. Orrin of Tarn.",
        "He met Mr.\nHill at noon.",
        # Latin and reference forms
        "Lindqvist et al. [2004] measured the tides, cf. Hill.",
        "By Eq. (12) the dam holds approx. £300 incl. silt and excl. VAT.",
        "See Fig. 3, Tab. 4, App. B, Vol. II, Ch. 7, Sect. 2.1, Refs. 4 and 5 and para. 6.",
        "It stands by Rte. 9, near Hwy. 4, in Ste. 300 or Apt. 3.",
        "The town, pop. 7,848, was est. 1920 and built of stone.",
        # months and weekdays
        "It opens on Tues. 5 May, on Fri. June 6 and from Dec. 30-Jan. 5 in Orrin.",
        "The shop shuts on Wed. afternoons and on Sun. Aug. 4 at noon.",
        # units
        "The sack weighs 5 lbs. 3 oz. and took 2 hrs. 15 min. to fill.",
        "He weighs 180 lbs. today and walked 4 sq. km. of moor.",
        "Add 3 tbsp. sugar and 2 tsp. salt.",
        # company forms
        "Tarn Pty. Ltd. sold it to Harland Bros. Pictures and to S.A. Orrin.",
        "Harland & Assocs. Inc. bought Orrin Tech. Corp. from it.",
        "Vale Intl. Airport belongs to Harland LLC. alone, not to Orrin plc. and others.",
        # times of day
        "It shuts at 9 p.m. on Friday, at 9 p.m. Saturday and at 8 p.m. Sept. 2.",
        "It began at 9 a.m. ET, which is 6 a.m. Pacific and 3 p.m. Central European Time.",
    ],
)
def test_a_short_form_does_not_end_its_sentence(sentence):
    text = f"The town is old. {sentence} The river is wide."
    assert [span.of(text) for span in sentences(text, 1000)] == ["The town is old.", sentence, "The river is wide."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It began at 9 p.m.", "Nobody came."),
        ("It began at 9 p.m.", "Friday was quiet."),
        ("It is 5 kg.", "The box is big."),
        ("It takes 5 hrs.", "12 people wait."),
        ("He lives in Rome.", "Maria came."),
        ("The fair is in March.", "14 people met."),
        ("She has a law degree, a J.D.", "Everyone knows."),
        ("He sold iron, etc.", "Then he left."),
        ("It was built in 300 B.C.", "Rome had grown."),
        ("He likes this iPhone.", "iPhone sales rose."),
        ("The answer is no.", "It was late."),
        ("I read the app.", "I like it."),
        ("He wrote to a Col.", "They spoke."),
        ("The shop is on the Web.", "example.com has more."),
        ("it was sold.", "then it fell."),
        ("It began at 9 p.m.", "\u24b6 is a circle."),
    ],
)
def test_what_only_looks_like_a_short_form_does(first, second):
    text = f"{first} {second}"
    assert [span.of(text) for span in sentences(text, 1000)] == [first, second]


# the full stops of news that were labelled (`benchmarks/ends.py` says how), and how often a sentence may be cut at one or miss one
ENDS = [json.loads(line) for line in Path(__file__).with_name("cases").joinpath("unseen_ends.jsonl").read_text(encoding="utf-8").splitlines()]
MOST = {"any": (0, 13), "capital": (1, 0), "after": (1, 1)}


def ends_judged(texts):
    """By how the full stops were drawn, how many there are, how many cut a sentence, and how many ends are missed."""
    ends = {article: {span.end for span in sentences(texts[article], 700)} for article in {label["article"] for label in ENDS}}
    judged = Counter((label["drawn"], label["end"], label["offset"] in ends[label["article"]]) for label in ENDS)
    drawn = Counter(label["drawn"] for label in ENDS)
    return {name: (count, judged[name, False, True], judged[name, True, False]) for name, count in drawn.items()}


def news():
    rows = map(json.loads, (SHARED / "news-dev" / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["text"] for row in rows}


@pytest.mark.skipif(not (SHARED / "news-dev").is_dir(), reason="the news does not ship")
def test_the_labelled_ends_of_news():
    for name, (_, cut, missed) in ends_judged(news()).items():
        assert cut <= MOST[name][0], name
        assert missed <= MOST[name][1], name


@given(AWKWARD, st.integers(1, 60))
def test_sentences_are_in_order_short_enough_and_leave_only_space_out(text, longest):
    text = canonical(text)
    found = sentences(text, longest)
    assert all(0 < len(span) <= longest for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = "".join(span.of(text) for span in found)
    assert "".join(kept.split()) == "".join(text.split())


@given(AWKWARD, st.integers(0, 400), st.integers(1, 50))
def test_overlapping_is_what_a_plain_scan_finds(text, start, length):
    found, window = sentences(text, 40), Span(start, start + length)
    assert overlapping(found, window) == [span for span in found if span.end > window.start and span.start < window.end]


def spans(text):
    return [(at["start_index"], at["end_index"]) for at in sentencex.get_sentence_boundaries("en", text)]


@pytest.mark.parametrize("paragraph", ["He said: “We hope so. It is.” (So. It is.) He left. ", "“Yes. " * 9, "A. B. (C.) 1. D? "])
def test_paragraphs_in_blocks_have_the_sentences_of_the_whole(paragraph):
    text = f"{paragraph}\n\n\n{paragraph}\nAnd so on.\n\n" * 200
    whole = [Span(start, end).of(text).strip() for start, end in spans(text)]
    assert [span.of(text) for span in sentences(text, 1000)] == [sentence for sentence in whole if sentence]


def test_a_long_paragraph_is_cut_between_sentences():
    text = "They left (at once), “happily.” " * 3000
    assert [span.of(text) for span in sentences(text, 1000)] == ["They left (at once), “happily.”"] * 3000


@pytest.mark.parametrize(
    "unit",
    [
        "“", "‘", "»", "„", "‹", "'", '"', "`", "`a` ", "(", "!(", "“.", "。“", ".”", "‛「»‹#", "\"\t'“-", "“ \n\n", "\n", "a\n\n", ". ", "Mr. ",
        "A. ", "1. ", "\n- ", "a.b@", "日", "́",
    ],
)  # fmt: skip
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 100_000)[:100_000]
    # measured: at most one second, on a busy machine; in one piece it takes sentencex up to a minute and more
    with within(3):
        sentences(text, 1000)


def test_backticks_before_other_scripts_take_no_long_time():
    with within(3):
        sentences("`" * 50_000 + "日" * 50_000, 1000)
