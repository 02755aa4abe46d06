"""Warnings, and the notice that goes before a termination for breach: sent, answered, withdrawn, waited for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, NoticeKind, VisitState
from procurement.domain.contracts.steps import (
    contractor_actor,
    lock_contract,
    official_actor,
    record,
    require_contract_state,
)
from procurement.domain.monitoring.grounds import ground_on
from procurement.domain.monitoring.notice_terms import answer_term
from procurement.domain.wording import required_text
from procurement.enums import GroundUse
from procurement.models import Contract, ContractNotice, Finding

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST: Final = 8000


def notice_that_allows(contract: Contract, now: datetime) -> ContractNotice | None:
    """Return the notice before termination whose term to answer is over and which was not withdrawn; or nothing."""
    rows = ContractNotice.objects.filter(
        contract=contract, kind=NoticeKind.TERMINATION, withdrawn_at__isnull=True, answer_by__lt=day_of(now)
    )
    return rows.select_related("ground").order_by("-number").first()


@transaction.atomic
def send_notice(
    *,
    contract_id: int,
    user: User,
    kind: str,
    ground_id: int,
    finding_ids: Collection[int],
    text: str,
    answer_by: date,
    key: UUID,
    now: datetime,
) -> ContractNotice:
    """Warn the provider, or tell it that the contract is going to be terminated; the same key sends once.

    The day to answer by is the official's, not earlier than the term `contract-notice` of the profile where it is set.
    """
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    known = ContractNotice.objects.filter(key=key).first()
    if known is not None:
        return _same(known, contract)
    require_contract_state(contract, *map(ContractState, ContractState.running))
    if kind not in NoticeKind.values:
        raise StepRefused(_("Choose what is sent."))
    _require_time(contract, kind, answer_by, now)
    notice = ContractNotice.objects.create(
        contract=contract,
        number=(contract.notices.aggregate(last=Max("number"))["last"] or 0) + 1,
        kind=kind,
        ground=ground_on(ground_id, GroundUse.NOTICE, contract, day_of(now)),
        text=required_text(text, empty=_("Write what the provider is told: it is published."), longest=LONGEST),
        sent_at=now,
        sent_by=user,
        answer_by=answer_by,
        key=key,
    )
    findings = _findings(contract, finding_ids)
    notice.findings.set(findings)
    told = _payload(notice, findings)
    return _stamped(notice, record(notice, "send", actor=actor, now=now, contract=contract, payload=told))


@transaction.atomic
def answer_notice(*, notice_id: int, user: User, text: str, now: datetime) -> ContractNotice:
    """Answer once, as who may sign for the provider; a late answer is taken too, and its day is seen."""
    notice = _held(notice_id)
    actor = contractor_actor(notice.contract, user, signs=True)
    if notice.withdrawn_at is not None:
        raise StepRefused(_("The notice was withdrawn: there is nothing to answer."))
    if notice.answered_at is not None:
        raise StepRefused(_("The notice is answered already."))
    notice.answer = required_text(text, empty=_("Write your answer: it is published."), longest=LONGEST)
    notice.answered_at, notice.answered_by = now, user
    notice.save(update_fields=["answer", "answered_at", "answered_by"])
    payload = {"number": notice.number, "digest": audit.digest_of({"answer": notice.answer})}
    record(notice, "answer", actor=actor, now=now, contract=notice.contract, payload=payload)
    return notice


@transaction.atomic
def withdraw_notice(*, notice_id: int, user: User, reason: str, now: datetime) -> ContractNotice:
    """Take a notice back with a reason that everybody reads; it allows nothing from then on."""
    notice = _held(notice_id)
    actor = official_actor(notice.contract, user)
    require_contract_state(notice.contract, *map(ContractState, ContractState.running))
    if notice.withdrawn_at is not None:
        raise StepRefused(_("The notice is withdrawn already."))
    notice.withdrawn_reason = required_text(
        reason, empty=_("Say why the notice is withdrawn: it is published."), longest=LONGEST
    )
    notice.withdrawn_at = now
    notice.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    payload = {"number": notice.number, "digest": audit.digest_of({"reason": notice.withdrawn_reason})}
    record(notice, "withdraw", actor=actor, now=now, contract=notice.contract, payload=payload)
    return notice


def _held(notice_id: int) -> ContractNotice:
    contract = lock_contract(ContractNotice.objects.values_list("contract_id", flat=True).get(pk=notice_id))
    notice = ContractNotice.objects.select_for_update(of=("self",)).select_related("ground").get(pk=notice_id)
    notice.contract = contract
    return notice


def _same(known: ContractNotice, contract: Contract) -> ContractNotice:
    if known.contract_id != contract.pk:
        raise StepRefused(_("Write the notice anew."))
    return known


def _require_time(contract: Contract, kind: str, answer_by: date, now: datetime) -> None:
    if answer_by <= day_of(now):
        raise StepRefused(_("The day to answer by lies after the day of sending."))
    earliest, _why = answer_term(contract, now) if kind == NoticeKind.TERMINATION else (None, "")
    if earliest is not None and answer_by < earliest:
        raise StepRefused(_("The reference table gives the provider more time: choose a later day to answer by."))


def _findings(contract: Contract, finding_ids: Collection[int]) -> list[Finding]:
    """Return the findings of the contract that were told to the provider; raises `StepRefused` for any other."""
    rows = Finding.objects.filter(contract=contract, visit__state=VisitState.CONCLUDED, pk__in=finding_ids)
    found = list(rows.order_by("number"))
    if len(found) != len(set(finding_ids)):
        raise StepRefused(_("Choose findings of this contract."))
    return found


def _payload(notice: ContractNotice, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "number": notice.number,
        "kind": notice.kind,
        "ground": notice.ground.slug,
        "answer_by": notice.answer_by.isoformat(),
        "findings": [one.number for one in findings],
        "digest": audit.digest_of({"text": notice.text}),
    }


def _stamped(notice: ContractNotice, seq: int) -> ContractNotice:
    notice.log_seq = seq
    notice.save(update_fields=["log_seq"])
    return notice
