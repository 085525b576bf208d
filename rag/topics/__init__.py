"""A question about a whole topic into the articles that are on it, a sentence each."""

from rag.topics.articles import PASSAGES, TopicWords, found
from rag.topics.listing import quoted
from rag.topics.question import Topic, topic_of

__all__ = ["PASSAGES", "Topic", "TopicWords", "found", "quoted", "topic_of"]
