"""The letters of a step of a contract: who reads what; carried out by the worker, after the commit.

Each writer looks at the row as it is now: what has been overtaken meanwhile is not said any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import models, transaction
from django.utils import translation

from portal.accounts.letters import Letter, post
from portal.accounts.models import User
from portal.kernel import outbox
from portal.kernel.calendar import day_of
from portal.kernel.models import OutboxMessage
from procurement import contract_course_letters as course
from procurement import contract_letters as letters
from procurement import contract_monitoring_letters as monitoring
from procurement.contract_enums import FindingState, Side
from procurement.contract_notifications import CONTRACT
from procurement.domain.risks.replies import party_of
from procurement.models import (
    AcceptanceAct,
    Contract,
    ContractNotice,
    ContractSignature,
    ContractStep,
    ContractVersion,
    Finding,
    FindingReply,
    Milestone,
    Payment,
    RiskCard,
    ServiceReport,
    Visit,
)
from procurement.queries.contracts.readers import officials_of_contract, officials_of_place, people_of_provider

Told = Iterator[tuple[Iterable[User], Letter | None]]
Writer = Callable[[Any, datetime], Told]

_PARTIES: Final = ("commissioner__organisation", "contractor", "hromada")
_OF_CONTRACT: Final = tuple(f"contract__{name}" for name in _PARTIES)
_ROWS: Final[dict[str, tuple[type[models.Model], tuple[str, ...]]]] = {
    "contract": (Contract, _PARTIES),
    "contractversion": (ContractVersion, _OF_CONTRACT),
    "contractsignature": (ContractSignature, tuple(f"version__{name}" for name in _OF_CONTRACT)),
    "servicereport": (ServiceReport, _OF_CONTRACT),
    "acceptanceact": (AcceptanceAct, _OF_CONTRACT),
    "payment": (Payment, tuple(f"act__{name}" for name in _OF_CONTRACT)),
    "milestone": (Milestone, _OF_CONTRACT),
    "visit": (Visit, _OF_CONTRACT),
    "finding": (Finding, ("kind", *_OF_CONTRACT)),
    "findingreply": (FindingReply, ("finding__kind", *(f"finding__{name}" for name in _OF_CONTRACT))),
    "contractnotice": (ContractNotice, ("ground", *_OF_CONTRACT)),
    "riskcard": (RiskCard, ("rule", "competition__hromada", *_OF_CONTRACT)),
}


@outbox.handles(CONTRACT)
def write_of_contract(message: OutboxMessage) -> None:
    """Write all letters of the step or none, in the portal's first language; nothing of them is kept once they left."""
    content = message.payload
    model, related = _ROWS[content["thing"]]
    row = model._default_manager.select_related(*related).filter(pk=content["id"]).first()  # noqa: SLF001
    if row is None:
        # a draft that was thrown away, or invented data that were removed
        return
    write = WRITERS[content["thing"], content["step"]]
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        for number, (readers, letter) in enumerate(write(row, datetime.fromisoformat(content["at"]))):
            for user in readers if letter is not None else ():
                post(f"{message.key}:{number}:{user.pk}", user.email, letter, forget=True)  # type: ignore[arg-type]


# --- readers and pieces ----------------------------------------------------------------------------------------------


def _officials(contract: Contract, at: datetime) -> list[User]:
    return officials_of_contract(contract, day_of(at))


def _provider(contract: Contract, at: datetime) -> list[User]:
    return people_of_provider(contract.contractor_id, day_of(at))


def _why(row: models.Model, step: str, at: datetime) -> str:
    """Return what was said with the step."""
    rows = ContractStep.objects.filter(thing=row._meta.model_name, key=str(row.pk), step=step, at=at)  # noqa: SLF001
    return rows.values_list("comment", flat=True).first() or ""


def _to_officials(write: Callable[[Any], Letter | None]) -> Writer:
    def told(row: Any, at: datetime) -> Told:
        yield _officials(row.contract, at), write(row)

    return told


def _to_provider(write: Callable[[Any], Letter | None]) -> Writer:
    def told(row: Any, at: datetime) -> Told:
        yield _provider(row.contract, at), write(row)

    return told


# --- the contract ----------------------------------------------------------------------------------------------------


def _stepped(step: str, *, both: bool = False) -> Writer:
    def told(contract: Contract, at: datetime) -> Told:
        reason = contract.end_reason if step in ("fail", "terminate") else _why(contract, step, at)
        # of a draft the provider never heard
        if contract.number:
            yield _provider(contract, at), letters.stepped(contract, Side.CONTRACTOR, step, reason)
        if both:
            yield _officials(contract, at), letters.stepped(contract, Side.COMMISSIONER, step, reason)

    return told


def _unsigned(contract: Contract, at: datetime) -> Told:
    is_over = contract.sign_by is not None and contract.sign_by < day_of(at)
    yield _officials(contract, at), letters.still_unsigned(contract, Side.COMMISSIONER, is_over=is_over)
    if contract.number:
        yield _provider(contract, at), letters.still_unsigned(contract, Side.CONTRACTOR, is_over=is_over)


def _past_end(contract: Contract, at: datetime) -> Told:
    yield _officials(contract, at), letters.past_end(contract)


def _withdrawn(version: ContractVersion, at: datetime) -> Told:
    yield _provider(version.contract, at), letters.withdrawn_version(version, _why(version, "withdraw", at))


def _signed(signature: ContractSignature, at: datetime) -> Told:
    contract, side = signature.version.contract, Side(signature.side)
    readers = _provider(contract, at) if side == Side.COMMISSIONER else _officials(contract, at)
    yield readers, letters.half_signed(signature.version, side)


# --- what it brings --------------------------------------------------------------------------------------------------


def _report_due(report: ServiceReport, at: datetime) -> Told:
    is_late = report.due_on is not None and report.due_on < day_of(at)
    yield _provider(report.contract, at), course.report_due(report, Side.CONTRACTOR, is_late=is_late)
    if is_late:
        yield _officials(report.contract, at), course.report_due(report, Side.COMMISSIONER, is_late=True)


def _act_returned(act: AcceptanceAct, at: datetime) -> Told:
    yield _provider(act.contract, at), course.act_returned(act, _why(act, "return", at) or act.reason)


def _paid(payment: Payment, at: datetime) -> Told:
    yield _provider(payment.act.contract, at), course.paid(payment)


def _visited(visit: Visit, at: datetime) -> Told:
    waiting = visit.findings.filter(state=FindingState.OPEN).count()
    yield _provider(visit.contract, at), monitoring.visit_concluded(visit, waiting)


def _finding_replied(finding: Finding, at: datetime) -> Told:
    reply = finding.replies.order_by("-at", "-pk").first()
    if reply is not None:
        yield _officials(finding.contract, at), monitoring.finding_replied(finding, reply)


def _reply_added(reply: FindingReply, at: datetime) -> Told:
    yield _officials(reply.finding.contract, at), monitoring.finding_replied(reply.finding, reply)


def _finding_judged(finding: Finding, at: datetime) -> Told:
    result = finding.results.order_by("-at", "-pk").first()
    if result is not None:
        yield _provider(finding.contract, at), monitoring.finding_judged(finding, result)


def _finding_due(finding: Finding, at: datetime) -> Told:
    yield _provider(finding.contract, at), monitoring.finding_due(finding, Side.CONTRACTOR)
    if finding.due_on is not None and finding.due_on < day_of(at):
        yield _officials(finding.contract, at), monitoring.finding_due(finding, Side.COMMISSIONER)


# --- risk cards ------------------------------------------------------------------------------------------------------


def _sides(card: RiskCard, at: datetime) -> Iterator[tuple[Side, list[User]]]:
    party, on = party_of(card), day_of(at)
    if card.contract is not None:
        place = card.contract.hromada
    else:
        assert card.competition is not None
        place = card.competition.hromada
    yield Side.COMMISSIONER, officials_of_place(place, party, on)
    if party is not None:
        yield Side.CONTRACTOR, people_of_provider(party.pk, on)


def _risk_found(card: RiskCard, at: datetime) -> Told:
    for side, people in _sides(card, at):
        yield people, letters.risk_found(card, side)


def _risk_replied(card: RiskCard, at: datetime) -> Told:
    reply = card.replies.filter(at__lte=at).order_by("-at", "-pk").first()
    for side, people in _sides(card, at):
        if reply is not None and side != reply.side:
            yield people, letters.risk_replied(card, side, reply)


WRITERS: Final[dict[tuple[str, str], Writer]] = {
    ("contract", "take_back"): _stepped("take_back"),
    ("contract", "conclude"): _stepped("conclude", both=True),
    ("contract", "fail"): _stepped("fail"),
    ("contract", "amend"): _stepped("amend", both=True),
    ("contract", "suspend"): _stepped("suspend"),
    ("contract", "resume"): _stepped("resume"),
    ("contract", "close"): _stepped("close"),
    ("contract", "terminate"): _stepped("terminate"),
    ("contract", "remind_sign"): _unsigned,
    ("contract", "remind_end"): _past_end,
    ("contractversion", "offer"): _to_provider(letters.offered),
    ("contractversion", "withdraw"): _withdrawn,
    ("contractsignature", "sign"): _signed,
    ("servicereport", "file"): _to_officials(course.report_filed),
    ("servicereport", "return"): _to_provider(course.report_returned),
    ("servicereport", "accept"): _to_provider(course.report_accepted),
    ("servicereport", "remind"): _report_due,
    ("acceptanceact", "claim"): _to_officials(course.act_claimed),
    ("acceptanceact", "withdraw"): _to_officials(course.act_withdrawn),
    ("acceptanceact", "return"): _act_returned,
    ("acceptanceact", "accept"): _to_provider(course.act_accepted),
    ("acceptanceact", "remind_pay"): _to_officials(course.act_to_pay),
    ("payment", "enter"): _paid,
    ("payment", "refund"): _paid,
    ("payment", "undo"): _paid,
    ("milestone", "miss"): _to_provider(course.milestone_judged),
    ("milestone", "waive"): _to_provider(course.milestone_judged),
    ("milestone", "remind"): _to_officials(course.milestone_past),
    ("visit", "conclude"): _visited,
    ("finding", "reply"): _finding_replied,
    ("finding", "reopen"): _finding_judged,
    ("finding", "close"): _finding_judged,
    ("finding", "remind"): _finding_due,
    ("findingreply", "add"): _reply_added,
    ("contractnotice", "send"): _to_provider(monitoring.notice_sent),
    ("contractnotice", "answer"): _to_officials(monitoring.notice_answered),
    ("contractnotice", "withdraw"): _to_provider(monitoring.notice_withdrawn),
    ("contractnotice", "remind"): _to_officials(monitoring.notice_over),
    ("riskcard", "open"): _risk_found,
    ("riskcard", "reply"): _risk_replied,
}
