"""What is not the page's own is refused at the door, by a running server."""

import asyncio
import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import gradio
import pytest

from rag.web.intake import MOST_OF_A_FILE
from rag.web.page import _only_uploaded


def status(address, path, *, method="GET", body=None, **headers):
    port = urlsplit(address).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers={"Host": f"127.0.0.1:{port}", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1:1", "[::1]:9"])
def test_this_machine_s_own_names_are_answered(address, host):
    assert status(address, "/theme.css", Host=host) == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:7860", "", "[", "169.254.169.254"])
def test_another_name_that_leads_here_is_refused(address, host):
    assert status(address, "/theme.css", Host=host) in (400, 403)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost.evil.example"])
def test_another_site_s_request_is_refused(address, origin):
    body = json.dumps({"data": [None, "Who?"], "fn_index": 1, "session_hash": "x"})
    assert status(address, "/gradio_api/queue/join", method="POST", body=body, Origin=origin, Content_Type="application/json") == 403
    assert status(address, "/gradio_api/upload", method="POST", body="x", Origin=origin) == 403


def test_an_address_in_place_of_an_uploaded_file_is_refused():
    with gradio.Blocks():
        box = _only_uploaded(gradio.File())
    # in a thread of its own, since the browser's client runs a loop in this one
    with ThreadPoolExecutor(1) as pool, pytest.raises(gradio.Error, match="only files"):
        pool.submit(lambda: asyncio.run(box.async_move_resource_to_block_cache("https://198.51.100.7/x.txt"))).result()


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://198.51.100.7/x",
        "/gradio_api/file%3Dhttp://198.51.100.7/x",
        "/file=https://198.51.100.7/",
        "/gradio_api/proxy=https://x.hf.space/",
        "/gradio_api/FILE=/etc/passwd",
    ],
)
def test_no_file_and_no_address_is_fetched_for_anybody(address, path):
    assert status(address, path) == 404


def test_a_file_that_is_too_large_is_refused(address):
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    body = head + b"x" * 21_000_000 + b"\r\n--cut--\r\n"
    small = head + b"x" * 1_000 + b"\r\n--cut--\r\n"
    kind = "multipart/form-data; boundary=cut"
    assert status(address, "/gradio_api/upload", method="POST", body=small, Content_Type=kind) == 200
    assert status(address, "/gradio_api/upload", method="POST", body=body, Content_Type=kind) == 413
    # what is too much comes with the end of the body, after which nothing comes
    body = head + b"x" * (MOST_OF_A_FILE + 1) + b"\r\n--cut--\r\n"
    assert status(address, "/gradio_api/upload", method="POST", body=body, Content_Type=kind) == 413
