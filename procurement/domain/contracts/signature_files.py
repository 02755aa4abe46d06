"""Files of signatures: kept closed, looked at as far as the portal can, and no further.

A Ukrainian qualified signature (DSTU 4145) is not verified here. `cryptography` does not know its curves; `dstu-core`
(0.5, alpha, not audited) computes the bare signature but reads neither CMS nor certificates nor the trusted list, and
without these a signature proves nobody's will. So the portal says what the file holds, and where it is verified.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.serialization import pkcs7
from django.utils.translation import gettext_lazy as _

from portal.kernel.document_types import DocumentRefused
from portal.kernel.documents import allow_readers, clean_name, refuse_flood, store
from procurement import contract_rules
from procurement.models import Contract, ContractSignature

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User
    from portal.kernel.models import StoredDocument

KIND: Final = "contract-signature"
# where everybody verifies a qualified signature, the body that keeps the trusted list
VERIFIER: Final = "https://czo.gov.ua/verify"
TYPES: Final = {"p7s": "cades", "asice": "asic-e"}
# the parts of a container that are about the signatures and not signed themselves
_ABOUT: Final = "META-INF/"
_ZIP: Final = b"PK"


def keep_signature(
    file: File[bytes], contract: Contract, user: User, now: datetime, *, paper: bytes
) -> tuple[StoredDocument, dict[str, Any]]:
    """Take in the file of a signature in the caller's transaction, and say what it holds; raises `DocumentRefused`."""
    refuse_flood(user, now)
    if Path(clean_name(file.name or "")).suffix[1:].lower() not in TYPES:
        raise DocumentRefused("type", _("A signature is a file of the type .p7s or .asice."))
    document = store(file, kind=KIND, subject=f"procurement.contract:{contract.pk}", by=user, at=now)
    return document, looked_at(document.path, paper)


def looked_at(path: Path, paper: bytes) -> dict[str, Any]:
    """Return what is known of a signature's file: its container, whether it encloses the very paper; never who signed.

    `encloses` is true or false where the file holds what was signed, null where it is a signature beside its paper.
    `verified` is false always: see above.
    """
    told: dict[str, Any] = {"verified": False, "paper": sha256(paper).hexdigest() if paper else ""}
    content = path.read_bytes()
    if content.startswith(_ZIP):
        return {**told, "container": "asic-e", **_container(path, told["paper"])}
    return {**told, "container": "cades", **_message(content, paper)}


def _container(path: Path, digest: str) -> dict[str, Any]:
    """Look into a container: its signatures are files of their own beside what they sign."""
    with zipfile.ZipFile(path) as package:
        names = [one for one in package.namelist() if not one.endswith("/") and one != "mimetype"]
        signed = [one for one in names if not one.startswith(_ABOUT)]
        digests = {sha256(package.read(one)).hexdigest() for one in signed}
    signatures = [one for one in names if one.startswith(_ABOUT) and "signature" in one.lower()]
    return {"signatures": len(signatures), "files": len(signed), "encloses": digest in digests if digest else None}


def _message(content: bytes, paper: bytes) -> dict[str, Any]:
    """Look into a CMS message: what it encloses lies in it as it is; a message without it is longer by nothing."""
    return {"readable": _certificates(content) is not None, "encloses": True if paper and paper in content else None}


def _certificates(content: bytes) -> int | None:
    """Return how many certificates the message carries; nothing where it cannot be read as one."""
    load = pkcs7.load_pem_pkcs7_certificates if content.startswith(b"-----") else pkcs7.load_der_pkcs7_certificates
    try:
        return len(load(content))
    except Exception:  # noqa: BLE001 the library raises kinds of its own for what it does not know
        return None


def can_read_signature(document: StoredDocument, user: Any) -> bool:
    """Let in the parties' own people and auditors; the file names whose key signed."""
    rows = ContractSignature.objects.filter(document=document)
    related = ("version__contract__hromada", "version__contract__contractor")
    return any(contract_rules.can_read_contract(user, one.version.contract) for one in rows.select_related(*related))


def open_signature_files() -> None:
    """Tell the kernel who reads these files; called once, when the app is ready."""
    allow_readers(KIND, can_read_signature)
