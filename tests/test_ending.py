"""A server that is told to end ends well, also while it starts."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# the signal comes at the very moment at which the named method of uvicorn is called
TOLD = """
import signal, sys
import uvicorn
from rag.cli import main

real = uvicorn.{0}

def told(*given, **named):
    signal.raise_signal(signal.SIGTERM)
    return real(*given, **named)

uvicorn.{0} = told
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("moment", ["Config.__init__", "Server.startup"])
@pytest.mark.parametrize("command", [["serve"], ["mcp", "--http"]], ids=" ".join)
def test_it_ends_well_whenever_it_is_told(command, moment, tmp_path):
    program = [sys.executable, "-c", TOLD.format(moment), *command, "--port", "0", "--index", str(tmp_path / "index")]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "(Ctrl-C ends it)" in done.stdout
    assert not (tmp_path / "index").exists()
