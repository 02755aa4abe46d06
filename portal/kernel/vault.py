"""Cryptography for what must stay unread, all of it the library's own: HPKE (RFC 9180) and AES-256-GCM.

Sealing needs only a public key. Its private key is wrapped by a sealing key, which lives in a file outside database and
media and is read by whoever opens. Encryption with a key that the server holds is for what its owner reads every day.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class VaultError(Exception):
    """Something sealed cannot be opened, or a key is not there; the message never holds key material."""


class KeyMissing(VaultError):  # noqa: N818 the name says what happened
    """The file of keys, or the very key that is asked for, is not there."""


class KeyBroken(VaultError):  # noqa: N818
    """The file of keys is not what it should be."""


class SealBroken(VaultError):  # noqa: N818
    """The key does not fit, or the bytes have been changed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key with its public one, 32 raw bytes each; it is never printed."""

    private: bytes = field(repr=False)
    public: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        return key_id(self.public)


def new_pair() -> Pair:
    return _pair(X25519PrivateKey.generate())


def pair_of(private: bytes) -> Pair:
    """Return the pair of a raw private key; raises `KeyBroken`."""
    try:
        return _pair(X25519PrivateKey.from_private_bytes(private))
    except ValueError as error:
        raise KeyBroken("a private key has 32 bytes") from error


def key_id(public: bytes) -> str:
    """Return the name by which a key is known: sixteen signs of the digest of its public half."""
    return sha256(public).hexdigest()[:16]


def seal(plain: bytes, public: bytes, info: bytes) -> bytes:
    """Encrypt for whoever has the private key; the same `info` must be named to open."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info)


def unseal(sealed: bytes, private: bytes, info: bytes) -> bytes:
    """Decrypt what `seal` made; raises `SealBroken`."""
    try:
        return _SUITE.decrypt(bytes(sealed), X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not open with this key") from error


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def encrypt(plain: bytes, key: bytes, context: bytes) -> bytes:
    """Encrypt with a key of 32 bytes; the same `context` must be named to decrypt."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def decrypt(data: bytes, key: bytes, context: bytes) -> bytes:
    """Decrypt what `encrypt` made; raises `SealBroken`."""
    data = bytes(data)
    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the key does not fit or the bytes have been changed") from error


# --- keys in files -------------------------------------------------------------------------------------------------


def read_keys(path: Path) -> tuple[bytes, ...]:
    """Return the keys of a file, 32 bytes each, the current one first; raises `KeyMissing` or `KeyBroken`.

    One key a line in base64; empty lines and those that begin with # are passed over.
    """
    try:
        lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissing(f"the file of keys cannot be read: {path}") from error
    keys = []
    for line in lines:
        if not line or line.startswith("#"):
            continue
        try:
            key = base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError) as error:
            raise KeyBroken(f"a line of the file of keys is not base64: {path}") from error
        if len(key) != KEY_BYTES:
            raise KeyBroken(f"a key has not {KEY_BYTES} bytes: {path}")
        keys.append(key)
    if not keys:
        raise KeyMissing(f"the file of keys holds no key: {path}")
    return tuple(keys)


def write_new_key(path: Path, comment: str) -> bytes:
    """Make a file with one new key that only its owner may read, and return the key; an existing file stays.

    Raises `FileExistsError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = new_key()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# {comment}\n{base64.b64encode(key).decode()}\n")
    return key


def add_key(path: Path, comment: str) -> bytes:
    """Put a new key before the others of a file and return it: it is the current one from now on, the others decrypt.

    Raises `KeyMissing` or `KeyBroken` for a file that is not whole.
    """
    read_keys(path)
    key = new_key()
    draft = path.with_name(f"{path.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# {comment}\n{base64.b64encode(key).decode()}\n{path.read_text(encoding='ascii')}")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return key


def _pair(private: X25519PrivateKey) -> Pair:
    return Pair(private.private_bytes_raw(), private.public_key().public_bytes_raw())
