"""How long `import rag` takes: `python -m benchmarks.importing [--starts N]`.

Each start is a Python process of its own, in which nothing is loaded yet but
what Python itself loads. Prints milliseconds.
"""

import argparse
import subprocess
import sys

import numpy as np

_TIMED = "import time; begun = time.perf_counter(); import rag; print(time.perf_counter() - begun)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=20)
    starts = parser.parse_args().starts
    took = [_seconds() * 1000 for _ in range(starts + 1)][1:]
    print(f"import rag, {starts} starts after a first: median {np.median(took):.0f} ms, least {min(took):.0f} ms, most {max(took):.0f} ms")


def _seconds() -> float:
    return float(subprocess.run([sys.executable, "-c", _TIMED], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
