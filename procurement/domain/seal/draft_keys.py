"""The key of drafts, held by the server for what people read every day: the first of its file encrypts, all decrypt.

It encrypts the keys of working copies until the close, and of opened files after the opening. It opens no seal.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from portal.kernel import vault
from procurement.models import Proposal


def encrypt_key(key: bytes, context: bytes) -> bytes:
    """Encrypt a key by the current key of drafts; raises `vault.VaultError`."""
    return vault.encrypt(key, _keys()[0], context)


def decrypt_key(data: bytes, context: bytes) -> bytes:
    """Decrypt a key that any of the keys of drafts encrypted; raises `vault.VaultError`."""
    for key in _keys():
        try:
            return vault.decrypt(data, key, context)
        except vault.SealBroken:
            continue
    raise vault.SealBroken("no key of drafts fits")


def key_of(proposal: Proposal) -> bytes:
    """Return the key of a working copy; raises `vault.VaultError`, also when the close has destroyed it."""
    if proposal.draft_key is None:
        raise vault.KeyMissing("the working copy has no key any more")
    return decrypt_key(bytes(proposal.draft_key), _context(proposal))


def give_key(proposal: Proposal) -> bytes:
    """Make a key for the working copy of a proposal that has none; the caller saves the row."""
    key = vault.new_key()
    proposal.draft_key = encrypt_key(key, _context(proposal))
    return key


def fits(proposal: Proposal) -> bool:
    """Say whether a key of drafts opens the working copy of this proposal."""
    try:
        key_of(proposal)
    except vault.VaultError:
        return False
    return True


def _keys() -> tuple[bytes, ...]:
    return vault.read_keys(Path(settings.DRAFT_KEY_FILE))


def _context(proposal: Proposal) -> bytes:
    return f"draft key\n{proposal.pk}".encode()
