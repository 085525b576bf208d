"""How much of what is no article's own words is marked as such in news, and how often an article's own words are.

python -m benchmarks.furniture             # the news needs ../shared/data, which does not ship

`tests/cases/furniture.jsonl` has 60 of 400 news articles, drawn with `random.Random(2026).sample`, and of each the paragraphs that are
furniture: their numbers, what each is, and what they begin to hash to. One reader labelled all 2,695 paragraphs, both halves,
before there was a rule; the rules were made on the first 30 articles and on what they marked in the 340 that are not labelled.
"""

from tests.corpus.test_line_kinds import judged


def main() -> None:
    for half in ("tuned", "held out"):
        there, shown, both = judged(half)
        print(f"{half}: {both.total()} right of {shown.total()} marked and {there.total()} there")
        for kind, count in there.most_common():
            print(f"  {kind:16}{both[kind]:4} of {count}")


if __name__ == "__main__":
    main()
