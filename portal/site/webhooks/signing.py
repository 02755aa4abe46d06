"""Signatures of webhooks as Standard Webhooks has them: HMAC-SHA256 of the identifier, the moment and the body.

The secret is `whsec_` and 32 bytes in base64. It lies in the database encrypted with a key made of the installation's,
so that a copy of the database signs nothing.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final

from django.utils.crypto import salted_hmac

from portal.kernel import vault

PREFIX: Final = "whsec_"
_CONTEXT: Final = b"portal.site.webhook"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(vault.KEY_BYTES)).decode()


def locked(secret: str) -> bytes:
    """Return the secret as the database keeps it."""
    return vault.encrypt(secret.encode(), _key(), _CONTEXT)


def unlocked(kept: bytes) -> str:
    """Return the secret; raises `vault.SealBroken` where the key of the installation has changed."""
    return vault.decrypt(bytes(kept), _key(), _CONTEXT).decode()


def headers_of(secret: str, *, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which the receiver knows that the body is ours, and of this moment."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature(secret, message, stamp, body)}",
    }


def signature(secret: str, message: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = f"{message}.{stamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, told, "sha256")).decode()


def _key() -> bytes:
    return salted_hmac("portal.site.webhook", "", algorithm="sha256").digest()
