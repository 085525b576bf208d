"""Programs at once: `python -m benchmarks.api_load INDEX GOLD.jsonl [--clients 32] [--seconds 120] [--overload 20]`.

Starts `serve --api` over the archive, on a port of this machine, and asks the
gold file's questions: each once, one after the other; then by many clients at
once, whose answers must be the same; then at ten times the rate that it kept
up with, where it must refuse, quickly; from then on by one again, until it
answers as quickly as before. Prints errors, times and throughput.
"""

import argparse
import asyncio
import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from rag.evaluation import read_gold

_TIMES = 10
_START_SECONDS = 120
_RECOVERY_SECONDS = 30
_AGAIN_SECONDS = 0.1


@dataclass
class Tally:
    """Seconds of answers and of refusals, and what was neither."""

    seconds: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        refused = f"{len(self.refused)} refused, {_times(self.refused)}"
        return f"{len(self.seconds)} answers, {_times(self.seconds)}; {refused}; errors and answers unlike the first: {dict(self.wrong) or 0}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--overload", type=float, default=20, help="seconds at ten times the capacity")
    parser.add_argument("--most-questions", type=int, default=100)
    given = parser.parse_args()
    questions = list(dict.fromkeys(row.question for row in read_gold(given.questions)))[: given.most_questions]
    with _server(given.index) as address:
        asyncio.run(_all(given, address, questions))


@contextmanager
def _server(index: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rag", "serve", "--api", "--rate", "0", "--read-only", "--index", str(index), "--port", str(port)]
    server = subprocess.Popen(command)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        started = time.monotonic()
        server.terminate()
        print(f"told to end: exit status {server.wait(120)} after {time.monotonic() - started:.1f} s")


async def _all(given: argparse.Namespace, address: str, questions: Sequence[str]) -> None:
    # aiohttp, since its client takes a fraction of the processor that others take: the server has to be what is measured
    limits, patience = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(300)
    async with aiohttp.ClientSession(address, connector=limits, timeout=patience) as client:
        await _ready(client)
        expected, alone = {}, Tally()
        for question in questions:
            expected[question] = (await _asked(client, question, None, alone)) or {}
        print(f"one client: {len(alone.seconds)} questions, {len(alone.seconds) / sum(alone.seconds):.1f} a second, {alone}")

        tally = Tally()
        started = time.perf_counter()
        ends = started + given.seconds
        await asyncio.gather(*(_client(client, number, expected, ends, tally) for number in range(given.clients)))
        throughput = len(tally.seconds) / (time.perf_counter() - started)
        print(f"{given.clients} clients for {given.seconds:.0f} s: {throughput:.1f} answers a second, {tally}")

        over, rate = Tally(), throughput * _TIMES
        async with asyncio.TaskGroup() as crowd:
            late = await _overload(client, expected, rate, given.overload, over, crowd)
            back = await _recovery(client, expected, float(np.percentile(alone.seconds, 95)))
        print(f"{rate:.0f} questions a second for {given.overload:.0f} s, sent {_times(late)} late: {over}")
        print(f"after the last of them, as quick as before in {back:.1f} s")


async def _ready(client: aiohttp.ClientSession) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        try:
            async with client.get("/healthz") as response:
                if response.ok:
                    return
        except aiohttp.ClientConnectionError:
            pass
        await asyncio.sleep(0.2)
    raise SystemExit(f"the server was not ready in {_START_SECONDS} seconds")


async def _client(client: aiohttp.ClientSession, number: int, expected: dict[str, Any], ends: float, tally: Tally) -> None:
    chance, questions = random.Random(number), list(expected)
    while time.perf_counter() < ends:
        question = chance.choice(questions)
        await _asked(client, question, expected[question], tally)


async def _overload(
    client: aiohttp.ClientSession, expected: dict[str, Any], rate: float, seconds: float, tally: Tally, crowd: asyncio.TaskGroup
) -> list[float]:
    """Questions at that rate, whether or not earlier ones were answered; by how many seconds each was sent too late."""
    chance, questions, late = random.Random(0), list(expected), []
    started = time.perf_counter()
    for n in range(int(rate * seconds)):
        due = started + n / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        late.append(time.perf_counter() - due)
        question = chance.choice(questions)
        crowd.create_task(_asked(client, question, expected[question], tally))
    return late


async def _asked(client: aiohttp.ClientSession, question: str, expected: Any, tally: Tally) -> Any:
    """The answer to a question, where there is one; `expected` is what it should be, where that is known."""
    started = time.perf_counter()
    try:
        async with client.post("/v1/ask", json={"question": question}) as response:
            content = await response.read()
    except aiohttp.ClientError as error:
        tally.wrong[type(error).__name__] += 1
        return None
    seconds = time.perf_counter() - started
    if response.status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in response.headers:
        tally.refused.append(seconds)
    elif response.status != HTTPStatus.OK:
        tally.wrong[str(response.status)] += 1
    else:
        tally.seconds.append(seconds)
        answer = _timeless(json.loads(content))
        tally.wrong += Counter({"differs": int(answer != (expected or answer))})
        return answer
    return None


async def _recovery(client: aiohttp.ClientSession, expected: dict[str, Any], usual: float) -> float:
    """Seconds until five questions in a row are answered, each in twice the usual time at most."""
    started, in_row = time.perf_counter(), 0
    since = started
    for question in [*expected] * 1_000:
        asked = time.perf_counter()
        answer = await _asked(client, question, expected[question], Tally())
        well = answer is not None and time.perf_counter() - asked <= 2 * usual
        in_row = in_row + 1 if well else 0
        since = asked if in_row == 1 else since
        if in_row == 5 or asked - started > _RECOVERY_SECONDS:
            break
        await asyncio.sleep(0 if well else _AGAIN_SECONDS)
    return since - started


def _timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    return ", ".join(f"p{share} {np.percentile(seconds, share) * 1000:.0f} ms" for share in (50, 95, 99, 100))


if __name__ == "__main__":
    main()
