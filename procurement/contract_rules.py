"""Who may do what with a contract and all that belongs to it; every surface asks these predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules
from django.utils import timezone

from portal.accounts import rules as accounts
from portal.accounts.enums import Role
from portal.accounts.models import Mandate, User
from procurement.contract_enums import ContractState, QualityKind, QualityState, VisitState
from procurement.models import Contract, Finding, QualityEvaluation, Visit
from procurement.rules import can_commission, hromadas_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


def acts_for_contractor(user: Any, contract: Contract) -> bool:
    """Say whether the person holds a mandate of the provider: such an official does nothing for the commissioner."""
    if not user.is_authenticated:
        return False
    active = Mandate.objects.active(timezone.localdate())
    return active.filter(person=user, organisation=contract.contractor_id).exists()


@rules.predicate
def can_run_contract(user: User, contract: Contract | None) -> bool:
    """Say whether the person acts for the commissioner: an official of the hromada who has no mandate of the other."""
    if contract is None or not can_commission(user, contract.hromada):
        return False
    return not acts_for_contractor(user, contract)


@rules.predicate
def can_fulfil_contract(user: User, contract: Contract | None) -> bool:
    """Say whether the person may prepare what the provider says about a contract that was offered to it."""
    if contract is None or contract.state == ContractState.DRAFT:
        return False
    return bool(accounts.can_edit_for(user, contract.contractor))


@rules.predicate
def can_sign_contract(user: User, contract: Contract | None) -> bool:
    """Say whether the person may sign, file and claim in the provider's name."""
    if contract is None or contract.state == ContractState.DRAFT:
        return False
    return bool(accounts.can_sign_for(user, contract.contractor))


def is_auditor(user: Any) -> bool:
    """Say whether the account looks on everything that is kept of contracts, and changes nothing."""
    return user.is_authenticated and user.is_active and bool(user.roles & {Role.AUDITOR, Role.ADMINISTRATOR})


@rules.predicate
def can_read_contract(user: User, contract: Contract | None) -> bool:
    """Say whether the person may read what is not public of a contract: drafts, reports in work, claims, notes.

    The hromada's officials, auditors, and, from the offer on, the provider's own people; one of these who is an
    official besides reads as the provider alone, and learns of no planned visit.
    """
    return contract is not None and (_looks_on(user, contract) or bool(can_fulfil_contract(user, contract)))


def _looks_on(user: Any, contract: Contract) -> bool:
    """Say whether the person reads a contract as an official of the hromada or an auditor."""
    if not is_auditor(user) and not can_commission(user, contract.hromada):
        return False
    return not acts_for_contractor(user, contract)


def contracts_of_official(user: Any) -> QuerySet[Contract]:
    """Return the contracts of the hromadas for which this official orders services; an auditor has all.

    None of a provider for which the person acts.
    """
    rows = Contract.objects.all() if is_auditor(user) else Contract.objects.filter(hromada__in=hromadas_of(user))
    own = accounts.mandates_of(user, timezone.localdate())
    return rows.exclude(contractor__in=own.values("organisation"))


def contracts_of_contractor(user: Any) -> QuerySet[Contract]:
    """Return the contracts, offered or later, of the organisations for which the person holds a mandate."""
    active = accounts.mandates_of(user, timezone.localdate())
    rows = Contract.objects.filter(contractor__in=active.values("organisation"))
    return rows.exclude(state=ContractState.DRAFT)


@rules.predicate
def can_hold_visit(user: User, visit: Visit | None) -> bool:
    """Say whether the person may fill in the form of a visit."""
    return visit is not None and bool(can_run_contract(user, visit.contract))


@rules.predicate
def can_read_finding(user: User, finding: Finding | None) -> bool:
    """Say whether the person may read a finding, replies and files among it; until its visit is over, officials."""
    if finding is None or not can_read_contract(user, finding.contract):
        return False
    if finding.visit.state == VisitState.CONCLUDED:
        return True
    return _looks_on(user, finding.contract)


@rules.predicate
def can_evaluate_quality(user: User, evaluation: QualityEvaluation | None) -> bool:
    """Say whether the person may work on an evaluation: internal, the provider's people; external, the hromada's.

    An official who holds a mandate of the provider evaluates it in no working group.
    """
    if evaluation is None:
        return False
    if evaluation.kind == QualityKind.INTERNAL:
        return bool(accounts.can_edit_for(user, evaluation.organisation))
    return bool(can_commission(user, evaluation.hromada)) and not accounts.can_edit_for(user, evaluation.organisation)


@rules.predicate
def can_publish_quality(user: User, evaluation: QualityEvaluation | None) -> bool:
    """Say whether the person may publish it: of an internal one, who may sign for the provider."""
    if evaluation is None or not can_evaluate_quality(user, evaluation):
        return False
    if evaluation.kind == QualityKind.INTERNAL:
        return bool(accounts.can_sign_for(user, evaluation.organisation))
    return True


@rules.predicate
def can_reply_to_quality(user: User, evaluation: QualityEvaluation | None) -> bool:
    """Say whether the person may reply in the provider's name to what was published."""
    if evaluation is None or evaluation.state != QualityState.PUBLISHED:
        return False
    return bool(accounts.can_sign_for(user, evaluation.organisation))


rules.add_perm("procurement.run_contract", can_run_contract)
rules.add_perm("procurement.fulfil_contract", can_fulfil_contract)
rules.add_perm("procurement.sign_contract", can_sign_contract)
rules.add_perm("procurement.read_contract", can_read_contract)
rules.add_perm("procurement.hold_visit", can_hold_visit)
rules.add_perm("procurement.read_finding", can_read_finding)
rules.add_perm("procurement.evaluate_quality", can_evaluate_quality)
rules.add_perm("procurement.publish_quality", can_publish_quality)
rules.add_perm("procurement.reply_to_quality", can_reply_to_quality)
