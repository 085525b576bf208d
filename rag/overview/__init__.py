"""What an opened article shows beside its text, in its own words and other articles' facts."""

from rag.overview.overview import overview

__all__ = ["overview"]
