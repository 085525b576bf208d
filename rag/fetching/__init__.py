"""Pages from the web, where a person asked for them: fetched from the public internet only, within limits, and as sites allow."""

from rag.fetching.clock import Clock
from rag.fetching.fetcher import Fetcher
from rag.fetching.limits import Limits
from rag.fetching.page import Page
from rag.fetching.policy import Policy

__all__ = ["Clock", "Fetcher", "Limits", "Page", "Policy"]
