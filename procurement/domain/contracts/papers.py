"""The code printed on a version of a contract; that of the version which takes its place supersedes it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import verification
from portal.kernel.models import VerificationCode
from procurement.models import Contract, ContractVersion

CONTRACT_KIND: Final = "contract"


def issue_contract_code(*, contract: Contract, version: ContractVersion, now: datetime) -> VerificationCode:
    """Issue the code of a version in the transaction that offers it."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Contract № %(number)s, version %(version)d: %(title)s")
        title %= {"number": contract.number, "version": version.number, "title": version.title}
    return verification.issue(
        kind=CONTRACT_KIND,
        subject=f"procurement.contract:{contract.number}",
        title=title[:500],
        at=now,
        document_digest=version.digest,
    )


def supersede_code(before: ContractVersion | None, version: ContractVersion, *, now: datetime) -> None:
    """Let the code of the version that is now in force stand in place of the one before."""
    if before is None or before.code is None or version.code is None or before.code.superseded_by_id is not None:
        return
    verification.supersede(before.code, version.code, at=now)
