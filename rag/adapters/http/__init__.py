"""The HTTP API: `pullquote serve --api`. It needs the extra `api`; FastAPI loads when `door` is imported."""
