"""A reader for each format of documents: `read(data, name)` gives drafts, the members of a container, and refusals."""
