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
    # a library's word about itself, which it says once in many starts, is not ours
    quiet = ["-W", "ignore:The 'alias' attribute with value:UserWarning"]
    program = [sys.executable, *quiet, "-c", TOLD.format(moment), *command, "--port", "0", "--index", str(tmp_path / "index")]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "(Ctrl-C ends it)" in done.stdout
    assert not (tmp_path / "index").exists()


# says when ONNX Runtime begins to load the first model, and tells the server then where it is told by a signal
LOADING = """
import os, signal, sys
from rag.cli import main
from rag.models import onnx_runtime

real = onnx_runtime.onnx_model

def told(content):
    onnx_runtime.onnx_model = real
    print("loading", file=sys.stderr, flush=True)
    if {0}:
        os.kill(os.getpid(), signal.SIGTERM)
    return real(content)

onnx_runtime.onnx_model = told
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", [["serve"], ["mcp", "--http"], ["mcp"]], ids=" ".join)
def test_it_ends_well_while_a_model_loads(command, tmp_path):
    by_signal = command != ["mcp"]
    port = ["--port", "0"] if by_signal else []
    program = [sys.executable, "-c", LOADING.format(by_signal), *command, *port, "--index", str(tmp_path / "index")]
    with subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr.readline() == "loading\n"
        _, error = server.communicate(timeout=600)
    assert (server.returncode, error) == (0, "")
