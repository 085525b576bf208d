"""A Python process from its start to its end: how long it takes, and the most memory that it has."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

# the command line; silence is an answer too, which it ends with 1 for
PULLQUOTE = """
import sys
from rag.cli import main
if main(sys.argv[1:]) == 2:
    sys.exit(2)
"""
# what the system says of the process itself: what a parent is told counts its own memory from before
_MOST = """
import sys as _sys
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1], file=_sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class WholeProcess:
    """`processor` is its seconds of processor time; `mebibytes` the most resident memory (VmHWM); `printed` its standard output."""

    seconds: float
    processor: float
    mebibytes: float
    printed: str


def whole_process(program: str, *arguments: str) -> WholeProcess:
    """Runs a program's text with arguments. Raises RuntimeError with what it said where it does not come to its end."""
    started, used = time.perf_counter(), _processor()
    done = subprocess.run([sys.executable, "-c", program + _MOST, *arguments], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stderr)
    return WholeProcess(seconds, _processor() - used, int(done.stderr.split()[-1]) / 1024, done.stdout)


def _processor() -> float:
    # of all processes that this one has started and waited for
    spent = os.times()
    return spent.children_user + spent.children_system
