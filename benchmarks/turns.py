"""Whether a server stays what it is while visitors come and go: `python -m benchmarks.turns [--turns 500] [--each 10] [--silent 100]`.

Starts the page over the sample articles and speaks its own protocol. Each visitor loads the page and the files that it names,
opens it, asks `--each` of the gold questions, and adds a file, the same for all. Printed are the server's resident memory, open
files, threads and the bytes of uploads that lie in its folder, after every fifty questions; then what a visitor costs who opens
the page and asks nothing, from `--silent` of them. The exit status is 1 where after the first fifty questions memory rises by
more than 5%, or open files or threads by more than two, or uploads are left.

The server keeps a visitor's conversation for a day, and 500 visitors: their memory is part of what is printed.
"""

import argparse
import asyncio
import itertools
import re
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.served import served
from benchmarks.visitors import config, events, outputs
from rag import Archive, read_articles
from rag.evaluation import read_gold

_EVERY = 50
_MOST_RISE = 1.05
# a connection or a thread may be there still, or not yet
_PASSING = 2
_SEEDS = Path("seeds")
# what the page itself names for a browser to load
_NAMED = re.compile(r'(?:src|href)="\.?/?((?:assets|static)/[^"?]+|theme\.css)')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--each", type=int, default=10, help="questions of one visitor, at most 50")
    parser.add_argument("--silent", type=int, default=100)
    given = parser.parse_args()
    questions = [row.question for row in read_gold(_SEEDS / "gold.jsonl")]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as temporary:
        with Archive.open(folder) as archive:
            archive.add(read_articles(_SEEDS))
        with served(Path(folder), Path(temporary), "app.py") as server:
            seen, silent = asyncio.run(_all(server.address, given, questions, lambda: _used(server.process, Path(temporary))))
    first, last = seen[0], seen[-1]
    per_visitor = (silent.memory - last.memory) / given.silent
    print(f"{given.turns} questions of {-(-given.turns // given.each)} visitors: {last.memory / first.memory - 1:+.1%} after the first {_EVERY}")
    print(f"{given.silent} visitors who only open the page: {silent}, {per_visitor * 1024:.0f} KiB each")
    rising = any(used.files > first.files + _PASSING or used.threads > first.threads + _PASSING for used in (last, silent))
    return int(rising or last.memory > _MOST_RISE * first.memory or silent.uploads > 0)


@dataclass(frozen=True, slots=True)
class Used:
    """Resident memory in MiB, open files, threads, and bytes in the folder of uploads."""

    memory: float
    files: int
    threads: int
    uploads: int

    def __str__(self) -> str:
        return f"{self.memory:.0f} MiB, {self.files} files open, {self.threads} threads, {self.uploads} bytes of uploads"


def _used(process: int, temporary: Path) -> Used:
    at = Path("/proc") / str(process)
    pages = int((at / "statm").read_text().split()[1])
    lying = sum(file.stat().st_size for file in temporary.rglob("*") if file.is_file())
    return Used(pages * 4096 / 2**20, len(list((at / "fd").iterdir())), len(list((at / "task").iterdir())), lying)


async def _all(address: str, given: argparse.Namespace, questions: Sequence[str], look: Callable[[], Used]) -> tuple[list[Used], Used]:
    """What the server used after every fifty questions, and after the silent visitors."""
    asked = iter(enumerate(itertools.islice(itertools.cycle(questions), given.turns), start=1))
    seen: list[Used] = []
    while mine := list(itertools.islice(asked, given.each)):
        async with _visit(address) as visitor:
            for number, question in mine:
                await visitor.ask(question)
                if number % _EVERY == 0:
                    seen.append(look())
                    print(f"after {number:>5} questions: {seen[-1]}", flush=True)
            await visitor.add(_SEEDS / "haiti-2010-01-15.txt")
    for _ in range(given.silent):
        async with _visit(address):
            pass
    return seen, look()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who has the page open; the events are as the page names them."""

    client: httpx.AsyncClient
    session: str
    asking: int
    adding: int

    async def ask(self, question: str) -> None:
        await outputs(self.client, self.asking, self.session, [None, question])

    async def add(self, file: Path) -> None:
        sent = await self.client.post("/gradio_api/upload", files={"files": (file.name, file.read_bytes())})
        uploaded = [{"path": path, "orig_name": file.name, "meta": {"_type": "gradio.FileData"}} for path in sent.raise_for_status().json()]
        await outputs(self.client, self.adding, self.session, [None, uploaded])


@asynccontextmanager
async def _visit(address: str) -> AsyncIterator[Visitor]:
    """Loads the page as a browser does, and opens it."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        page = (await client.get("/")).raise_for_status().text
        for path in _NAMED.findall(page):
            (await client.get(f"/{path}")).raise_for_status()
        known, session = config(page), uuid.uuid4().hex
        opening, asking, _ = events(known)
        await outputs(client, opening, session, [None])
        yield Visitor(client, session, asking, _adding(known))


def _adding(known: dict[str, Any]) -> int:
    """The event of files that were uploaded."""
    (adding,) = (one["id"] for one in known["dependencies"] if any(target[1] == "upload" for target in one["targets"]))
    return int(adding)


if __name__ == "__main__":
    sys.exit(main())
