"""The pinned model as the file that ships: `python -m rag.training.encoder_graph [OUT]`.

The file's SHA-256 is printed; it goes into `SHIPPED_SHA256` in
`rag/encoder/shipped_encoder.py`, by hand, since it is what the file is checked
against.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from transformers import AutoConfig

from rag.encoder.shipped_encoder import SHIPPED
from rag.models.pinned_model import WEIGHTS, pinned_folder
from rag.training.bert_graph import Graph


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.encoder_graph", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, nargs="?", default=SHIPPED, help="the file to write; the one that ships where none is given")
    given = parser.parse_args()
    content = graph(pinned_folder())
    given.out.write_bytes(content)
    sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {given.out.name}, {len(content):,} bytes\n")
    return 0


def graph(folder: Path, *, narrow: bool = True) -> bytes:
    """The file's bytes, the same for the same weights, of a folder with a BERT model that pools by the mean.

    It takes `embedded`, the sum of a text's word, segment and position embeddings,
    float32 [1, tokens, width], and gives `pooled`, the mean of its tokens, float32
    [1, width], which is not of unit length. A text is encoded by itself, so nothing
    is padded. `narrow` is as in `rag.training.bert_graph`.
    """
    config = AutoConfig.from_pretrained(str(folder), local_files_only=True)
    made = Graph(load_file(folder / WEIGHTS), narrow=narrow)
    at = made.layers("", config)
    pooled = made.node("ReduceMean", [at, made.constant(np.array([1]))], {"keepdims": 0})
    return made.serialized(pooled, "pooled", [1, config.hidden_size], config.hidden_size)


if __name__ == "__main__":
    sys.exit(main())
