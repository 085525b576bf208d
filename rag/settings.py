"""Every number and name that can be set, with its unit. Values are frozen; nothing reads the environment at import."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from rag.errors import InputError

PRECISIONS = ("auto", "int8", "fp32", "bf16")


@dataclass(frozen=True, slots=True)
class Settings:
    # the embedding model: "" is the pinned all-MiniLM-L6-v2, else a folder that sentence-transformers can load
    model: str = ""
    # "auto" is int8 for the pinned model, and fp32 for another, which is exported where the archive can keep that; what is named is computed by torch
    precision: str = "auto"
    # the span reader: "" is the one that ships, else a folder with a question-answering model, `model.safetensors` and `tokenizer.json`
    reader: str = ""

    # passages, in characters: the longest piece, and how far its start may move back to a sentence's start
    passage_chars: int = 900
    overlap_chars: int = 200

    # how many passages each of the dense and the lexical search offers for fusion, and the dense part's weight
    candidates: int = 200
    dense_weight: float = 0.5
    # vectors are searched exactly in segments of fewer passages than this, by an inverted file in those of more; segments that
    # are there stay as they were made
    approximate_from: int = 200_000

    # the reader: hits skimmed per question; passages read and their characters in all, which is what a question's time
    # goes into
    skim_hits: int = 40
    read_passages: int = 8
    read_chars: int = 3_600
    # sentences whose places are remembered for the next questions (some 150 bytes each)
    remembered_sentences: int = 200_000
    # quotes shown; characters: the longest sentence taken as one, and up to how many a quote is widened
    max_quotes: int = 8
    sentence_chars: int = 700
    quote_chars: int = 600

    # articles larger than this are refused, and so are files that hold them (but rows, which are read one by one)
    max_article_bytes: int = 5_000_000
    max_file_bytes: int = 100_000_000

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise InputError(f"precision {self.precision!r} is none of {', '.join(PRECISIONS)}")

    @property
    def passages(self) -> str:
        """How articles are cut, as an archive records it."""
        return f"{self.passage_chars}+{self.overlap_chars} characters"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The defaults, with PULLQUOTE_MODEL, PULLQUOTE_PRECISION and PULLQUOTE_READER where they are set."""
        return cls(
            model=environment.get("PULLQUOTE_MODEL", ""),
            precision=environment.get("PULLQUOTE_PRECISION", "auto"),
            reader=environment.get("PULLQUOTE_READER", ""),
        )
