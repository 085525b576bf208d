"""Trains the span reader, step by step, on from where it stopped."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rag.encoder import precision_here
from rag.training.groups import Group, Groups
from rag.training.span_model import SpanModel, loss

_SAVED_EVERY = 100
_WARMING = 0.04
_CLIPPED = 1.0

Log = Callable[[str], object]
Measure = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is trained: `steps` of about `windows` windows each, the learning rate rising to `rate`, then falling to nothing."""

    steps: int = 1_600
    windows: int = 32
    rate: float = 1e-4
    decay: float = 0.01
    seed: int = 1
    measured_every: int = 400


def train(model: SpanModel, groups: Groups, plan: Plan, checkpoint: Path, measure: Measure, log: Log) -> None:
    """Trains `model` in place. Every hundred steps the state goes to `checkpoint`; where that is there, training goes on from it."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=plan.decay)
    done = _resumed(model, optimizer, checkpoint)
    narrow = device.type == "cuda" or precision_here("auto") == "bf16"
    mean, began, tokens = 0.0, time.monotonic(), 0
    for step, batch in enumerate(_batches(groups, plan)):
        if step < done:
            continue
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _share(step / plan.steps)
        texts = [window.text for one in batch for window in one]
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=narrow):
            scores = model(texts)
        value = loss(scores.float(), batch)
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learned, _CLIPPED)
        optimizer.step()
        tokens += sum(len(text.ids) for text in texts)
        mean = value.item() if step == done else 0.98 * mean + 0.02 * value.item()
        if (step + 1) % _SAVED_EVERY == 0 or step + 1 == plan.steps:
            _save(model, optimizer, step + 1, checkpoint)
            log(f"step {step + 1} of {plan.steps}: loss {mean:.3f}, {tokens / (time.monotonic() - began):,.0f} tokens a second")
        if (step + 1) % plan.measured_every == 0 or step + 1 == plan.steps:
            model.eval()
            log(f"step {step + 1}: {measure()}")
            model.train()
    model.eval()


def _batches(groups: Groups, plan: Plan) -> Iterator[Sequence[Group]]:
    step = passed = 0
    while step < plan.steps:
        for batch in groups.batches(plan.seed, passed, plan.windows):
            if step == plan.steps:
                return
            yield batch
            step += 1
        passed += 1


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
    kept = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("encoder.embeddings.")}
    part = checkpoint.with_suffix(".part")
    torch.save({"model": kept, "optimizer": optimizer.state_dict(), "step": step}, part)
    part.replace(checkpoint)
