"""Real text for the benchmarks, as article rows: `python -m benchmarks.corpora DATA OUT.jsonl [--copies N]`.

DATA is a folder with `news-dev/corpus.jsonl`, `selqa/selqa-ass-dev.json` and
`clapnq/*.jsonl`. SelQA's sections and CLAPnq's passages become an article
each. `--copies N` appends N of the news articles once more with their
paragraphs rotated: that is for load, never for quality.
"""

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path


def rows(data: Path, copies: int) -> Iterator[dict[str, str]]:
    news = [json.loads(line) for line in (data / "news-dev" / "corpus.jsonl").read_text().splitlines()]
    yield from news
    seen = set()
    for row in json.loads((data / "selqa" / "selqa-ass-dev.json").read_text()):
        text = " ".join(row["candidates"])
        if text not in seen:
            seen.add(text)
            yield {"id": f"selqa-{len(seen)}", "title": row["article"], "text": text, "source": "SelQA"}
    for path in sorted((data / "clapnq").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            (passage,) = row["passages"]
            if passage["text"].strip() and passage["text"] not in seen:
                seen.add(passage["text"])
                yield {"id": f"clapnq-{row['id']}", "title": passage["title"], "text": passage["text"], "source": "CLAPnq"}
    for row in islice(news, copies):
        paragraphs = row["text"].split("\n\n")
        turned = paragraphs[len(paragraphs) // 2 :] + paragraphs[: len(paragraphs) // 2]
        yield row | {"id": f"copy-{row['id']}", "text": "\n\n".join(turned)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--copies", type=int, default=0)
    given = parser.parse_args()
    with given.out.open("w") as out:
        for row in rows(given.data, given.copies):
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
