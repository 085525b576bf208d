"""How often the speaker shown is the right one, on the hand-made cases and on sentences of news that no rule was tuned on.

python -m benchmarks.speakers             # the news needs ../shared/data, which does not ship
python -m benchmarks.speakers --each      # and each sentence whose speaker is wrong or missed: other people's words, so for reading only

`tests/cases/unseen_speakers.jsonl` has 200 sentences of 400 news articles as `rag.english.sentences` gives them, drawn blindly with a
fixed seed: 100 of the 21,356 that have a quotation mark or one of some forty words of saying, calling or believing in them or
in a neighbour ("saying"), and 100 of all 35,432, less those ("all"). One reader labelled them, seeing six sentences before and
three after, before a speaker was computed for any: where the words stand that name the speaker (the fullest name before; the
name or the description in the sentence), or null where the article itself speaks. What `speaker` says of two speakers and of
reports held. In a transcript the speaker is whom the turn is headed with, or who gives the speech. `doubtful` says that two
readers might differ; those are left out.
"""

import sys

from tests import test_speakers
from tests.test_speakers import Said


def made() -> list[Said]:
    return [Said(case["chosen"], test_speakers.named(case), (case["expected"],) if case["expected"] else ()) for case in test_speakers.CASES]


def score(some: list[Said]) -> str:
    """Right of shown, and of those that are there."""
    if not some:
        return "not here"
    right, shown, there = (sum(counted) for counted in zip(*((said.right, said.shown is not None, bool(said.names)) for said in some), strict=True))
    return f"{right:4} right of {shown:3} shown and {there:3} there, in {len(some):3} sentences"


def main() -> None:
    news = list(test_speakers.unseen()) if test_speakers.NEWS.is_file() else []
    drawn = {name: [said for where, said in news if where == name] for name in ("saying", "all")}
    for name, some in {"hand-made cases": made(), "news, near words of saying": drawn["saying"], "news, of all": drawn["all"]}.items():
        print(f"{name:30}{score(some)}", flush=True)
    for _, said in news if "--each" in sys.argv else ():
        if said.right != bool(said.shown or said.names):
            print(said)


if __name__ == "__main__":
    main()
