"""Files and rows into articles, with a reason for everything that is refused."""

from rag.corpus.canonical_text import article, canonical, sha256
from rag.corpus.files import read_articles, read_documents

__all__ = ["article", "canonical", "read_articles", "read_documents", "sha256"]
