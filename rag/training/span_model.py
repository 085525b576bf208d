"""The span reader as a network that can be trained: an encoder with two numbers a token, how well an answer starts and ends there."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from rag.errors import InputError
from rag.models.pinned_model import pinned_folder
from rag.training.batches import Batch

_NEVER = -1e4


class SpanModel(torch.nn.Module):
    """Begins with the weights of the encoder in `folder`, and a head drawn by `seed`.

    Its embeddings stay as they are, so that only the layers need to ship. Of a
    teacher, whose `words` have other numbers (`translated`), all learns.
    """

    _words: torch.Tensor | None

    def __init__(self, folder: Path, *, seed: int = 1, dropped: float = 0.0, words: torch.Tensor | None = None) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = AutoModel.from_pretrained(
            str(folder), local_files_only=True, add_pooling_layer=False, hidden_dropout_prob=dropped, attention_probs_dropout_prob=dropped
        )
        self.encoder.embeddings.requires_grad_(words is not None)
        self.ends = torch.nn.Linear(self.encoder.config.hidden_size, 2)
        self._segments = hasattr(self.encoder.config, "type_vocab_size")
        self.register_buffer("_words", words, persistent=False)

    def forward(self, batch: Batch) -> torch.Tensor:
        """How much better an answer starts and ends at each token than at none, [windows, tokens, 2]; [CLS] stands for none and has 0."""
        device = next(self.parameters()).device
        ids, real, allowed = (torch.from_numpy(array).to(device) for array in (batch.ids, batch.real, batch.allowed))
        inputs: dict[str, Any] = {"input_ids": ids if self._words is None else self._words[ids], "attention_mask": real}
        if self._segments:
            inputs["token_type_ids"] = torch.from_numpy(batch.segments).to(device)
        logits = self.ends(self.encoder(**inputs).last_hidden_state).float()
        return torch.where(allowed[..., None], logits - logits[:, :1], _NEVER)

    def learned(self) -> dict[str, torch.Tensor]:
        """The weights that are not as they began."""
        kept = {name for name, parameter in self.named_parameters() if parameter.requires_grad}
        return {name: tensor for name, tensor in self.state_dict().items() if name in kept}


def translated(folder: Path) -> torch.Tensor:
    """For each id of the pinned model's vocabulary the id of the same word in that of the model in `folder`, int64 [words].

    Raises InputError where that one lacks a word.
    """
    ours, theirs = (AutoTokenizer.from_pretrained(str(place), local_files_only=True) for place in (pinned_folder(), folder))
    known = theirs.get_vocab()
    special = {getattr(ours, name): getattr(theirs, name) for name in ("cls_token", "sep_token", "pad_token", "unk_token", "mask_token")}
    ids = torch.zeros(len(ours), dtype=torch.long)
    for word, n in ours.get_vocab().items():
        if special.get(word, word) not in known:
            raise InputError(f"{folder}: this model cannot teach the reader: its vocabulary lacks {word!r}")
        ids[n] = known[special.get(word, word)]
    return ids


def loss(scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The mean of two negative log likelihoods of what answers, or of none, over starts and ends alike.

    One is of each window by itself. The other is of each question, whose windows
    share one none: so the scores of different passages can be compared (the
    shared norm of Clark and Gardner, "Simple and Effective Multi-Paragraph
    Reading Comprehension", 2018). Where several places answer, or only the
    sentence is known, theirs is the logarithm of the sum over all their tokens.
    """
    right = torch.from_numpy(batch.right).to(scores.device)
    owners = torch.from_numpy(batch.owners).to(scores.device)
    answering = torch.logsumexp(torch.where(right, scores, _NEVER), 1)
    alone = (torch.logsumexp(scores, 1) - answering).mean()
    best = _together(torch.where(right[:, 0], _NEVER, answering), owners)
    # of a question that none of its windows answers, none is right, which has 0
    best = torch.where(best > _NEVER / 2, best, 0.0)
    return (alone + (_with_none(scores, owners) - best).mean()) / 2


def imitation(scores: torch.Tensor, teacher: torch.Tensor, batch: Batch) -> torch.Tensor:
    """As `loss`, with what the teacher holds likely in place of what is known to be right: the mean of two cross entropies."""
    owners = torch.from_numpy(batch.owners).to(scores.device)
    alone = -(teacher.softmax(1) * scores.log_softmax(1)).sum(1).mean()
    theirs, ours = _with_none(teacher, owners), _with_none(scores, owners)
    tokens = torch.exp(teacher[:, 1:] - theirs[owners][:, None]) * (scores[:, 1:] - ours[owners][:, None])
    shared = (torch.exp(-theirs) * ours).mean() - tokens.sum((0, 1)).mean() / len(ours)
    return (alone + shared) / 2


def _with_none(scores: torch.Tensor, owners: torch.Tensor) -> torch.Tensor:
    """The logarithm of all that falls on a question's windows, and one for none, [questions, 2]."""
    # none counts once a question: it is the one token without which each window's sum is taken
    within = _together(torch.logsumexp(scores[:, 1:], 1), owners)
    return torch.logaddexp(within, torch.zeros_like(within))


def _together(values: torch.Tensor, owners: torch.Tensor) -> torch.Tensor:
    """The logarithms of the sums of the exponentials of each question's values, [questions, 2]."""
    index, questions = owners[:, None].expand_as(values), int(owners[-1]) + 1
    highest = values.detach().new_full((questions, 2), _NEVER).scatter_reduce(0, index, values.detach(), "amax")
    sums = values.new_zeros(questions, 2).index_add(0, owners, torch.exp(values - highest[owners]))
    return highest + torch.log(sums)
