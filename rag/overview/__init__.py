"""What an opened article shows beside its text, in its own words and other articles' facts."""

from rag.overview.keywords import keywords
from rag.overview.overview import main_sentences, overview
from rag.overview.rarity import ArchiveRarity

__all__ = ["ArchiveRarity", "keywords", "main_sentences", "overview"]
