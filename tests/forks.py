"""Our own programs, each in a fork of one process that has loaded what they need: loading takes most of a program's start.

That a program starts as its user starts it is tested where it is started so.
"""

import multiprocessing
import os
import runpy
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["tests.forks", "tests.fakes", "rag.cli", "rag.adapters.http.door", "rag.web.serving", "rag.web.page", "rag.web.intake"]
)


def started(program, *arguments, out, err=None, **environment):
    """Starts a file or a module of ours as `python` does, which prints into open files; gives its process."""
    files = [(standard, Connection(os.dup(file.fileno()), readable=False)) for standard, file in ((1, out), (2, err)) if file]
    process = _FORKS.Process(target=_run, args=(program, list(map(str, arguments)), files, {**os.environ, **environment}), daemon=True)
    process.start()
    for _, file in files:
        file.close()
    return process


def _run(program, arguments, files, environment):
    for standard, file in files:
        os.dup2(file.fileno(), standard)
        file.close()
    os.environ.clear()
    os.environ.update(environment)
    # where temporary files are made was looked up in another environment
    tempfile.tempdir = None
    os.chdir(ROOT)
    sys.argv = [program, *arguments]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__")
