"""Programs at once: `python -m benchmarks.api_load INDEX GOLD.jsonl [--clients 32] [--seconds 120] [--overload 20]`.

Starts `serve --api` over the archive, on a port of this machine, and asks the
gold file's questions: each once, one after the other; then by many clients at
once, whose answers must be the same; then at ten times the rate that it kept
up with, where it must refuse, quickly; then by one again, until it answers as
quickly as before. Prints errors, times and throughput.
"""

import argparse
import asyncio
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from rag.evaluation import read_gold

_TIMES = 10
_START_SECONDS = 120
_RECOVERY_SECONDS = 30


@dataclass
class Tally:
    """Seconds of answers and of refusals, and what was neither."""

    seconds: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)


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
        print(f"told to end: exit status {server.wait(30)} after {time.monotonic() - started:.1f} s")


async def _all(given: argparse.Namespace, address: str, questions: Sequence[str]) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=httpx.Limits(max_connections=None)) as client:
        await _ready(client)
        expected, alone = {}, []
        for question in questions:
            started = time.perf_counter()
            expected[question] = _timeless((await _ask(client, question)).raise_for_status().json())
            alone.append(time.perf_counter() - started)
        print(f"one client: {len(alone)} questions, {len(alone) / sum(alone):.1f} a second, {_times(alone)}")

        tally = Tally()
        started = time.perf_counter()
        ends = started + given.seconds
        await asyncio.gather(*(_client(client, number, expected, ends, tally) for number in range(given.clients)))
        throughput = len(tally.seconds) / (time.perf_counter() - started)
        print(f"{given.clients} clients for {given.seconds:.0f} s: {len(tally.seconds)} answers, {throughput:.1f} a second, {_times(tally.seconds)}")
        print(f"  refused: {len(tally.refused)}; errors and answers that differ from the first: {dict(tally.wrong) or 0}")

        over = Tally()
        await _overload(client, expected, throughput * _TIMES, given.overload, over)
        print(f"{throughput * _TIMES:.0f} questions a second for {given.overload:.0f} s: {len(over.seconds)} answers, {_times(over.seconds)}")
        print(f"  refused: {len(over.refused)}, {_times(over.refused)}; errors and different answers: {dict(over.wrong) or 0}")
        print(f"as quick as before after {await _recovery(client, questions, float(np.percentile(alone, 95))):.1f} s")


async def _ready(client: httpx.AsyncClient) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        try:
            if (await client.get("/healthz")).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.2)
    raise SystemExit(f"the server was not ready in {_START_SECONDS} seconds")


async def _client(client: httpx.AsyncClient, number: int, expected: dict[str, Any], ends: float, tally: Tally) -> None:
    chance, questions = random.Random(number), list(expected)
    while time.perf_counter() < ends:
        await _asked(client, chance.choice(questions), expected, tally)


async def _overload(client: httpx.AsyncClient, expected: dict[str, Any], rate: float, seconds: float, tally: Tally) -> None:
    """Questions at that rate, whether or not earlier ones were answered."""
    chance, questions, tasks = random.Random(0), list(expected), []
    started = time.perf_counter()
    for n in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, started + n / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(_asked(client, chance.choice(questions), expected, tally)))
    await asyncio.gather(*tasks)


async def _asked(client: httpx.AsyncClient, question: str, expected: dict[str, Any], tally: Tally) -> None:
    started = time.perf_counter()
    try:
        response = await _ask(client, question)
    except httpx.HTTPError as error:
        tally.wrong[type(error).__name__] += 1
        return
    seconds = time.perf_counter() - started
    if response.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in response.headers:
        tally.refused.append(seconds)
    elif response.status_code != httpx.codes.OK:
        tally.wrong[str(response.status_code)] += 1
    else:
        tally.seconds.append(seconds)
        tally.wrong += Counter({"differs": int(_timeless(response.json()) != expected[question])})


async def _recovery(client: httpx.AsyncClient, questions: Sequence[str], usual: float) -> float:
    """Seconds until five questions in a row are answered, each in twice the usual time at most."""
    started, in_row = time.perf_counter(), 0
    since = started
    for question in [*questions] * 1_000:
        asked = time.perf_counter()
        response = await _ask(client, question)
        well = response.status_code == httpx.codes.OK and time.perf_counter() - asked <= 2 * usual
        in_row = in_row + 1 if well else 0
        since = asked if in_row == 1 else since
        if in_row == 5 or asked - started > _RECOVERY_SECONDS:
            break
    return since - started


async def _ask(client: httpx.AsyncClient, question: str) -> httpx.Response:
    return await client.post("/v1/ask", json={"question": question})


def _timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    return ", ".join(f"p{share} {np.percentile(seconds, share) * 1000:.0f} ms" for share in (50, 95, 99))


if __name__ == "__main__":
    main()
