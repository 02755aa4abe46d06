"""What a proposal is when it is submitted: one canonical text, its digest with a salt, and the seal around both.

`digest` is the SHA-256 of the canonical statement; `commitment` is the SHA-256 of `{"digest": …, "salt": …}` in the
same form (sorted keys, no spaces). The public log gets the commitment: without the salt nobody can try guesses on it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, vault
from portal.kernel.workflow import StepRefused
from procurement.domain.seal import sealed_files
from procurement.domain.seal.working_copies import WorkingCopy
from procurement.enums import CoApplicantState
from procurement.models import CompetitionVersion, Proposal

SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Statement:
    """What was submitted with its salt; `body` is everything but the salt."""

    body: Mapping[str, Any]
    salt: str

    @property
    def digest(self) -> str:
        return audit.digest_of(self.body)

    @property
    def commitment(self) -> str:
        return commitment_of(self.digest, self.salt)


def make_statement(
    proposal: Proposal, content: Mapping[str, Any], files: Mapping[str, Any], version: CompetitionVersion
) -> Statement:
    """Put together what the proposal says at this moment, with a fresh salt."""
    co_applicants = proposal.co_applicants.filter(state=CoApplicantState.ACCEPTED).select_related("organisation")
    body = {
        "content": dict(content),
        "files": {key: dict(about) for key, about in files.items()},
        "organisation": _organisation(proposal.organisation),
        "lots": list(content.get("lots") or ()),
        "competition": proposal.competition.number,
        "version": version.number,
        "co_applicants": [_organisation(one.organisation) for one in co_applicants],
    }
    return Statement(body, secrets.token_hex(SALT_BYTES))


def seal(statement: Statement, proposal: Proposal) -> bytes:
    """Encrypt the statement for the key of its competition, bound to the competition and to this very proposal."""
    plain = audit.canonical({**statement.body, "salt": statement.salt}).encode()
    return vault.seal(plain, bytes(proposal.competition.public_key or b""), _info(proposal))


def unseal(sealed: bytes, private: bytes, proposal: Proposal) -> Statement:
    """Decrypt what `seal` made; raises `vault.SealBroken`."""
    try:
        body = json.loads(vault.unseal(sealed, private, _info(proposal)))
        return Statement(body, body.pop("salt"))
    except (ValueError, KeyError, AttributeError) as error:
        raise vault.SealBroken("what was sealed is not a proposal") from error


def commitment_of(digest: str, salt: str) -> str:
    """Return what the public log has of a digest: whoever is given both can count it again."""
    return audit.digest_of({"digest": digest, "salt": salt})


def files_of(proposal: Proposal, content: Mapping[str, Any], copy: WorkingCopy) -> dict[str, dict[str, Any]]:
    """Return the files that the content names; raises `StepRefused` when one is not on the disk any more."""
    named = set(_texts(content.values()))
    files = {key: about for key, about in copy.files.items() if key in named}
    rows = {str(row.pk): row for row in proposal.files.filter(pk__in=files)}
    for key, about in files.items():
        if key not in rows or not sealed_files.path_of(rows[key]).is_file():
            raise StepRefused(_("The file “%(name)s” is lost. Attach it again.") % {"name": about["name"]})
    return files


def merkle_root(commitments: Iterable[str]) -> str:
    """Return the root of the hash tree over the sorted commitments: one number by which none can be added or dropped.

    As in RFC 9162: a leaf is the digest of 0x00 and the 32 bytes of the commitment, a node that of 0x01 and its two
    children; the left one holds the largest power of two that is smaller than the whole. No leaves: digest of nothing.
    """
    leaves = [sha256(b"\x00" + bytes.fromhex(one)).digest() for one in sorted(commitments)]
    return _root(leaves).hex() if leaves else sha256(b"").hexdigest()


def _root(nodes: list[bytes]) -> bytes:
    if len(nodes) == 1:
        return nodes[0]
    left = 1 << (len(nodes) - 1).bit_length() - 1
    return sha256(b"\x01" + _root(nodes[:left]) + _root(nodes[left:])).digest()


def _organisation(organisation: Any) -> dict[str, Any]:
    return {"id": organisation.pk, "name": organisation.name, "code": organisation.code or ""}


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _texts(value)


def _info(proposal: Proposal) -> bytes:
    return f"proposal\n{proposal.competition.number}\n{proposal.pk}".encode()
