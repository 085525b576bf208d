import asyncio
import socket
import threading
from contextlib import contextmanager

import pytest
from jsonschema import Draft202012Validator
from mcp import Client

from rag.adapters.mcp import door
from rag.adapters.mcp.serving import http_server


async def checked(client, name, arguments):
    """The call's result, its structured content proved against the tool's output schema: by the client, and by us."""
    schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
    result = await client.call_tool(name, arguments)
    if not result.is_error and name in schemas:
        Draft202012Validator(schemas[name]).validate(result.structured_content)
    return result


@pytest.fixture
def call():
    """Calls a tool of an archive's door by the official client, in this process."""

    def called(archive, name, **arguments):
        async def calling():
            async with Client(door(archive)) as client:
                return await checked(client, name, arguments)

        return asyncio.run(calling())

    return called


@contextmanager
def running(archive, **settings):
    """The port of a server in this process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = http_server(archive, port, **settings)
        # one that does not end fails its test, and does not keep the others from ending
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(timeout=120)
            assert not thread.is_alive()
