"""Whether memory and open files stay what they are while thousands of questions are asked.

python -m benchmarks.steady [--questions 10000] [--minutes M] [--articles seeds] [--gold seeds/gold.jsonl]

The process's resident memory is taken after the first 500 questions, or a tenth of them, and at the end, which comes after
M minutes where they are given.
"""

import argparse
import itertools
import json
import math
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from rag import Archive, read_articles

_FIRST = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--articles", default="seeds")
    parser.add_argument("--gold", type=Path, default=Path("seeds/gold.jsonl"))
    given = parser.parse_args()
    asked = [json.loads(line)["question"] for line in given.gold.read_text().splitlines()]
    first = min(_FIRST, given.questions // 10)
    end = time.monotonic() + given.minutes * 60
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(read_articles(given.articles))
        for n, question in enumerate(tqdm(itertools.islice(itertools.cycle(asked), given.questions), total=given.questions, disable=None)):
            archive.ask(question)
            if n == first:
                before = _used()
            elif n > first and time.monotonic() > end:
                break
        after = _used()
    sys.stdout.write(
        f"{n + 1:,} questions: after {first} {before[0]:.0f} MiB and {before[1]} files open, "
        f"at the end {after[0]:.0f} MiB ({after[0] / before[0] - 1:+.1%}) and {after[1]}\n"
    )
    return int(after[0] > 1.05 * before[0] or after[1] > before[1])


def _used() -> tuple[float, int]:
    """Resident memory in MiB, and how many files are open."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20, len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    sys.exit(main())
