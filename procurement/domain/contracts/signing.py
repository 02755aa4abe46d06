"""Both sides sign a version; with the second signature the contract is concluded, or amended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, ContractVersionKind, ContractVersionState, Side
from procurement.contract_workflow import CONTRACT, CONTRACT_VERSION
from procurement.domain.contracts.contents import funding_of
from procurement.domain.contracts.floors import line_faults, sum_fault
from procurement.domain.contracts.making import require_award
from procurement.domain.contracts.papers import supersede_code
from procurement.domain.contracts.signature_files import keep_signature
from procurement.domain.contracts.steps import (
    contractor_actor,
    lock_contract,
    move,
    official_actor,
    record,
    version_in_force,
)
from procurement.domain.delivery.budget import apply_funding
from procurement.domain.delivery.schedule import lay_out_reports
from procurement.models import Award, Contract, ContractSignature, ContractVersion
from procurement.queries.contracts.public import contractor_name
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User

AGREED = ("title", "sum", "service_from", "service_to")


@transaction.atomic
def sign(
    *,
    version_id: int,
    user: User,
    side: str,
    signer: str,
    now: datetime,
    file: File[bytes] | None = None,
    paper: bytes = b"",
    digest: str = "",
) -> ContractVersion:
    """Confirm the version for one side, with the file of a qualified signature where there is one.

    `paper` is the PDF that was signed, `digest` that of the version which the page showed: another one is refused. The
    second of the two signatures puts the version in force: the sum is bound to budget lines and reports are laid out.
    A second press changes nothing. Raises `StepRefused`, `DocumentRefused`, `PermissionDenied`.
    """
    contract_id = ContractVersion.objects.values_list("contract_id", flat=True).get(pk=version_id)
    contract = lock_contract(contract_id)
    actor = _side(contract, user, side)
    version = ContractVersion.objects.select_for_update(of=("self",)).select_related("code").get(pk=version_id)
    version.contract = contract
    if version.signatures.filter(side=side).exists():
        return version
    _require_signable(contract, version, signer, digest)
    _write(version, side, actor, signer, now, file, paper)
    if set(version.signatures.values_list("side", flat=True)) == set(Side.values):
        _put_in_force(contract, version, actor, now)
    return version


def _side(contract: Contract, user: User, side: str) -> Actor:
    """Return who signs: one person never signs for both (`contract_rules`)."""
    if side == Side.COMMISSIONER:
        return official_actor(contract, user)
    return contractor_actor(contract, user, signs=True)


def _require_signable(contract: Contract, version: ContractVersion, signer: str, digest: str) -> None:
    if version.state != ContractVersionState.OFFERED:
        raise StepRefused(_("This version does not wait for signatures."))
    if digest and digest != version.digest:
        raise StepRefused(_("The text is not the one you have read: it was changed meanwhile. Read it again."))
    if not signer.strip():
        raise StepRefused(_("Say who signs and in what post."))
    is_first = version.kind == ContractVersionKind.FIRST
    if contract.state not in ((ContractState.OFFERED,) if is_first else ContractState.running):
        raise StepRefused(_("The contract has moved on: this is not possible any more, or not yet."))
    if is_first and contract.award_id:
        rows = Award.objects.select_for_update(of=("self",)).select_related("decision__superseded_by")
        require_award(rows.get(pk=contract.award_id))


def _write(
    version: ContractVersion,
    side: str,
    actor: Actor,
    signer: str,
    now: datetime,
    file: File[bytes] | None,
    paper: bytes,
) -> None:
    """Write the signature; the log has the digests of the version and of the file, never a name."""
    if actor.user is None:
        raise ValueError("nobody but a person signs")
    document, told = keep_signature(file, version.contract, actor.user, now, paper=paper) if file else (None, {})
    made = ContractSignature.objects.create(
        version=version,
        side=side,
        by=actor.user,
        signer=_shown_signer(version.contract, side, signer),
        at=now,
        digest=version.digest,
        document=document,
        check_result=told,
    )
    payload = {"version": version.number, "side": side, "digest": version.digest}
    if document is not None:
        payload |= {"file": document.sha256}
    made.log_seq = record(made, "sign", actor=actor, now=now, contract=version.contract, payload=payload)
    made.save(update_fields=["log_seq"])


def _shown_signer(contract: Contract, side: str, signer: str) -> str:
    """Return who signs as everybody reads it: a natural person who is the provider is not named."""
    is_person = contract.contractor.person_type == PersonType.NATURAL_PERSON
    return contractor_name(contract) if side == Side.CONTRACTOR and is_person else signer.strip()


def _put_in_force(contract: Contract, version: ContractVersion, actor: Actor, now: datetime) -> None:
    """Write what both have agreed on into the contract, bind its money, ask for its reports."""
    before = version_in_force(contract)
    _require_not_below(contract, version)
    version.signed_at = now
    payload = {"version": version.number, "digest": version.digest, "sum": str(version.sum)}
    version.log_seq = move(
        version,
        "sign",
        flow=CONTRACT_VERSION,
        actor=actor,
        now=now,
        contract=contract,
        payload=payload,
        fields=["signed_at"],
    )
    version.save(update_fields=["log_seq"])
    supersede_code(before, version, now=now)
    for name in AGREED:
        setattr(contract, name, getattr(version, name))
    slugs = version.lines.filter(service_type__isnull=False).values_list("service_type__slug", flat=True)
    contract.services = sorted(set(slugs))
    contract.version, contract.changed_at = version.number, now
    fields = [*AGREED, "services", "version", "changed_at"]
    step = "conclude" if before is None else "amend"
    if before is None:
        contract.first_sum = version.sum
        contract.concluded_on, contract.concluded_at = day_of(now), now
        fields += ["first_sum", "concluded_on", "concluded_at"]
    else:
        contract.suspended_at = None
        fields += ["suspended_at"]
    move(contract, step, flow=CONTRACT, actor=actor, now=now, contract=contract, payload=payload, fields=fields)
    apply_funding(contract, funding_of(version))
    lay_out_reports(contract, actor=actor, now=now)


def _require_not_below(contract: Contract, version: ContractVersion) -> None:
    """Raise `StepRefused` where acts have taken more than the version leaves: they went on while it waited."""
    told = [fault for _number, fault in line_faults(contract, version)]
    below = sum_fault(contract, version)
    if told or below:
        raise StepRefused(" ".join(filter(None, (*told, below))))
