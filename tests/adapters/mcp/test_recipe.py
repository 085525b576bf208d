"""Every block of docs/mcp.md is run, or, where it names places of another machine, read by what will read it."""

import asyncio
import json
import re
import shlex
import subprocess
import sys

from mcp import Client
from mcp.client.stdio import StdioServerParameters

from rag.cli import _parser
from tests.adapters.mcp.conftest import running
from tests.conftest import ROOT

RECIPE = (ROOT / "docs" / "mcp.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", RECIPE, re.DOTALL)


def blocks(kind):
    return [text for language, text in BLOCKS if language == kind]


def test_every_block_is_of_a_kind_that_is_tested():
    assert [language for language, _ in BLOCKS] == ["console", "json", "console", "console", "python"]


def test_a_desktop_assistant_s_configuration_starts_the_door(seeds):
    (text,) = blocks("json")
    ((name, server),) = json.loads(text)["mcpServers"].items()
    assert (name, server["command"].endswith("/.venv/bin/pullquote")) == ("pullquote", True)
    arguments = [str(seeds._store._folder) if one == "/path/to/pullquote/index" else one for one in server["args"]]

    async def calling():
        parameters = StdioServerParameters(command=sys.executable, args=["-m", "rag", *arguments], cwd=ROOT)
        async with Client(parameters) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert asyncio.run(calling()) == re.findall(r"^\| `(\w+)`", RECIPE, re.MULTILINE)


def test_the_commands_are_understood(tmp_path):
    lines = [line.removeprefix("$ ") for text in blocks("console") for line in text.splitlines()]
    install, *commands = lines
    assert install == ".venv/bin/pip install '.[mcp]'"
    for line in commands:
        if line.startswith("pullquote "):
            assert _parser().parse_args(shlex.split(line)[1:]).http
        else:
            subprocess.run(line.replace("python3", sys.executable), shell=True, check=True, cwd=tmp_path)
            assert len((tmp_path / "tokens").read_text()) > 40


def test_the_python_client_runs(seeds, capsys):
    (code,) = blocks("python")
    with running(seeds) as port:
        exec(code.replace("7861", str(port)), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed
    assert all(line.startswith("True ") for line in printed if line.startswith(("True", "False")))
    assert any("54 overseas police stations" in line for line in printed)
