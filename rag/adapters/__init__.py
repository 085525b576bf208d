"""Doors into other people's programs, one module or folder each: thin, each with an extra of its own."""
