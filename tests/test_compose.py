"""The files that run Pullquote for many (`docs/deploy/`) are of the form that we rely on. No container is started: that takes a Docker engine."""

import ipaddress
import os
import re
import shutil
import subprocess

import pytest
import yaml

from rag import __version__
from rag.cli import _parser
from rag.store import Address
from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
SERVERS = ("one", "two")
# a variable that has to be set, with what is said where it is not, and one that need not be
NEEDED, CHOSEN = re.compile(r"\$\{(\w+):\?([^}]+)\}"), re.compile(r"\$\{(\w+):-([^}]*)\}")
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN")


def environments():
    return [(name, key, value) for name, service in SERVICES.items() for key, value in service.get("environment", {}).items()]


def command(name):
    """As it is with nothing chosen."""
    return [CHOSEN.sub(r"\2", word) for word in SERVICES[name]["command"]]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_and_ours_has_the_programs_version(name):
    image, _, tag = SERVICES[name]["image"].rpartition(":")
    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?(-[a-z]+)?|RELEASE\.[\dTZ-]+", tag), tag
    assert (image == "pullquote") == ("build" in SERVICES[name])
    if image == "pullquote":
        assert tag == __version__
        assert (DEPLOY / SERVICES[name]["build"]["context"] / SERVICES[name]["build"]["dockerfile"]).samefile(DEPLOY / "Dockerfile")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"add"}))
def test_every_service_that_stays_is_looked_after_and_comes_back(name):
    test, *words = SERVICES[name]["healthcheck"]["test"]
    assert (test, bool(words), SERVICES[name]["restart"]) == ("CMD", True, "unless-stopped")


def test_what_a_service_waits_for_is_there_and_says_when_it_is_healthy():
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] in ("service_healthy", "service_started")
            assert "healthcheck" in SERVICES[other]
    assert {name: how["condition"] for name, how in SERVICES["one"]["depends_on"].items()} == dict.fromkeys(("milvus", "postgres"), "service_healthy")
    # so that its page says what is wrong
    assert {how["condition"] for how in SERVICES["proxy"]["depends_on"].values()} == {"service_started"}


def test_no_password_is_left_in_and_one_that_is_not_set_is_told_of():
    kept = [(name, key, value) for name, key, value in environments() if SECRET.search(key)]
    assert len(kept) >= 6
    form = (DEPLOY / "env.example").read_text()
    for name, key, value in kept:
        needed = NEEDED.fullmatch(value.removeprefix("root:"))
        assert needed, (name, key)
        assert "docs/deploy/env.example" in needed[2]
        assert f"\n{needed[1]}=\n" in form
    assert {name for name, _ in CHOSEN.findall(TEXT)} == set(re.findall(r"^#(\w+)=", form, re.MULTILINE))
    assert not re.search(r"minioadmin|Milvus\b.*password", TEXT)
    assert subprocess.run(["git", "check-ignore", "-q", str(DEPLOY / ".env")], cwd=ROOT, check=False).returncode in (0, 128)


def test_only_the_proxy_is_reached_and_only_from_this_machine():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["proxy"]["ports"])
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {*SERVERS, "proxy"}


def test_what_is_kept_lies_in_volumes_that_are_there():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    named = {volume for volume in used if not volume.startswith((".", "$"))}
    assert named == COMPOSE["volumes"].keys()
    assert {"./haproxy.cfg"} == {volume for volume in used if volume.startswith(".")}
    assert (DEPLOY / "haproxy.cfg").exists()


@pytest.mark.parametrize("name", [*SERVERS, "add"])
def test_what_a_container_of_ours_is_told_is_what_the_program_understands(name):
    given = _parser().parse_args(command(name))
    address = Address.parse(given.index)
    text, _, parameters = address.text.partition("?")
    assert (address.milvus, text, parameters) == (
        "http://milvus:19530",
        "postgresql+psycopg://pullquote@postgres/pullquote",
        "tcp_user_timeout=10000",
    )
    assert {"milvus", "postgres"} <= SERVICES.keys()
    assert SERVICES["postgres"]["environment"]["POSTGRES_USER"] == SERVICES["postgres"]["environment"]["POSTGRES_DB"] == "pullquote"


def test_the_servers_are_where_the_proxy_looks_for_them_and_believe_it():
    network = ipaddress.ip_network(COMPOSE["networks"]["front"]["ipam"]["config"][0]["subnet"])
    places = {name: SERVICES[name]["networks"]["front"]["ipv4_address"] for name in (*SERVERS, "proxy")}
    assert len(set(places.values())) == 3
    assert all(ipaddress.ip_address(place) in network for place in places.values())
    told = SERVICES["proxy"]["environment"]
    assert [told[f"PULLQUOTE_{name.upper()}"] for name in SERVERS] == [f"{places[name]}:7860" for name in SERVERS]
    for name in SERVERS:
        given = _parser().parse_args(command(name))
        assert (given.proxy, given.port, given.host) == ([places["proxy"]], 7860, "0.0.0.0")
    assert set(re.findall(r'"\$\{(\w+)\}"', (DEPLOY / "haproxy.cfg").read_text())) == told.keys()


def test_the_image_is_made_of_what_is_locked_and_runs_as_nobody_of_importance():
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    steps = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.match(r"python:3\.11\.\d+-slim-bookworm\b", rest) for step, rest in steps if step == "FROM")
    installs = [part for step, rest in steps if step == "RUN" for part in re.findall(r"pip install ([^&|;]+)", rest)]
    assert all("--require-hashes" in one or one.split() == ["--no-cache-dir", "--no-deps", "."] for one in installs)
    assert [rest for step, rest in steps if step == "USER"] == ["pullquote"]
    copied = {name for step, rest in steps if step == "COPY" and not rest.startswith("--from") for name in rest.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    let_in = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in == copied


def test_compose_itself_takes_it(tmp_path):
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no `docker compose` on this machine")
    (tmp_path / "env").write_text("".join(f"{name}=secret-{name}\n" for name in dict(NEEDED.findall(TEXT))))
    asked = [docker, "compose", "-f", str(DEPLOY / "compose.yaml"), "--env-file"]
    done = subprocess.run([*asked, str(tmp_path / "env"), "config", "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    bare = {name: value for name, value in os.environ.items() if not SECRET.search(name)}
    done = subprocess.run([*asked, os.devnull, "config", "--quiet"], capture_output=True, text=True, check=False, env=bare)
    assert (done.returncode != 0, "docs/deploy/env.example" in done.stderr) == (True, True)
