"""Trains the span reader, or a teacher of it, step by step, on from where it stopped."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rag.models.machine import multiplies_bf16
from rag.training.batches import Batch
from rag.training.span_model import SpanModel, imitation, loss

_SAVED_EVERY = 100
_WARMING = 0.04
_CLIPPED = 1.0
# how much of what is learned is what the teacher holds likely; the rest is what is known to be right
_IMITATED = 0.7

Log = Callable[[str], object]
Measure = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is trained: `steps` of about `windows` windows each, the learning rate rising to `rate`, then falling to nothing."""

    steps: int
    windows: int
    rate: float
    decay: float = 0.01
    seed: int = 1
    measured_every: int = 400


STUDENT = Plan(steps=1_650, windows=192, rate=3e-4)
TEACHER = Plan(steps=1_200, windows=96, rate=5e-5)


def train(
    model: SpanModel,
    batches: Iterator[Batch],
    plan: Plan,
    checkpoint: Path,
    measure: Measure,
    log: Log,
    *,
    teacher: SpanModel | None = None,
) -> None:
    """Trains `model` in place, by the data and by what a `teacher` says of each batch.

    Every hundred steps the state goes to `checkpoint`; where that is there, training goes on from it.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=plan.decay)
    done = _resumed(model, optimizer, checkpoint)
    narrow = device.type == "cuda" or multiplies_bf16()
    total, began, tokens = torch.zeros((), device=device), time.monotonic(), 0
    for step, batch in zip(range(plan.steps), batches, strict=False):
        if step < done:
            continue
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _share(step / plan.steps)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=narrow):
            scores = model(batch)
            told = _told(teacher, batch)
        value = loss(scores, batch) if told is None else (1 - _IMITATED) * loss(scores, batch) + _IMITATED * imitation(scores, told, batch)
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learned, _CLIPPED)
        optimizer.step()
        tokens += batch.tokens
        # on a GPU, asking for a value waits for it: once in a hundred steps is enough
        total += value.detach()
        if (step + 1) % _SAVED_EVERY == 0 or step + 1 == plan.steps:
            mean = total.item() / ((step - done) % _SAVED_EVERY + 1)
            total.zero_()
            _save(model, optimizer, step + 1, checkpoint)
            log(f"step {step + 1} of {plan.steps}: loss {mean:.3f}, {tokens / (time.monotonic() - began):,.0f} tokens a second")
        if (step + 1) % plan.measured_every == 0 or step + 1 == plan.steps:
            model.eval()
            log(f"step {step + 1}: {measure()}")
            model.train()
    model.eval()


def _told(teacher: SpanModel | None, batch: Batch) -> torch.Tensor | None:
    if teacher is None:
        return None
    with torch.no_grad():
        told: torch.Tensor = teacher(batch)
    return told


def _share(done: float) -> float:
    return min(done / _WARMING, (1 - done) / (1 - _WARMING)) if done < 1 else 0.0


def _resumed(model: SpanModel, optimizer: torch.optim.Optimizer, checkpoint: Path) -> int:
    if not checkpoint.exists():
        return 0
    state: dict[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def _save(model: SpanModel, optimizer: torch.optim.Optimizer, step: int, checkpoint: Path) -> None:
    part = checkpoint.with_suffix(".part")
    torch.save({"model": model.learned(), "optimizer": optimizer.state_dict(), "step": step}, part)
    part.replace(checkpoint)
