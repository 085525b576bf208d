"""Threads that compute with torch, a core each."""

import threading
from concurrent.futures import ThreadPoolExecutor

from rag.models.machine import cores


def torch_pool(name: str) -> ThreadPoolExecutor:
    """A worker for each core, each running its operations in one thread, with torch's setting for other threads kept."""
    import torch

    workers = cores()
    before = torch.get_num_threads()
    started = threading.Barrier(workers + 1)

    def start() -> None:
        torch.set_num_threads(1)
        started.wait()

    pool = ThreadPoolExecutor(workers, thread_name_prefix=name, initializer=start)
    for _ in range(workers):
        pool.submit(int)
    started.wait()
    torch.set_num_threads(before)
    return pool
