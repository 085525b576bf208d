"""Reading and encoding on many machines, by Ray, for one process that writes to the store. It needs the extra `ray`."""

from rag.workers.workers import Workers

__all__ = ["Workers"]
