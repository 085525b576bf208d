"""The recipes of docs/http.md, run one after the other against a real server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.http.conftest import opened, served
from tests.conftest import ROOT

BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "http.md").read_text(), re.DOTALL)


def test_every_recipe_runs(seeds, tmp_path):
    missing = [tool for tool in ("curl", "jq") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not on this machine (Debian: apt-get install curl jq)")
    door = opened(seeds)
    printed = []
    with served(door) as address:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**os.environ, "ARCHIVE": address, "PATH": path}
        for language, code in BLOCKS:
            command = {"sh": ["sh", "-euc", code], "python": [sys.executable, "-c", code]}.get(language)
            # the one that starts a server is console, as in the README
            assert command or (language == "console" and code == "$ pullquote serve --api --port 7860\n")
            if command:
                done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
                printed.append(done.stdout)
    door.close()
    assert "54 overseas police stations" in printed[0]
    assert printed[1] == "true\n"
    assert sorted(printed[2].split()) == sorted(article.id for article in seeds.articles())
    assert "Berlin" in printed[4]
