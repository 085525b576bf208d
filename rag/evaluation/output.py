"""The files of a finished evaluation, beside its answers.jsonl."""

from pathlib import Path

from rag.errors import InputError
from rag.evaluation.comparing import Comparison
from rag.evaluation.journal import ANSWERS, read_answers
from rag.evaluation.page import write_page
from rag.evaluation.report import Evaluation
from rag.evaluation.trec import qrels_lines, run_lines
from rag.render import to_json
from rag.whole_files import WholeFiles


def write_output(folder: Path, report: Evaluation, comparison: Comparison | None) -> None:
    """Writes report.json, report.html, run.trec and qrels.trec, all or none. Raises InputError where they cannot be written."""
    answers = folder / ANSWERS
    compared = {"against": comparison.row()} if comparison else {}
    try:
        with WholeFiles(folder) as files:
            files.open("run.trec").writelines(run_lines(read_answers(answers)))
            files.open("qrels.trec").writelines(qrels_lines(read_answers(answers)))
            write_page(report, read_answers(answers), files.open("report.html"), comparison)
            files.open("report.json").write(to_json({**report.whole(), **compared}) + "\n")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}; choose another --out") from None
