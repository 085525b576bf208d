import pytest

from rag.adapters.tokens import Tokens
from rag.errors import InputError
from tests.adapters.http.conftest import client_of, opened
from tests.adapters.http.test_problems import problem

FIRST, SECOND = "first-token-of-two-0001", "second_token/of+two~2=="


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tokens"
    path.write_text(f"{FIRST}\n\n{SECOND}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def client(archive, file, make):
    archive.add([make("a", "The bridge opened in 1932.")])
    door = opened(archive, Tokens.read(file))
    yield client_of(door)
    door.close()


REQUESTS = [
    ("POST", "/v1/ask"), ("GET", "/v1/ask?question=When"), ("POST", "/v1/search"), ("GET", "/v1/search?query=a"), ("GET", "/v1/articles"),
    ("GET", "/v1/articles/a"), ("POST", "/v1/verify"), ("GET", "/metrics"), ("GET", "/v1/openapi.json"), ("GET", "/v1/nothing"), ("PUT", "/v1/ask"),
]  # fmt: skip
WRONG = [
    None, "", "Bearer", "Bearer ", f"Bearer {FIRST}x", f"Bearer {FIRST[:-1]}", f"Basic {FIRST}", FIRST, f"Bearer {FIRST}, {SECOND}",
    f"Bearer {FIRST.upper()}", "Bearer \xe4\xf6\xfc", f"Token {FIRST}",
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_nothing_is_answered_without_a_token(client, method, path):
    for given in WRONG:
        headers = {} if given is None else {"Authorization": given.encode("latin-1")}
        response = client.request(method, path, headers=headers)
        problem(response, 401)
        assert response.headers["www-authenticate"].startswith('Bearer realm="pullquote"')
        assert ("invalid_token" in response.headers["www-authenticate"]) is bool(given)
    for token in (FIRST, SECOND):
        assert client.request(method, path, headers={"Authorization": f"bearer {token}"}).status_code != 401


def test_health_needs_none(client):
    assert client.get("/healthz").status_code in (200, 503)


def test_every_described_route_but_health_is_guarded(client):
    document = client.get("/v1/openapi.json", headers={"Authorization": f"Bearer {FIRST}"}).json()
    for path, item in document["paths"].items():
        for operation in item.values():
            assert ("security" in operation) == ("401" in operation["responses"]) == (path != "/healthz")


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [
        ("", 0o600, "is empty"),
        ("\n \n", 0o600, "is empty"),
        (FIRST, 0o604, "everybody on this machine"),
        (FIRST, 0o602, "everybody on this machine"),
        (f"{FIRST}\nshort", 0o600, "line 2 of the token file"),
        (f"two words {FIRST}", 0o600, "line 1 of the token file"),
        ("ä" * 20, 0o600, "is not ASCII"),
    ],
)
def test_a_file_that_does_not_keep_strangers_out_is_named(tmp_path, content, mode, message):
    path = tmp_path / "tokens"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(InputError, match=message) as caught:
        Tokens.read(path)
    assert str(path) in str(caught.value)
    assert FIRST not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file"):
        Tokens.read(tmp_path / "none")
