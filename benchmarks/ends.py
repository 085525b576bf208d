"""How often a full stop of news ends the sentence that it should, and no other.

python -m benchmarks.ends             # the news needs ../shared/data, which does not ship

`tests/cases/unseen_ends.jsonl` has 450 full stops of 400 news articles, each by the offset behind it: of a word of at most five letters,
or with full stops inside, before a space and a capital or a digit. 150 were drawn of all 7,813 with a fixed seed ("any"), 150 of those
whose word has a capital or a stop inside, at most three of a word ("capital"), by one reader who saw 45 characters before and 40 after
and no splitter's answer. The rules of `rag.english.sentences` were made after the splitters' mistakes on these, and all that the rules
join in the 400 articles, had been read. 150 more, at most two of a word, a word in lower case after it too, were drawn and labelled then
("after"). A sentence inside a quotation counts as one, though quotations are kept whole on purpose.
"""

from tests.test_sentences import ends_judged, news


def main() -> None:
    for name, (count, cut, missed) in ends_judged(news()).items():
        print(f"{name:10}{count - cut - missed:4} right of {count}, cut {cut}, missed {missed}")


if __name__ == "__main__":
    main()
