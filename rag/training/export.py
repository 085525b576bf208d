"""Makes the file that ships of a trained span reader: `python -m rag.training.export CHECKPOINT [OUT]`.

CHECKPOINT is what `rag.training.span_training` writes. The file's SHA-256 is
printed; it goes into `SHIPPED_SHA256` in `rag/reader/shipped_reader.py`, by
hand, since it is what the file is checked against.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import torch

from rag.errors import InputError
from rag.models.pinned_model import pinned_folder
from rag.reader.shipped_reader import SHIPPED
from rag.training.span_graph import graph
from rag.training.span_model import SpanModel


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=SHIPPED, help="the file to write; the one that ships where none is given")
    given = parser.parse_args()
    content = graph(trained(given.checkpoint))
    given.out.write_bytes(content)
    sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {given.out.name}, {len(content):,} bytes\n")
    return 0


def trained(checkpoint: Path) -> SpanModel:
    """The model with the checkpoint's weights over those that it began with. Raises InputError for another model's checkpoint."""
    model = SpanModel(pinned_folder())
    weights = torch.load(checkpoint, map_location="cpu", weights_only=True)["model"]
    missing, unknown = model.load_state_dict(weights, strict=False)
    lost = [name for name in missing if not name.startswith("encoder.embeddings.")]
    if lost or unknown:
        raise InputError(f"{checkpoint}: this is no checkpoint of the span reader: {', '.join([*lost, *unknown])}")
    return model.eval()


if __name__ == "__main__":
    sys.exit(main())
