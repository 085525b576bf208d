"""What an opened article shows beside its text, in its own words and other articles' facts."""

from rag.overview.overview import main_sentences, overview

__all__ = ["main_sentences", "overview"]
