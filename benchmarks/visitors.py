"""Visitors at once: `python -m benchmarks.visitors ADDRESS GOLD.jsonl [--visitors 20] [--seconds 120] [--pause 5]`.

Speaks the page's own protocol with the server at ADDRESS (`make run`, any
archive). Each visitor asks the gold file's questions one after the other, with
a pause after each answer, and looks whether the conversation that comes back
holds its own questions, all of them and no others. Prints the errors, the
mixed-up conversations, and how long answers took.
"""

import argparse
import asyncio
import html
import json
import random
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from rag.evaluation import read_gold

_QUESTION = re.compile(r'<h2 class="question" dir="auto">(.*?)</h2>', re.DOTALL)
# how many turns the page is to leave as they are
_KEPT = re.compile(r'data-kept="(\d+)"')
# behind which the page has, as JSON, what Gradio knows of it
_CONFIG = "window.gradio_config = "
# a conversation keeps fifty turns
_MOST = 50


@dataclass
class Tally:
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=5, help="seconds that a visitor reads an answer, on average")
    given = parser.parse_args()
    questions = [row.question for row in read_gold(given.questions)]
    tally = Tally()
    asyncio.run(_all(given, questions, tally))
    print(f"{given.visitors} visitors for {given.seconds:.0f} s, {given.pause:g} s between questions: {len(tally.seconds)} answers")
    print(f"errors: {len(tally.errors)} {tally.errors[:3] or ''}; mixed-up conversations: {tally.mixed}")
    for share in (50, 95, 99):
        print(f"p{share}: {np.percentile(tally.seconds, share) * 1000:.0f} ms")


@dataclass(frozen=True, slots=True)
class Plan:
    """What every visitor does, until `ends` on the monotonic clock; the last three are as `events` gives them."""

    questions: Sequence[str]
    ends: float
    pause: float
    opening: int
    asking: int
    conversation: int


async def _all(given: argparse.Namespace, questions: Sequence[str], tally: Tally) -> None:
    ends = time.monotonic() + given.seconds
    async with httpx.AsyncClient(base_url=given.address, timeout=120, limits=httpx.Limits(max_connections=None)) as client:
        page = (await client.get("/")).raise_for_status().text
        plan = Plan(questions, ends, given.pause, *events(config(page)))
        await asyncio.gather(*(_visitor(client, plan, number, tally) for number in range(given.visitors)))


def config(page: str) -> dict[str, Any]:
    """What Gradio knows of a page with this HTML."""
    found: dict[str, Any] = json.JSONDecoder().raw_decode(page.split(_CONFIG, 1)[1])[0]
    return found


def events(known: dict[str, Any]) -> tuple[int, int, int]:
    """The event of opening the page, that of the question box, and which of the latter's outputs is the conversation."""
    boxes = {one["id"] for one in known["components"] if one["props"].get("elem_id") == "question"}
    conversation = next(one["id"] for one in known["components"] if one["props"].get("elem_id") == "conversation")
    opening = next(one for one in known["dependencies"] if any(target[1] == "load" for target in one["targets"]))
    asking = next(one for one in known["dependencies"] if any(target[0] in boxes and target[1] == "submit" for target in one["targets"]))
    return opening["id"], asking["id"], asking["outputs"].index(conversation)


async def _visitor(client: httpx.AsyncClient, plan: Plan, number: int, tally: Tally) -> None:
    session, chance = uuid.uuid4().hex, random.Random(number)
    asked: list[str] = []
    seen: list[str] = []
    await asyncio.sleep(chance.random() * plan.pause)
    try:
        await outputs(client, plan.opening, session, [None])
    except (httpx.HTTPError, RuntimeError) as error:
        tally.errors.append(str(error)[:200])
        return
    # once at least, however slow the machine is
    while not asked or (time.monotonic() < plan.ends and len(asked) < _MOST):
        # the visitor's number makes the question its own
        question = f"{chance.choice(plan.questions)} ({number})"
        asked.append(question)
        started = time.monotonic()
        try:
            shown = await outputs(client, plan.asking, session, [None, question])
        except (httpx.HTTPError, RuntimeError) as error:
            tally.errors.append(str(error)[:200])
            return
        tally.seconds.append(time.monotonic() - started)
        conversation = str(shown[plan.conversation])
        kept = _KEPT.search(conversation)
        seen = [*(seen[: int(kept[1])] if kept else []), *map(html.unescape, _QUESTION.findall(conversation))]
        tally.mixed += seen != asked
        await asyncio.sleep(plan.pause * (0.5 + chance.random()))


async def outputs(client: httpx.AsyncClient, event: int, session: str, data: list[object]) -> list[object]:
    """What a step of the page comes to, for each of the parts that it may change. Raises RuntimeError where it fails."""
    joined = await client.post("/gradio_api/queue/join", json={"data": data, "fn_index": event, "session_hash": session})
    joined.raise_for_status()
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise RuntimeError(str(message["output"]))
                shown: list[object] = message["output"]["data"]
                return shown
    raise RuntimeError("the stream ended before the answer")


if __name__ == "__main__":
    main()
