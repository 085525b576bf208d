"""Makes the reader: `python -m rag.training spans|choice DATA --work FOLDER [--check]`.

DATA is as `rag.training.rows` and `rag.training.corpora` say.

`spans` trains the span reader: minutes on a GPU, days on a CPU. With
`--teacher MODEL`, a folder with a larger encoder of the same words, that one is
trained first, and the span reader learns from it beside the data. FOLDER keeps
their states every hundred steps in teacher.pt and spans.pt, and the same command
goes on from there; what they reach is logged in curve.txt. `rag.training.export`
then makes the file that ships.

`choice` fits what chooses sentences by the span reader that ships and says how
sure to be: measured with five folds by article, each fold's questions by weights
that were fitted on the other four, and fitted on all. `--check` writes nothing,
and fails where the weights differ from those that ship.
"""

import argparse
import random
import sys
import time
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from rag.encoder import sentence_encoder
from rag.models.pinned_model import pinned_folder
from rag.reader import span_reader
from rag.reader.joint_text import JointTokenizer
from rag.reader.linear import written
from rag.settings import Settings
from rag.training.mining import hard_negatives
from rag.training.rows import Row, rows
from rag.training.span_measures import found, reached

_SHIPPED = Path(__file__).parent.parent / "reader" / "weights.json"
# the questions that the curve is drawn from, of those that it is not trained on
_DRAWN = 400


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("spans", "choice"))
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="a folder for what was computed so far")
    parser.add_argument("--teacher", type=Path, metavar="MODEL", help="a larger encoder that the span reader learns from")
    parser.add_argument("--check", action="store_true", help="compare the choice's weights with those that ship, write nothing")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    if given.part == "choice":
        return _fit(given.data, given.work, check=given.check)
    _train(given.data, given.work, given.teacher)
    return 0


def _train(data: Path, work: Path, larger: Path | None) -> None:
    # torch loads only where something is trained
    from rag.training.batches import ahead  # noqa: PLC0415
    from rag.training.groups import Groups  # noqa: PLC0415
    from rag.training.span_model import SpanModel, translated  # noqa: PLC0415
    from rag.training.span_training import STUDENT, TEACHER, Plan, train  # noqa: PLC0415

    learned, tokenizer = rows(data, "train"), JointTokenizer(pinned_folder())
    unseen = _drawn(data)
    with tqdm(unit=" texts", disable=None) as bar:
        negatives = hard_negatives(learned, sentence_encoder(Settings()), work, bar.update)
    groups = Groups(learned, negatives, tokenizer)

    def trained(model: SpanModel, plan: Plan, name: str, teacher: SpanModel | None = None) -> SpanModel:
        with (work / "curve.txt").open("a") as curve:

            def log(line: str) -> None:
                sys.stdout.write(f"{name} {line}\n")
                sys.stdout.flush()
                curve.write(f"{time.strftime('%H:%M:%S')} {name} {line}\n")
                curve.flush()

            def measure() -> str:
                return str(reached(found(model, tokenizer, unseen), unseen))

            with closing(ahead(groups, plan.seed, plan.windows)) as batches:
                train(model, batches, plan, work / f"{name}.pt", measure, log, teacher=teacher)
        return model

    teacher = trained(SpanModel(larger, dropped=0.1, words=translated(larger)), TEACHER, "teacher") if larger else None
    trained(SpanModel(pinned_folder()), STUDENT, "spans", teacher)


def _drawn(data: Path) -> list[Row]:
    return random.Random(0).sample([row for row in rows(data, "dev") if row.corpus == "squad-dev"], _DRAWN)


def _fit(data: Path, work: Path, *, check: bool) -> int:
    # what trains on a GPU needs no archive
    from rag.training.learning import learn  # noqa: PLC0415

    with tqdm(unit=" questions", disable=None) as bar:
        learned = learn(data, work, span_reader(Settings()), bar.update)
    for line in learned.report:
        sys.stdout.write(f"{line}\n")
    content = written(learned.weights)
    if check:
        same = _SHIPPED.read_text() == content
        sys.stdout.write("these are the weights that ship\n" if same else "these are not the weights that ship\n")
        return 0 if same else 1
    _SHIPPED.write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
