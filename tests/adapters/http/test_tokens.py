import pytest

from rag.errors import InputError
from rag.serving.bearer_tokens import BearerTokens
from tests.adapters.http.conftest import REQUESTS, client_of, opened
from tests.adapters.http.test_problems import problem

FIRST, SECOND = "first-token-of-two-0001", "second_token/of+two~2=="


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tokens"
    path.write_text(f"{FIRST}\n\n{SECOND}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def door(counting, file):
    door = opened(counting, BearerTokens.read(file))
    yield door
    door.close()


@pytest.fixture
def client(door):
    # one event loop for all requests
    with client_of(door) as client:
        yield client


# what is behind the token, described or not
GUARDED = [
    *((method, *request) for (method, path), request in REQUESTS.items() if path != "/healthz"),
    ("GET", "/v1/openapi.json", None), ("GET", "/v1/nothing", None), ("PUT", "/v1/ask", None), ("HEAD", "/metrics", None),
    ("OPTIONS", "/v1/ask", None), ("GET", "/healthz/", None), ("GET", "//healthz", None), ("GET", "/v1/articles/healthz", None),
]  # fmt: skip
# the values of the header Authorization: none, one, or several
WRONG = {
    "none": [],
    "empty": [""],
    "no token": ["Bearer"],
    "an empty token": ["Bearer "],
    "no scheme": [FIRST],
    "another scheme": [f"Basic {FIRST}"],
    "a scheme of no one": [f"Token {FIRST}"],
    "one character changed": [f"Bearer {FIRST[:-1]}2"],
    "its first character changed": [f"Bearer g{FIRST[1:]}"],
    "its case changed": [f"Bearer {FIRST.upper()}"],
    "a prefix": [f"Bearer {FIRST[:-1]}"],
    "a suffix": [f"Bearer {FIRST[1:]}"],
    "more behind it": [f"Bearer {FIRST}x"],
    "more before it": [f"Bearer x{FIRST}"],
    "both tokens": [f"Bearer {FIRST}, {SECOND}"],
    "both tokens joined": [f"Bearer {FIRST}{SECOND}"],
    "not ASCII": ["Bearer \xe4\xf6\xfc"],
    "two headers, the first right": [f"Bearer {FIRST}", "Bearer wrong"],
    "two headers, the last right": ["Bearer wrong", f"Bearer {FIRST}"],
    "two headers, both right": [f"Bearer {FIRST}", f"Bearer {FIRST}"],
    "the file's path": ["Bearer tokens"],
}


@pytest.mark.parametrize("wrong", WRONG)
def test_nothing_is_answered_without_a_token(client, counting, wrong):
    headers = [("Authorization", value.encode("latin-1")) for value in WRONG[wrong]]
    for method, address, body in GUARDED:
        for asked in (address, f"{address}{'&' if '?' in address else '?'}access_token={FIRST}&token={FIRST}"):
            response = client.request(method, asked, headers=headers, json=body)
            assert response.status_code == 401, (method, asked)
            if method != "HEAD":
                problem(response, 401)
            assert response.headers["www-authenticate"].startswith('Bearer realm="pullquote"')
            assert ("invalid_token" in response.headers["www-authenticate"]) is any(WRONG[wrong])
    assert counting.reached == 0


@pytest.mark.parametrize("token", [FIRST, SECOND])
def test_with_a_token_everything_is(client, counting, token):
    for method, address, body in GUARDED:
        assert client.request(method, address, headers={"Authorization": f"bearer {token}"}, json=body).status_code in (200, 404, 405)
    # an article that is not there was looked for too
    assert counting.reached == 8


def test_a_token_elsewhere_in_the_request_counts_for_nothing(client, counting):
    headers = {
        "Cookie": f"token={FIRST}; Authorization=Bearer {FIRST}",
        "X-Authorization": f"Bearer {FIRST}",
        "Proxy-Authorization": f"Bearer {FIRST}",
    }
    for method, address, body in GUARDED:
        assert client.request(method, address, headers=headers, json={**(body or {}), "access_token": FIRST}).status_code == 401
    assert counting.reached == 0


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
        (FIRST, 0o604, "others on this machine; run: chmod 600"),
        (FIRST, 0o602, "others on this machine; run: chmod 600"),
        (FIRST, 0o640, "others on this machine; run: chmod 600"),
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
        BearerTokens.read(path)
    assert str(path) in str(caught.value)
    assert FIRST not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file"):
        BearerTokens.read(tmp_path / "none")
