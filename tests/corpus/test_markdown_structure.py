"""Tables and headings of Markdown: what belongs together is shown together."""

import pytest

from rag.corpus.markdown import plain_text
from rag.english.context import widen
from rag.english.sentences import sentences

HEADS = "| Town | Founded | Mayor |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (HEADS + "| Orrin | 1540 | |", "Town: Orrin, Founded: 1540."),
        (HEADS + "| Orrin | 1540 | none yet! |", "Town: Orrin, Founded: 1540, Mayor: none yet!"),
        (HEADS + "| **Orrin** | `1540` | [a](https://e.org) |", "Town: Orrin, Founded: 1540, Mayor: a."),
        (HEADS + "| | | |\n| Tarn |", "Town: Tarn."),
        ("| | 2021 | 2022: |\n|---|--:|:-:|\n| Roads | 180 | 1,150 |", "Roads, 2021: 180, 2022: 1,150."),
        ("Town | Founded\n--- | ---\nOrrin | 1540\nTarn | 1312", "Town: Orrin, Founded: 1540.\n\nTown: Tarn, Founded: 1312."),
        (HEADS, "Town, Founded, Mayor."),
        (f"| {'long ' * 70} | b |\n|---|---|\n| 1 | 2 |", f"{('long ' * 70).strip()}, b.\n\n1, 2."),
        (f"Before.\n\n{HEADS}| Orrin | 1540 | x |\n\nAfter.", "Before.\n\nTown: Orrin, Founded: 1540, Mayor: x.\n\nAfter."),
        (f"- item\n\n  {HEADS.replace(chr(10), chr(10) + '  ')}| Orrin | 1540 | x |", "item\n\nTown: Orrin, Founded: 1540, Mayor: x."),
        (HEADS + "| Orrin<br>and Tarn | 1540<BR/> | `<br>` |", "Town: Orrin and Tarn, Founded: 1540, Mayor: <br>."),
        ("| a \\| b | c |\n|---|---|\n| 1 | 2 |", "a | b: 1, c: 2."),
    ],
)
def test_a_row_is_one_sentence_under_its_column_heads(table, text):
    assert plain_text(table) == (None, text)
    assert [span.of(text) for span in sentences(text, 700)] == text.split("\n\n")


LISTS = """The polls closed at ten.

## Seats

The results in Tarn:

- Red has 12 seats
- Blue has 9 seats

## Turnout

61 percent

## Counted by

Hand

It was a calm day.

## Members of the council

- Desk One
- Desk Two

## Costs

- 40 crowns for adults
- 20 crowns for children"""


@pytest.mark.parametrize(
    ("shown", "lead"),
    [
        ("61 percent", "Turnout"),
        ("Red has 12 seats", "The results in Tarn:"),
        ("Blue has 9 seats", "The results in Tarn:"),
        ("40 crowns for adults", "Costs"),
        ("20 crowns for children", "Costs"),
        # no heading of theirs: a sentence, what a sentence follows, and what may be of one list with the line above
        ("It was a calm day.", None),
        ("The results in Tarn:", None),
        ("Desk Two", None),
    ],
)
def test_a_line_that_is_no_sentence_has_its_heading_as_its_lead(shown, lead):
    text = plain_text(LISTS)[1]
    found = sentences(text, 700)
    widened = widen(text, found, next(n for n, span in enumerate(found) if span.of(text) == shown), 700)
    assert widened.span.of(text) == shown
    assert (widened.lead.of(text) if widened.lead else None) == lead


@pytest.mark.parametrize(("head", "line"), [("Opening hours", "Monday to Friday"), ("Head of the harbour", "The lock master"), ("Fee:", "Free")])
def test_a_heading_and_one_line_between_sentences_are_a_pair(head, line):
    text = plain_text(f"The lock is old.\n\n## {head}\n\n{line}\n\nIt opened in May.")[1]
    assert widen(text, sentences(text, 700), 2, 700).lead.of(text) == head


def test_a_sentence_needs_no_heading():
    text = plain_text("## Costs\n\nIt costs 40 crowns.")[1]
    assert widen(text, sentences(text, 700), 1, 700).lead is None
