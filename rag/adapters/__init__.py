"""Doors into other people's programs: thin, each with an extra of its own."""
