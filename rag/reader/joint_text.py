"""Question, title and passage as the tokens that a span reader reads together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

# in tokens: the most of a question and of a title that is read, and of all three with what separates them
_QUESTION, _TITLE, LONGEST = 40, 24, 288

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class JointText:
    """[CLS] question [SEP] title passage [SEP], as the ids and segments of its tokens, both [n].

    The passage's tokens begin at `first`; `starts` and `ends` are their places, code
    points of the passage, [n - first - 1]. What of a passage found no room has no token.
    """

    ids: Ints
    segments: Ints
    first: int
    starts: Ints
    ends: Ints


class JointTokenizer:
    """Of a folder with a BERT model's `tokenizer.json`. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # an article that has "[SEP]" in it says these letters, and ends nothing
        self._tokenizer.encode_special_tokens = True
        self._cls, self._sep = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))

    def joined(self, question: str, title: str, passage: str) -> JointText:
        asked = self._ids(question)[:_QUESTION]
        head = self._ids(title)[:_TITLE]
        read = self._tokenizer.encode(passage, add_special_tokens=False)
        first = len(asked) + 2 + len(head)
        room = LONGEST - first - 1
        ids = np.array([self._cls, *asked, self._sep, *head, *read.ids[:room], self._sep], dtype=np.int64)
        segments = (np.arange(len(ids)) >= len(asked) + 2).astype(np.int64)
        places = np.array(read.offsets[:room], dtype=np.int64).reshape(-1, 2)
        return JointText(ids, segments, first, places[:, 0], places[:, 1])

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found
