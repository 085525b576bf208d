"""Who may call, as the SDK asks for it."""

from mcp.server.auth.provider import AccessToken

from rag.serving.bearer_tokens import BearerTokens


class Verifier:
    """Bearer tokens from a file, as the SDK's TokenVerifier."""

    def __init__(self, tokens: BearerTokens) -> None:
        self._tokens = tokens

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who has that token; None for nobody."""
        place = self._tokens.place(token.encode("utf-8", "surrogatepass"))
        return None if place is None else AccessToken(token="", client_id=f"token {place + 1}", scopes=[])
