"""The face that articles are set in, from this server: a reader's browser asks no other for it."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FONT = "/fonts/{name}"
# a browser asks for a face once a week; one that is drawn anew gets another name
_HEADERS = {"Cache-Control": "public, max-age=604800"}


def font(request: Request) -> Response:
    """Answers with one of the files; they are licensed under the OFL, which lies beside them."""
    name = request.path_params["name"]
    file = next((file for file in files("rag.web").joinpath("static", "fonts").iterdir() if file.name == name and name.endswith(".woff2")), None)
    if file is None:
        return PlainTextResponse("There is no such face.", 404)
    return Response(file.read_bytes(), media_type="font/woff2", headers=_HEADERS)
