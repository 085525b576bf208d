"""Makes the reader's weights: `python -m rag.training DATA [--work FOLDER] [--check]`.

DATA is as `rag.training.corpora` says. Everything is measured first with five
folds by article, each fold's questions by weights that were fitted on the
other four; then the weights that ship are fitted on all. FOLDER keeps the two
archives that are asked, to be faster the next time. `--check` writes nothing,
and fails where the weights differ from those that ship.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tqdm import tqdm

from rag.reader.linear import written
from rag.training.learning import learn

_SHIPPED = Path(__file__).parent.parent / "reader" / "weights.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, help="a folder for the archives that are asked; a temporary one where none is given")
    parser.add_argument("--check", action="store_true", help="compare with the weights that ship, write nothing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tqdm(unit=" questions", disable=None) as bar:
        learned = learn(given.data, given.work or Path(folder), bar.update)
    for line in learned.report:
        sys.stdout.write(f"{line}\n")
    content = written(learned.weights)
    if given.check:
        same = _SHIPPED.read_text() == content
        sys.stdout.write("these are the weights that ship\n" if same else "these are not the weights that ship\n")
        return 0 if same else 1
    _SHIPPED.write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
