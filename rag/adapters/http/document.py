"""The API's OpenAPI document: FastAPI's, with every error as the problem that it is, and with examples."""

import json
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from rag.adapters.http.problems import MEDIA_TYPE
from rag.adapters.http.schemas import Problem

_REFERENCE = "#/components/schemas/{model}"
# what FastAPI says of its own errors, which are not the ones given here
_NOT_GIVEN = ("HTTPValidationError", "ValidationError")
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "The scheme to use.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
}


def describe(app: FastAPI, *, guarded: bool) -> None:
    """Gives the app its document; `guarded` says that a token is needed."""
    made = app.openapi

    @cache
    def openapi() -> dict[str, Any]:
        document = made()
        schemas = document["components"]["schemas"]
        for name in _NOT_GIVEN:
            schemas.pop(name, None)
        schemas.update(models_json_schema([(Problem, "serialization")], ref_template=_REFERENCE)[1]["$defs"])
        if guarded:
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        examples = json.loads(files("rag.adapters.http").joinpath("examples.json").read_text(encoding="utf-8"))
        for path, item in document["paths"].items():
            for method, operation in item.items():
                _complete(operation, path, method, guarded=guarded)
                if example := examples.get(operation["operationId"]):
                    operation["responses"]["200"]["content"]["application/json"]["examples"] = {"seeds": {"value": example}}
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(operation: dict[str, Any], path: str, method: str, *, guarded: bool) -> None:
    open_to_all = path == "/healthz"
    statuses = [403, 500]
    statuses += [] if open_to_all else [429]
    statuses += [401] if guarded and not open_to_all else []
    statuses += [] if path == "/metrics" else [503]
    statuses += [400, 413, 415] if method == "post" else []
    statuses += [422] if "requestBody" in operation or "parameters" in operation else []
    statuses += [404] if path.endswith("{id}") else []
    operation["responses"] |= {str(status): _problem(status) for status in sorted(statuses)}
    if guarded and not open_to_all:
        operation["security"] = [{"token": []}]


def _problem(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase
    example = {"type": "about:blank", "title": phrase, "status": status, "detail": "What is the matter, and what to do."}
    response: dict[str, Any] = {
        "description": phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}, "example": example}},
    }
    return response | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
