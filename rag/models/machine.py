"""What of this machine the program may use."""

import os
from pathlib import Path


def cores() -> int:
    """How many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_instructions(*names: str) -> bool:
    """Whether the processor has any of these, by their names in Linux; False where nothing tells."""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return any(name in flags for name in names)


def multiplies_bf16() -> bool:
    """Whether the processor multiplies bf16 in hardware: elsewhere it is emulated, and slower than fp32."""
    return has_instructions("avx512_bf16", "amx_bf16")
