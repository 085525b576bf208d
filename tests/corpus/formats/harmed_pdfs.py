"""Reads 20 truncated and 20 bit-flipped copies of each file that it is given, each in a process of its own with limits."""

import os
import random
import resource
import sys
from pathlib import Path

from rag.corpus.formats.pdf import read
from rag.errors import InputError

SECONDS, BYTES = 10, 2**30
draw = random.Random(16)


def harmed(data):
    yield from (data[: draw.randrange(len(data))] for _ in range(20))
    for _ in range(20):
        copy = bytearray(data)
        for _ in range(draw.choice((1, 10, 200))):
            copy[draw.randrange(len(copy))] ^= 1 << draw.randrange(8)
        yield bytes(copy)


def ended(data):
    """How a process ends that reads the copy: 0 is with a draft, 1 with a reason."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    try:
        os._exit(0 if all(made.text for made in read(data, "harmed.pdf")) else 3)
    except InputError:
        os._exit(1)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        print(repr(error), flush=True)
        os._exit(4)


ends = [ended(copy) for name in sys.argv[1:] for copy in harmed(Path(name).read_bytes())]
print(f"{len(ends)} copies, {sum(end not in (0, 1) for end in ends)} otherwise than in a draft or a reason, {ends.count(0)} read")
