"""A span reader out of a folder: any question-answering model that transformers can load, from safetensors, without running its code."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from rag.errors import EncoderError, ReaderError
from rag.models.offline import quiet_transformers
from rag.models.once import Once
from rag.models.pinned_model import weights_sha256
from rag.models.torch_pool import torch_pool
from rag.reader.span_scores import SpanScores

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# in tokens: the most of a question and of a title that is read, of all together, and what a model must reach at least
_QUESTION, _TITLE, _LONGEST, _SHORTEST = 64, 40, 512, 160


class FolderReader:
    """Loads when it is first used. Raises ReaderError then if the folder has no such model. It computes in float32: in bf16 many scores are equal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded = Once(self._load)

    @property
    def sha256(self) -> str:
        return self._loaded().sha256

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[SpanScores]:
        return list(self._loaded().pool.map(partial(self._scores, question), passages))

    def _scores(self, question: str, passage: tuple[str, str]) -> SpanScores:
        loaded = self._loaded()
        title, text = passage
        head = _beginning(loaded.tokenizer, title, _TITLE) + "\n"
        joined = _joined(loaded, question, head + text)
        starts, ends = _logits(loaded, joined)
        places = np.array(joined.offsets, dtype=np.int64).reshape(-1, 2) - len(head)
        places = _trimmed(places, text)
        # of the second text, of the passage and not of its title, and more than space
        own = np.array([of == 1 for of in joined.sequence_ids]) & (places[:, 0] >= 0) & (places[:, 0] < places[:, 1])
        return SpanScores(places[own, 0], places[own, 1], (starts - starts[0])[own], (ends - ends[0])[own])

    def _load(self) -> "_Loaded":
        if not self._folder.is_dir():
            raise ReaderError(f"{self._folder}: there is no such folder; PULLQUOTE_READER names one with a question-answering model")
        try:
            sha256 = weights_sha256(self._folder)
        except EncoderError as error:
            raise ReaderError(str(error)) from None
        tokenizer = _tokenizer(self._folder)
        model = _model(self._folder)
        reach = min(_LONGEST, _positions(model))
        if reach < _SHORTEST:
            raise ReaderError(f"{self._folder}: the model reads {reach} tokens; at least {_SHORTEST} are needed")
        return _Loaded(tokenizer, model, sha256, reach, torch_pool("span reader"))


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: Tokenizer
    model: "PreTrainedModel"
    sha256: str
    # in tokens, question and special ones included
    reach: int
    pool: ThreadPoolExecutor


def _tokenizer(folder: Path) -> Tokenizer:
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ReaderError(f"{path} is missing: the model needs a fast tokenizer, which gives tokens their places")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # noqa: BLE001 - tokenizers raises no narrower one
        raise ReaderError(f"{path}: this is no tokenizer: {error}") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # an article that has "[SEP]" or "</s>" in it says these letters, and ends nothing
    tokenizer.encode_special_tokens = True
    if not tokenizer.encode("a", "b").special_tokens_mask[0]:
        raise ReaderError(f"{path}: it puts no token for no answer before the question")
    return tokenizer


def _model(folder: Path) -> "PreTrainedModel":
    quiet_transformers()
    import torch
    from transformers import AutoModelForQuestionAnswering

    try:
        model, found = AutoModelForQuestionAnswering.from_pretrained(
            str(folder), local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
    except Exception as error:  # a damaged file has as many errors as libraries that read it
        raise ReaderError(f"{folder}: this is no question-answering model that transformers can load: {error}") from error
    missing = sorted(found["missing_keys"])
    if missing:
        raise ReaderError(f"{folder}: this is no question-answering model: its weights lack {', '.join(missing)}")
    loaded: PreTrainedModel = model.eval()
    return loaded


def _positions(model: "PreTrainedModel") -> int:
    # RoBERTa and its kin count two of their positions that no token has
    return int(getattr(model.config, "max_position_embeddings", _LONGEST + 2)) - 2


def _beginning(tokenizer: Tokenizer, text: str, tokens: int) -> str:
    places = tokenizer.encode(text, add_special_tokens=False).offsets[:tokens]
    return text[: places[-1][1]] if places else ""


def _joined(loaded: _Loaded, question: str, text: str) -> Encoding:
    """The question and as much of the text as the model reads, with what goes before, between and behind."""
    asked = loaded.tokenizer.encode(question, add_special_tokens=False)
    asked.truncate(_QUESTION)
    read = loaded.tokenizer.encode(text, add_special_tokens=False)
    read.truncate(loaded.reach - len(asked) - loaded.tokenizer.num_special_tokens_to_add(is_pair=True))
    return loaded.tokenizer.post_process(asked, read)


def _logits(loaded: _Loaded, joined: Encoding) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    import torch

    inputs = {"input_ids": torch.tensor([joined.ids])}
    # RoBERTa takes segments, but has only one
    if getattr(loaded.model.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = torch.tensor([joined.type_ids])
    with torch.inference_mode():
        output = loaded.model(attention_mask=torch.ones_like(inputs["input_ids"]), **inputs)
        return output.start_logits[0].numpy(), output.end_logits[0].numpy()


def _trimmed(places: NDArray[np.int64], text: str) -> NDArray[np.int64]:
    """Without the space that some tokenizers count to the word behind it."""
    for n, (start, end) in enumerate(places):
        if 0 <= start < end:
            places[n, 0] = end - len(text[start:end].lstrip())
    return places
