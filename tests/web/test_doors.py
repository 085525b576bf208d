"""The page's door when it is pushed: frames and foreign scripts, guesses at the password, files without end, addresses that are not its own."""

import http.client
import http.server
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.sync_api import expect

from benchmarks.visitors import config, events
from rag.cli import main
from rag.web import intake
from rag.web.intake import MOST_OF_ALL, MOST_OF_ONE, Intake
from rag.web.login import MOST, Guesses
from rag.web.login import MOST_OF_ALL as MOST_GUESSES
from tests.adapters.http import conftest as served_in_here
from tests.web.conftest import HASHING, bridge, patient, served, visit

MB = 1024 * 1024


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return bridge(tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="module")
def open_door(index, tmp_path_factory):
    """The page and the API, open to all; with the folder in which it makes its own for uploads."""
    folder = tmp_path_factory.mktemp("open")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        with served(index, folder / "log", "--api", program=HASHING) as address:
            yield address, folder


@pytest.fixture(scope="module")
def locked_door(index, tmp_path_factory):
    folder = tmp_path_factory.mktemp("locked")
    (folder / "password").write_text("open sesame")
    (folder / "password").chmod(0o600)
    with served(index, folder / "log", "--auth", f"editor:{folder / 'password'}", program=HASHING) as address:
        yield address


def call(address, method, path, body=None, headers=None, *, client="127.0.0.1"):
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=180, source_address=(client, 0))) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def form(**fields):
    parts = (f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    return "".join(parts) + "--cut--\r\n", {"Content-Type": "multipart/form-data; boundary=cut"}


def guess(address, password, client):
    return call(address, "POST", "/login", *form(username="editor", password=password), client=client)


# what browsers and programs are told


@pytest.mark.parametrize("path", ["/", "/theme.css", "/nothing", "/gradio_api/queue/data", "/v1/articles", "/v1/nothing", "/healthz"])
@pytest.mark.parametrize("named", [{}, {"Host": "evil.example"}])
def test_every_answer_tells_a_browser_what_it_may_not(open_door, path, named):
    _, headers, _ = call(open_door[0], "GET", path, headers=named)
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_the_page_s_policy_lets_no_script_in_but_gradio_s_own(open_door):
    _, headers, _ = call(open_door[0], "GET", "/", headers={"Accept-Encoding": "br, gzip"})
    (scripts,) = (part.split() for part in headers["content-security-policy"].split("; ") if part.startswith("script-src"))
    assert {one for one in scripts[1:] if not one.startswith("'sha256-")} == {"'self'", "'unsafe-eval'"}


def test_what_gets_into_the_page_does_not_run(browser, open_door):
    with closing(patient(browser.new_page())) as page:
        page.goto(open_door[0])
        page.locator(".welcome").wait_for()
        ran = page.evaluate("""async () => {
            const refused = [];
            document.addEventListener("securitypolicyviolation", event => { refused.push(event.effectiveDirective); event.stopPropagation(); });
            const script = Object.assign(document.createElement("script"), { textContent: "window.owned = 1" });
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.owned = 2"><iframe srcdoc="x"></iframe>');
            // however long it takes until the browser tells of both
            const told = () => ["script-src-elem", "script-src-attr"].every(one => refused.includes(one));
            for (let waits = 0; waits < 900 && !told(); waits++) await new Promise(done => setTimeout(done, 100));
            await new Promise(done => setTimeout(done, 500));
            return [window.owned ?? null, refused.sort()];
        }""")
        assert ran[0] is None
        assert {"script-src-elem", "script-src-attr"} <= set(ran[1])


def test_no_other_page_can_frame_it(browser, open_door):
    class Framing(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{open_door[0]}/" width=900 height=600></iframe>'.encode())

        def log_message(self, *_):
            pass

    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    page = patient(browser.new_page())
    try:
        page.goto(f"http://127.0.0.1:{other.server_port}/")
        page.wait_for_timeout(3_000)
        assert [frame.locator("#question").count() for frame in page.frames[1:]] == [0]
    finally:
        page.close()
        other.shutdown()
        other.server_close()


# the password


def test_guesses_at_the_password_are_few_and_another_client_gets_in(locked_door):
    statuses = [guess(locked_door, f"wrong {n}", "127.0.0.3")[0] for n in range(MOST)]
    assert statuses == [400] * MOST
    status, headers, body = guess(locked_door, "open sesame", "127.0.0.3")
    assert (status, b"too many wrong passwords" in body) == (429, True)
    assert 0 < int(headers["retry-after"]) <= 60
    assert guess(locked_door, "open sesame", "127.0.0.4")[0] == 200


def test_guesses_at_once_are_as_few(locked_door):
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda n: guess(locked_door, f"wrong {n}", "127.0.0.5")[0], range(20)))
    assert sorted(statuses) == [400] * MOST + [429] * (20 - MOST)


def test_a_minute_after_a_guess_there_is_another_and_a_right_one_wipes_the_slate():
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    for second in range(MOST):
        now[0] = second
        assert guesses.wait("a") == 0
    assert guesses.wait("a") == 60 - (MOST - 1)
    now[0] = 60.5
    assert [guesses.wait("a"), guesses.wait("a")] == [0, 1]
    guesses.right("a")
    assert [guesses.wait("a") for _ in range(MOST + 1)].count(0) == MOST


def test_where_many_clients_guess_each_has_one_guess_and_who_is_right_gets_in():
    guesses = Guesses(lambda: 0.0)
    assert [guesses.wait(f"client {n}") for n in range(MOST_GUESSES)] == [0] * MOST_GUESSES
    assert guesses.wait("client 1") == 60
    assert [guesses.wait("new"), guesses.wait("new")] == [0, 60]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666])
def test_a_password_that_others_can_read_is_refused(tmp_path, mode, capsys):
    file = tmp_path / "password"
    file.write_text("open sesame")
    file.chmod(mode)
    assert main(["serve", "--index", str(tmp_path / "none"), "--auth", f"me:{file}"]) == 2
    said = capsys.readouterr()
    assert f"chmod 600 {file}" in said.err
    assert "sesame" not in said.out + said.err


# files


def files_form(*sizes):
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="%d.txt"\r\nContent-Type: text/plain\r\n\r\n'
    return b"".join(head % n + b"x" * size + b"\r\n" for n, size in enumerate(sizes)) + b"--cut--\r\n"


def upload(address, *sizes, client="127.0.0.1"):
    return call(address, "POST", "/gradio_api/upload", files_form(*sizes), {"Content-Type": "multipart/form-data; boundary=cut"}, client=client)


def lying(folder):
    return sum(file.stat().st_size for file in Path(folder).glob("pullquote-uploads-*/**/*") if file.is_file())


def waited_for(found, seconds=60):
    ended = time.monotonic() + seconds
    while not found() and time.monotonic() < ended:
        time.sleep(0.1)
    return found()


def test_files_are_bounded_one_by_one_together_of_one_client_and_all_together(open_door):
    address, folder = open_door
    status, _, body = upload(address, *[18 * MB] * 3)
    assert (status, body) == (413, b"Add at most 50 MB at a time.")
    assert upload(address, 21 * MB)[0] == 413
    assert lying(folder) == 0
    statuses = [upload(address, *[15 * MB] * 3, client=f"127.0.0.{client}")[0] for client in (3, 3, 4, 5)]
    assert statuses == [200, 429, 200, 503]
    assert MOST_OF_ONE < lying(folder) <= MOST_OF_ALL


def test_an_upload_that_breaks_off_leaves_nothing(index, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # of event loops and files that are dropped open
    monkeypatch.setenv("PYTHONWARNINGS", "always::ResourceWarning")
    with served(index, tmp_path / "log", program=HASHING) as address:
        body = files_form(2 * MB)
        with socket.create_connection(("127.0.0.1", urlsplit(address).port)) as broken:
            head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
            broken.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=cut\r\n\r\n" + body[:MB])
            assert waited_for(lambda: lying(tmp_path) > 0)
        assert waited_for(lambda: lying(tmp_path) == 0)
    said = (tmp_path / "log").read_text()
    assert "Traceback" not in said
    assert "ResourceWarning" not in said


def test_a_file_is_gone_once_it_is_read(browser, index, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "tower.txt").write_text("The tower was opened in 1889.")
    for n in range(3):
        (tmp_path / f"large{n}.txt").write_bytes(b"x" * 19 * MB)
    with served(index, tmp_path / "log", program=HASHING) as address, visit(browser, address) as page:
        page.get_by_role("tab", name="Add").click()
        page.locator("#files input[type=file]").set_input_files(tmp_path / "tower.txt")
        expect(page.locator("#added li")).to_contain_text("added")
        assert waited_for(lambda: lying(tmp_path) == 0)
    # too many bytes at a time, and the page says so; a page of its own, since this one may be clearing its list still
    with served(index, tmp_path / "log", program=HASHING) as address, visit(browser, address) as page:
        page.get_by_role("tab", name="Add").click()
        page.locator("#files input[type=file]").set_input_files([tmp_path / f"large{n}.txt" for n in range(3)])
        expect(page.get_by_text("large2.txt: at most 50 MB are taken at a time; add it next")).to_be_visible()
        expect(page.locator("#added li")).to_have_count(2)
        assert waited_for(lambda: lying(tmp_path) == 0)


def test_files_that_nobody_reads_go(tmp_path, monkeypatch):
    # the test says when the time is over, since a slow machine may need all of it to begin reading
    over = []
    monkeypatch.setattr(intake, "get_running_loop", lambda: SimpleNamespace(call_later=lambda *expiry: over.append(expiry)))
    kept = Intake(tmp_path / "pullquote-uploads-x")
    app = FastAPI()
    app.add_route("/gradio_api/upload", kept.take, methods=["POST"])
    with served_in_here.served(app) as address:
        unread, read = (json.loads(upload(address, MB)[2]) for _ in range(2))
        assert unread != read
        with kept.reading(read):
            assert [seconds for seconds, *_ in over] == [intake.KEEP_SECONDS] * 2
            for _, expire, folder in over:
                expire(folder)
            assert not Path(unread[0]).exists()
            assert Path(read[0]).exists()
        assert not Path(read[0]).exists()
    (tmp_path / "beside").touch()
    with kept.reading([str(tmp_path / "pullquote-uploads-x" / ".." / "beside"), str(tmp_path / "pullquote-uploads-x")]):
        pass
    assert (tmp_path / "beside").exists()


def step(address, event, data, session):
    """What becomes of a step that a program sends to the page, as events."""
    sent = json.dumps({"data": data, "fn_index": event, "session_hash": session})
    assert call(address, "POST", "/gradio_api/queue/join", sent, {"Content-Type": "application/json"})[0] == 200
    return call(address, "GET", f"/gradio_api/queue/data?session_hash={session}")[2].decode()


def steps(address):
    """The page's own numbers of what adds files and of what asks."""
    known = config(call(address, "GET", "/")[2].decode())
    (adding,) = (one["id"] for one in known["dependencies"] if any(target[1] == "upload" for target in one["targets"]))
    return adding, events(known)[1]


@pytest.mark.parametrize("place", ["{folder}/secret.txt", "http://198.51.100.7/secret.txt", "{uploads}/../../secret.txt", "/dev/zero"])
def test_what_was_not_uploaded_is_not_read(open_door, place):
    """A program names a file of this machine, or an address, as if it had uploaded it: as a file to add and in a question's place."""
    address, folder = open_door
    (folder / "secret.txt").write_text("The secret was kept in a tower in 1889.")
    uploads = Path(json.loads(upload(address, 10)[2])[0]).parents[2]
    file = {"path": place.format(folder=folder, uploads=uploads / "x"), "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
    adding, asking = steps(address)
    told = [step(address, adding, [None, [file]], "adds"), step(address, asking, [None, file], "asks")]
    assert all('"success":false' in one and "secret" not in one for one in told)
    assert not list(uploads.rglob("secret.txt"))


def test_what_gradio_prints_of_a_step_that_fails_tells_a_terminal_nothing(open_door):
    address, folder = open_door
    step(address, steps(address)[0], [None, [{"path": "/\x1b]0;owned\x07", "meta": {"_type": "gradio.FileData"}}]], "prints")
    assert waited_for(lambda: "owned" in (folder / "log").read_text())
    assert "\x1b" not in (folder / "log").read_text()


# addresses

CLOSED = [
    ("POST", "/gradio_api/cancel"), ("POST", "/gradio_api/reset"), ("GET", "/gradio_api/heartbeat/x"), ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"), ("GET", "/monitoring/x"), ("GET", "/config"), ("GET", "/gradio_api/info"), ("GET", "/gradio_api/openapi.json"),
    ("GET", "/gradio_api/token"), ("GET", "/gradio_api/user"), ("GET", "/gradio_api/startup-events"), ("GET", "/gradio_api/queue/status"),
    ("POST", "/gradio_api/run/x"), ("POST", "/gradio_api/api/x"), ("POST", "/gradio_api/call/x"), ("POST", "/gradio_api/component_server"),
    ("GET", "/gradio_api/runs"), ("GET", "/gradio_api/deep_link"), ("GET", "/gradio_api/vibe-code"), ("POST", "/gradio_api/process_recording"),
    ("GET", "/gradio_api/stream/a/b/c/playlist.m3u8"), ("GET", "/gradio_api/dev/reload"), ("GET", "/logout"), ("GET", "/robots.txt"),
    ("GET", "/static/../config"), ("GET", "/svelte/x"), ("GET", "/gradio_api/queue/join"), ("DELETE", "/"), ("GET", "//"),
    ("GET", "/assets/../config"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_the_page_does_not_use_is_not_there(open_door, method, path):
    body, headers = ("{}", {"Content-Type": "application/json"}) if method == "POST" else (None, {})
    assert call(open_door[0], method, path, body, headers)[0] == 404


def test_a_step_of_more_than_a_megabyte_is_not_read(open_door, locked_door):
    body = json.dumps({"data": [None, "x" * MB], "fn_index": 0, "session_hash": "x"})
    assert call(open_door[0], "POST", "/gradio_api/queue/join", body, {"Content-Type": "application/json"})[0] == 413
    assert call(locked_door, "POST", "/login", *form(username="x" * MB, password="x"), client="127.0.0.8")[0] == 413


def test_a_session_has_no_long_name(open_door):
    body = json.dumps({"data": [None], "fn_index": 0, "session_hash": "x" * 65})
    assert call(open_door[0], "POST", "/gradio_api/queue/join", body, {"Content-Type": "application/json"})[0] == 422
    assert call(open_door[0], "GET", f"/gradio_api/queue/data?session_hash={'x' * 65}")[0] == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/app_id"),
    ],
)  # fmt: skip
def test_who_has_not_logged_in_takes_no_step(locked_door, method, path):
    cookie = {"Cookie": "access-token-x=y; access-token-unsecure-x=z"}
    assert [call(locked_door, method, path, None, headers)[0] for headers in ({}, cookie)] == [401, 401]
