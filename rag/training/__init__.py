"""How the reader's weights are made: `python -m rag.training DATA`."""
