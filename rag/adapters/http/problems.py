"""Every error as a problem of RFC 9457, which tells its reader what to do and nothing of the inside.

All are of the type about:blank: the status says what kind of problem it is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag.adapters.http.line import Closed, Full
from rag.adapters.http.service import Gone
from rag.errors import ArchiveLocked, InputError, PullquoteError
from rag.serving.telling import told

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
ALL_TAKEN = "All places are taken; try again later."
# a request may be wrong in ten thousand places, and name each at length
_MOST_ERRORS, _LONGEST_NAME = 20, 200
_DETAILS = {
    400: "The request's body is not JSON.",
    404: "There is nothing here; /v1/openapi.json lists what there is.",
    405: "This address does not answer that method; the header Allow lists those that it does.",
}


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """A response that says what is wrong. `errors` name the parts of the request: `pointer` (RFC 6901) or `parameter`, and `detail`."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    # in ASCII: a name that a caller sent may be no valid Unicode
    return Response(json.dumps(body).encode("ascii"), status, headers, MEDIA_TYPE)


def busy(detail: str) -> Response:
    return problem(503, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def handle(app: FastAPI) -> None:
    """Makes the app answer whatever is raised in it with a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Full, _full)
    app.add_exception_handler(Closed, _closed)
    app.add_exception_handler(Gone, _gone)
    app.add_exception_handler(PullquoteError, _pullquote)
    app.add_exception_handler(Exception, _unexpected)


async def _invalid(_: Request, error: Exception) -> Response:
    found, body = (error.errors(), error.body) if isinstance(error, RequestValidationError) else ([], None)
    if any(one["type"] == "json_invalid" for one in found):
        return problem(400, _DETAILS[400])
    return problem(422, "The request is not of the form that /v1/openapi.json gives.", errors=[_part(one, body) for one in found[:_MOST_ERRORS]])


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    # the document's own address is no route of FastAPI's, and has one route only
    headers = {"Allow": _allowed(request)} if status == 405 and "route" in request.scope else getattr(error, "headers", None)
    # Starlette's and FastAPI's own details are bare phrases
    return problem(status, detail if detail.endswith(".") else _DETAILS.get(status, f"{detail}."), headers=headers)


async def _full(_: Request, __: Exception) -> Response:
    return busy(ALL_TAKEN)


async def _closed(_: Request, __: Exception) -> Response:
    return busy("The server is stopping; try again later.")


async def _gone(_: Request, __: Exception) -> Response:
    # read by nobody but the metrics; nginx's number for it
    return Response(status_code=499)


async def _pullquote(_: Request, error: Exception) -> Response:
    said = f"{told(error)}."
    if isinstance(error, InputError):
        return problem(422, said)
    return busy(said) if isinstance(error, ArchiveLocked) else problem(500, said)


async def _unexpected(_: Request, __: Exception) -> Response:
    return problem(500, "This is a mistake in the program; the server's log has it.")


def _allowed(request: Request) -> str:
    """All methods of the address: Starlette names those of one of its routes."""
    path = str(request.scope["route"].path).replace(":path}", "}")
    return ", ".join(sorted(method.upper() for method in request.app.openapi()["paths"][path]))


def _part(error: Mapping[str, Any], body: object) -> dict[str, str]:
    place, *path = error["loc"]
    detail = str(error["msg"])
    if place != "body":
        return {"parameter": str(path[0])[:_LONGEST_NAME], "detail": detail}
    steps = _steps(path, body, missing=error["type"] == "missing")
    return {"pointer": "#" + "".join("/" + step[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for step in steps), "detail": detail}


def _steps(path: Sequence[str | int], body: Any, *, missing: bool) -> Iterator[str]:
    """The steps that lead into the body that was sent; pydantic names the types that it tried among them."""
    for number, step in enumerate(path, start=1):
        if (isinstance(body, dict) and step in body) or (isinstance(body, list) and isinstance(step, int)):
            body = body[step]  # type: ignore[index]
            yield str(step)
        elif missing and number == len(path):
            yield str(step)
