"""What `make run` installs is locked: every package of the tree, by version and by hash, and no registry's address."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKS = ("requirements.lock", "requirements-torch.lock", "requirements-torch-cpu.lock", "requirements-scale.lock")
TEXTS = {name: (ROOT / name).read_text() for name in LOCKS}


def locked(*names):
    """The versions that hold here, by name."""
    found = {}
    for name in names:
        for line in re.findall(r"^[a-z].*(?= \\$)", TEXTS[name], re.MULTILINE):
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate():
                assert one.name not in found, one.name
                (found[one.name],) = (each.version for each in one.specifier)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_a_version_with_its_hashes_and_nothing_else(name):
    pieces = re.split(r"\n(?=\S)", TEXTS[name].rstrip("\n"))
    form = r"[a-z0-9-]+==[\w.+]+( ; [\w\s.'<>=!()]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+"
    assert [piece for piece in pieces if not re.fullmatch(form, piece)] == []


def test_all_that_requirements_txt_pins_is_locked_in_that_version():
    pinned = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    versions = locked("requirements.lock", "requirements-torch.lock")
    assert {line: versions[canonicalize_name(line.split("==")[0])] for line in pinned} == {line: line.split("==")[1] for line in pinned}
    assert f"{versions['torch']}+cpu" == locked("requirements-torch-cpu.lock")["torch"]


def test_what_the_tests_pin_is_locked_in_the_version_that_is_tested():
    versions = locked("requirements.lock")
    pinned = dict(line.split("==") for line in (ROOT / "requirements-dev.txt").read_text().splitlines() if re.match(r"[a-z][\w.-]*==", line))
    both = pinned.keys() & versions.keys()
    assert "pydantic" in both
    assert {name: versions[name] for name in both} == {name: pinned[name] for name in both}


def test_what_servers_of_a_shared_archive_need_beside_is_locked_in_the_version_that_is_tested():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pinned = dict(line.split("==") for line in (ROOT / "requirements-dev.txt").read_text().splitlines() if re.match(r"[a-z].*==", line))
    more = locked("requirements-scale.lock")
    assert not more.keys() & locked("requirements.lock", "requirements-torch.lock").keys()
    versions = {**locked("requirements.lock"), **more}
    for line in (*extras["scale"], *extras["api"]):
        wanted = re.split(r"[<>]", line)[0]
        assert versions[canonicalize_name(Requirement(wanted).name)] == pinned[wanted], line


@pytest.mark.parametrize("extra", [(), ("api", "scale")])
def test_the_whole_tree_is_locked(extra):
    """As the packages that are installed here say themselves."""
    versions, missing = locked("requirements.lock", "requirements-torch-cpu.lock", *(["requirements-scale.lock"] if extra else [])), set()
    left = [Requirement(line) for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    left += [Requirement(line) for name in extra for line in declared[name]]
    seen = set()
    while left:
        wanted = left.pop()
        name = canonicalize_name(wanted.name)
        key = name, frozenset(wanted.extras)
        if key in seen or name.startswith(("nvidia-", "cuda-", "triton")):
            continue
        seen.add(key)
        missing |= set() if name in versions else {name}
        try:
            asked = [Requirement(line) for line in metadata(name).get_all("Requires-Dist") or []]
        except PackageNotFoundError:
            continue
        extras = wanted.extras or {""}
        left += [one for one in asked if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras)]
    assert not missing


def test_make_installs_by_hash():
    made = (ROOT / "Makefile").read_text()
    installs = [line for line in made.splitlines() if "pip install" in line and ".lock" in line]
    assert len(installs) == 3
    assert all("--require-hashes --no-deps" in line for line in installs)
