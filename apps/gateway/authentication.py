"""API keys as bearer tokens. Sessions have no place here: nothing in the API needs CSRF protection."""

from dataclasses import asdict

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.gateway import interface as gateway
from apps.gateway.access import KeyUser


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer hl_...`"""

    def authenticate(self, request: Request) -> tuple[KeyUser, None] | None:
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        holder = gateway.verify_key(key.strip().decode("latin-1"))
        if holder is None:
            raise AuthenticationFailed("This API key is unknown or revoked.")
        return KeyUser(**asdict(holder)), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="hookloop"'
