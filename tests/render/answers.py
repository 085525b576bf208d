"""Answers with hostile words, and pandoc, the reader that most exports end in."""

import json
import shutil
import subprocess
from datetime import date

import pytest
from hypothesis import strategies as st

from rag import article
from rag.corpus import canonical
from rag.errors import InputError
from rag.types import Answer, Outcome, Quote, Searched, Seconds, Span

HOSTILE = [
    "**bold** and _emphasis_ and `code`", "[link](https://example.org) ![image](x.png)", "<script>alert(1)</script>", "<!-- gone -->",
    "# heading", "heading\n===", "heading\n---", "---\ntitle: yaml\n---", "- item", "+ item", "* item", "1. one", "1) one", "(1) one", "a) one",
    "(@good) one", "#. one", "> quoted", ">", "    code", "\tcode", "```\nfence\n```", "~~~ mermaid\ngraph TD\n~~~", "$x^2$ and $$y$$",
    r"\(x\) \[y\] \\(z\\)", r"\begin{tabular}x\end{tabular} \alpha \newcommand{\x}{y} \x", "a[^1] and ^[inline]\n\n[^1]: note", "[@doe, p. 3] @doe",
    "| a | b |\n|---|---|\n| c | d |", "| line\n| block", "term\n: definition", ":::{.note}\nx\n:::", "Table: caption", "H~2~O x^2^ ~~gone~~",
    "[span]{.class} {#id} `x`{=html}", "it's \"so\" -- and --- so... 'tis", ":smile: www.example.org https://example.org a@b.example",
    "line\\\nbreak", "two  \nspaces", "javascript:alert(1)", "\"><img src=x onerror=alert(1)>", "</style></title></p></blockquote>", "' onclick='x",
    "\u202eright to left\u202c", "\u200f\u05e9\u05dc\u05d5\u05dd", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1eb\U0001f1f7", "\u200b\ufeffx",
    "&lt; &amp; &#42;", "\u20180 \u201cx\u201d \u2018y\u2019 it\u2019s", "x\u00a0y", "_a_) x",
    "{{ 7 * 7 }} {% raw %}", "==mark== ++in++ %%out%%", "Mr. Smith, e.g. p. 4", "{unbalanced", "}", "50% & $5 #1 a_b ~c ^d \\e"
]  # fmt: skip

hostile_text = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12), st.sampled_from([" ", "\n", "\n\n", "\\"])), min_size=1, max_size=6)


def canonical_or_none(text):
    try:
        return canonical(text) or None
    except InputError:
        return None


texts = hostile_text.map("".join).map(canonical_or_none).filter(bool)


def whole(text, title="A bridge opens", **facts):
    """A quote of all of an article."""
    made = article("a", title, text, **{"source": "The Daily", "published": date(1932, 3, 19), **facts})
    span = Span(0, len(made.text))
    return Quote(made, span, 0.9, 0.95, span)


def answered(*quotes, question="Is it open?", **facts):
    searched = Searched(1, 1, date(1932, 3, 19), date(1932, 3, 19), 0)
    return Answer(question, facts.pop("outcome", Outcome.ANSWERED), quotes, facts.pop("near", ()), searched, Seconds(), **facts)


def naughty(shared):
    """The strings of the Big List of Naughty Strings that an article can have."""
    strings = json.loads((shared / "hostile" / "blns.json").read_text())
    return [text for text in map(canonical_or_none, strings) if text]


def pandoc(text, reader, writer, *options):
    """What pandoc makes of a document. A warning of its is a failure."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not here: apt-get install pandoc")
    done = subprocess.run(["pandoc", "-f", reader, "-t", writer, *options], input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def folded(text):
    return " ".join(text.split())
