"""Retrievers for other people's frameworks, one module each: `langchain`, `llama_index`, `haystack`. Importing one loads its framework."""

from rag.adapters.window import claim

__all__ = ["claim"]
