"""Doors into other people's programs, one module or folder each: thin, each with an extra of its own. Importing one loads its framework."""

from rag.adapters.extracts import claim

__all__ = ["claim"]
