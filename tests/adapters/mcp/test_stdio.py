"""The door on standard input and output, as an assistant starts it: a process of its own, with the real model."""

import asyncio
import json
import os
import signal
import subprocess
import sys

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from rag import render
from rag.adapters.mcp.results import NOTICE
from tests.adapters.mcp.conftest import checked
from tests.conftest import ROOT

QUESTION = "How many overseas police stations are there?"
OPENING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


@pytest.fixture
def folder(seeds):
    return seeds._store._folder


@pytest.fixture
def started(folder):
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "mcp", "--index", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def say(process, message):
    process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
    process.stdin.flush()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_gets_the_python_api_s_answer(seeds, folder, mode):
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "rag", "mcp", "--index", str(folder)], cwd=ROOT, env={"PYTHONPATH": os.environ["PYTHONPATH"]}
    )

    async def calling():
        async with Client(parameters, mode=mode) as client:
            return await checked(client, "ask", {"question": QUESTION}), await checked(client, "ask", {"question": " "})

    answered, refused = asyncio.run(calling())
    expected = json.loads(json.dumps(render.answer_json(seeds.ask(QUESTION))))
    assert {**answered.structured_content, "seconds": 0} == {"notice": NOTICE, **expected, "seconds": 0}
    assert (refused.is_error, refused.content[0].text) == (True, "the question is empty; ask something")


def test_only_the_protocol_is_on_standard_output_and_the_end_of_input_ends_it(started):
    say(started, OPENING)
    first = json.loads(started.stdout.readline())
    assert (first["id"], first["result"]["serverInfo"]["name"]) == (1, "pullquote")
    say(started, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    say(started, "this is no message")
    say(started, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "police", "k": 1}}})
    second = json.loads(started.stdout.readline())
    assert (second["id"], len(second["result"]["structuredContent"]["hits"])) == (2, 1)
    out, _ = started.communicate(timeout=120)
    assert (out, started.returncode) == ("", 0)


def test_it_ends_while_the_model_still_loads(started):
    say(started, OPENING)
    assert json.loads(started.stdout.readline())["id"] == 1
    out, error = started.communicate(timeout=120)
    assert (out, started.returncode) == ("", 0), error


def test_ctrl_c_ends_it_at_once_and_without_a_trace_of_the_program(started):
    say(started, OPENING)
    started.stdout.readline()
    started.send_signal(signal.SIGINT)
    assert started.wait(timeout=120) == 130
    assert started.stdout.read() == ""
    assert started.stderr.read().splitlines()[-1] == "pullquote: interrupted"
