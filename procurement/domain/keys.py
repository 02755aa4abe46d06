"""The keys of competitions: a pair for each, its private half wrapped by the sealing key that lies outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompetitionKeys:
    """What a competition keeps: the public key, the private one wrapped, and the name of what wrapped it."""

    public: bytes
    wrapped: bytes
    sealed_by: str


def new_competition_keys(context: str) -> CompetitionKeys:
    """Make the keys of one competition; `context` is bound into the wrapping. Raises `vault.VaultError`."""
    raise NotImplementedError


def key_faults() -> list[str]:
    """Say in sentences what is wrong with the sealing key and the key of drafts; nothing when all is well.

    Every competition not opened yet must name a key that is in the file, and that key must fit what it wrapped.
    """
    raise NotImplementedError
