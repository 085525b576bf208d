"""Every code block of the frameworks' recipes runs, in order, as one program under the offline guard; and so does the notebook."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    return tmp_path


def program(name):
    text = (ROOT / "docs" / f"{name}.md").read_text()
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert {language for language, _ in blocks} == {"python"}
    return "\n".join(code for _, code in blocks)


def run(code, folder, **environment):
    """The program in a home of its own, where only what it says about telemetry counts: some libraries send none from where CI is set."""
    here = {
        name: value for name, value in os.environ.items() if not name.startswith(("HAYSTACK_", "LANG", "NLTK_", "TIKTOKEN_", "CI", "GITHUB_", "ORT_"))
    }
    here |= {"HOME": str(folder), **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=here, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["langchain", "llama-index", "haystack"])
def test_a_recipe_runs_and_leaves_the_machine_alone(name, folder):
    done = run(program(name), folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "54 overseas police stations" in done.stdout
    # the altered quote was found out
    assert re.search(r"^quote 1: article 'seeds/[\w-]+' has .* not .*", done.stdout.splitlines()[-1])
    assert {path.name for path in folder.iterdir()} == {"seeds", "index"}


def test_without_the_switch_it_is_haystack_that_phones_home(folder):
    code = program("haystack").replace('os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"', "")
    done = run(code, folder)
    assert "OFFLINE GUARD: socket.getaddrinfo eu" in done.stderr
    assert "posthog" in done.stderr


def test_the_notebook_runs(folder, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "jupyter"))
    book = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    shown = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    # tqdm says that its bars would be widgets if ipywidgets were there
    assert all("ipywidgets" in output.text for output in shown if output.get("name") == "stderr")
    assert "**54** overseas police stations" in next(output.data["text/markdown"] for output in shown if "text/markdown" in output.get("data", {}))
    printed = [output.text for output in shown if output.get("name") == "stdout"]
    assert printed[1].startswith(("weak_evidence 0", "nothing_found 0"))
    assert printed[2].startswith("quote 1: article 'seeds/police-centres-2022-10-19' has ")


def test_the_notebook_is_kept_without_outputs_and_names_no_machine():
    book = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert len(code) > 4
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not re.search(r'"/|/home/|/root/|/Users/|[A-Z]:\\\\', NOTEBOOK.read_text())
    assert set(book.metadata) == {"kernelspec", "language_info"}
