"""A question about a whole topic into the articles that are on it, a sentence each."""

from rag.topics.articles import PASSAGES, TopicWords
from rag.topics.listing import Asked, listed
from rag.topics.question import Topic, topic_of

__all__ = ["PASSAGES", "Asked", "Topic", "TopicWords", "listed", "topic_of"]
