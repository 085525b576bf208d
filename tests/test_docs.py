"""The documents say what the program does: every command and option is there, and the examples run."""

import re
import tomllib
from importlib.metadata import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rag
from rag.cli import _parser
from rag.settings import Settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


def commands():
    (action,) = [action for action in _parser()._actions if hasattr(action, "choices") and action.choices]
    return action.choices


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_in_the_readme(name):
    assert f"| `{name}" in README
    for action in commands()[name]._actions:
        for option in action.option_strings:
            assert option in ("-h", "--help") or f"`{option}" in README, option


def test_every_environment_variable_is_in_the_readme():
    set = {"PULLQUOTE_MODEL": "m", "PULLQUOTE_PRECISION": "bf16", "PULLQUOTE_READER": "r"}
    assert Settings.from_environment(set) == Settings(model="m", precision="bf16", reader="r")
    assert "`PULLQUOTE_MODEL`" in README
    assert "`PULLQUOTE_PRECISION`" in README
    assert "`PULLQUOTE_READER`" in README


def test_the_python_example_runs(tmp_path, monkeypatch, capsys, encoder):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: encoder)
    exec(code, {})
    assert "54 overseas police stations" in capsys.readouterr().out


def test_every_file_that_the_readme_names_is_there():
    for name in re.findall(r"\]\(([^)]+)\)|`(docs/[\w./]+|LICENSE|requirements\.txt)`", README):
        path = next(filter(None, name))
        assert (ROOT / path).exists(), path


def test_the_version_is_in_the_changelog():
    assert f"## {rag.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_what_is_pinned_is_what_is_declared():
    declared = {re.split(r"[><=]", line)[0] for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]}
    pinned = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    assert declared <= pinned
    # two beside are held where sentence-transformers was tested with them, the third is the code that argon2-cffi calls
    assert pinned - declared == {"transformers", "huggingface_hub", "argon2-cffi-bindings"}


def test_what_the_extras_need_is_pinned_for_the_tests():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    lines = [line for name in ("requirements.txt", "requirements-dev.txt") for line in (ROOT / name).read_text().splitlines()]
    pinned = {re.split(r"[=\[]", line)[0] for line in lines if "==" in line}
    assert {re.split(r"[><=\[]", line)[0] for extra in extras.values() for line in extra} <= pinned


def test_without_extras_no_framework_comes_along_that_the_core_does_not_need():
    core = [Requirement(line) for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]]
    found, left = set(), {canonicalize_name(one.name) for one in core}
    while left:
        name = left.pop()
        found.add(name)
        asked = [Requirement(line) for line in metadata(name).get_all("Requires-Dist") or []]
        # an extra's requirements hang on its name
        left |= {canonicalize_name(one.name) for one in asked if not one.marker or one.marker.evaluate({"extra": ""})} - found
    assert {"torch", "gradio", "langchain-core"} <= found, "the walk finds what is asked for by what is asked for"
    assert not found & {"mcp", "llama-index-core", "haystack-ai", "langchain", "langchain-community", "limits", "prometheus-client", "nltk"}
