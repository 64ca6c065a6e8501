"""Signatures of webhooks after the Standard Webhooks specification 1.0.0. Plain functions; keeps nothing."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

#: Leads a symmetric secret in its written form.
SECRET_MARK = "whsec_"  # noqa: S105 (a prefix, not a secret)


def derived_secret(master: str, endpoint: UUID, version: int) -> str:
    """An endpoint's secret, 256 bits of it, from the installation's own: so that no table holds any.

    Another `master` or `version` makes another secret.
    """
    message = f"hookloop webhook secret {endpoint} {version}".encode()
    raw = hmac.new(master.encode(), message, hashlib.sha256).digest()
    return SECRET_MARK + base64.b64encode(raw).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body`, as the specification's "Signature scheme" has it."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed_headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message; several secrets in force make several signatures."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(s, message_id, timestamp, body) for s in secrets),
    }
