"""The span reader as a network that can be trained: a BERT encoder with two numbers a token, how well an answer starts and ends there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModel

from rag.reader.joint_text import JointText
from rag.training.groups import Group, Labelled

_NEVER = -1e4


class SpanModel(torch.nn.Module):
    """Begins with the weights of the encoder in `folder`, and a head drawn by `seed`.

    The embeddings stay as they are, so that only the layers need to ship.
    """

    def __init__(self, folder: Path, seed: int = 1) -> None:
        super().__init__()
        torch.manual_seed(seed)
        # one pass over the data leaves little to overfit, and drawing what to drop took a fifth of the time
        self.encoder = AutoModel.from_pretrained(
            str(folder), local_files_only=True, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.encoder.embeddings.requires_grad_(False)
        self.ends = torch.nn.Linear(self.encoder.config.hidden_size, 2)

    def forward(self, texts: Sequence[JointText]) -> torch.Tensor:
        """How much better an answer starts and ends at each token than at none, [texts, tokens, 2]; [CLS] stands for none and has 0."""
        inputs = padded(texts)
        device = next(self.parameters()).device
        read = self.encoder(**{name: tensor.to(device) for name, tensor in inputs.items()}).last_hidden_state
        logits = self.ends(read).float()
        over_none = logits - logits[:, :1]
        allowed = torch.zeros(logits.shape[:2], dtype=torch.bool)
        for n, text in enumerate(texts):
            allowed[n, 0] = True
            allowed[n, text.first : text.first + len(text.starts)] = True
        return torch.where(allowed.to(device)[..., None], over_none, _NEVER)


def padded(texts: Sequence[JointText]) -> dict[str, torch.Tensor]:
    """The texts as a model's input, each [texts, the longest's tokens]."""
    shape = len(texts), max(len(text.ids) for text in texts)
    ids, segments, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for n, text in enumerate(texts):
        ids[n, : len(text.ids)], segments[n, : len(text.ids)], mask[n, : len(text.ids)] = text.ids, text.segments, 1
    named: dict[str, Any] = {"input_ids": ids, "token_type_ids": segments, "attention_mask": mask}
    return {name: torch.from_numpy(array) for name, array in named.items()}


def loss(scores: torch.Tensor, groups: Sequence[Group]) -> torch.Tensor:
    """The mean of two negative log likelihoods of what answers, or of none, over starts and ends alike.

    One is of each window by itself. The other is of each group, whose windows
    share one none: so the scores of different passages can be compared (the
    shared norm of Clark and Gardner, "Simple and Effective Multi-Paragraph
    Reading Comprehension", 2018). Where several places answer, or only the
    sentence is known, theirs is the logarithm of the sum over all their tokens.
    `scores` are those of the groups' windows, in their order.
    """
    windows = [window for group in groups for window in group]
    right = _right(windows, scores.shape[1]).to(scores.device)
    every, answering = torch.logsumexp(scores, 1), torch.logsumexp(torch.where(right, scores, _NEVER), 1)
    alone = (every - answering).mean()
    # none counts once a group: it is the one token without which each window's sum is taken
    tokens = torch.logsumexp(scores[:, 1:], 1)
    shared, start = [], 0
    for group in groups:
        own = slice(start, start + len(group))
        start += len(group)
        none = scores.new_zeros(1, 2)
        held = [n for n, window in enumerate(group) if window.answers]
        best = torch.logsumexp(answering[own][held], 0) if held else none[0]
        shared.append(torch.logsumexp(torch.cat([none, tokens[own]]), 0) - best)
    return (alone + torch.stack(shared).mean()) / 2


def _right(windows: Sequence[Labelled], tokens: int) -> torch.Tensor:
    """Which tokens start and end an answer, [windows, tokens, 2]; [CLS] where none does."""
    right = torch.zeros(len(windows), tokens, 2, dtype=torch.bool)
    for n, window in enumerate(windows):
        if not window.answers:
            right[n, 0] = True
        for first, last in window.answers:
            if window.inexact:
                right[n, first : last + 1] = True
            else:
                right[n, first, 0] = right[n, last, 1] = True
    return right
