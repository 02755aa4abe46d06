"""A visit: what was seen, sent by one device or several, and the conclusion that makes findings of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, FindingState, VisitState
from procurement.contract_workflow import VISIT
from procurement.domain.contracts.steps import lock_contract, move, official_actor, require_contract_state
from procurement.domain.monitoring.checklists import checklist_for, items_of
from procurement.domain.monitoring.conclusions import content_of, gaps_of, prepared
from procurement.domain.monitoring.merging import merge
from procurement.domain.monitoring.sendings import HEAD, Sending, VisitFaultsError, keepable, read_sending
from procurement.domain.wording import required_text
from procurement.models import ChecklistVersion, Finding, Visit, VisitSubmission
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST: Final = 8000
_LINE: Final = "\n\n"


@transaction.atomic
def receive(
    *, visit_id: int, user: User, key: UUID, device: str, content: Mapping[str, Any], now: datetime
) -> VisitSubmission:
    """Take in what a device saw, and put it together with what others saw; the same key is taken once.

    Answers may come late: the day of the visit is judged by the contract, not the day of the sending. Raises
    `StepRefused`, `VisitFaultsError`.
    """
    visit, actor = lock_visit(visit_id, user)
    known = VisitSubmission.objects.filter(key=key).first()
    if known is not None:
        return _same(known, visit)
    _require_open(visit)
    if visit.checklist is None:
        visit.checklist = checklist_for(visit.contract)
    read = read_sending(content, visit, now)
    sent = VisitSubmission.objects.create(
        visit=visit,
        key=key,
        device=keepable(device)[:64],
        content=read.content,
        # the key is in it too: nobody guesses what was seen from the digest in the public log
        digest=audit.digest_of({**read.content, "key": str(key)}),
        at=now,
        by=user,
    )
    _put_answers(visit, read, sent.device)
    _put_head(visit, read, now)
    visit.visitor = visit.visitor or user
    move(
        visit,
        "hold" if visit.state == VisitState.PLANNED else "add",
        flow=VISIT,
        actor=actor,
        now=now,
        contract=visit.contract,
        payload={"number": visit.number, "digest": sent.digest},
        fields=["checklist", "held_on", "visitor", *HEAD],
    )
    return sent


@transaction.atomic
def choose_checklist(*, visit_id: int, user: User, checklist_id: int, now: datetime) -> Visit:
    """Take another checklist for a visit of which nothing was sent yet."""
    del now
    visit, _actor = lock_visit(visit_id, user)
    if visit.state != VisitState.PLANNED:
        raise StepRefused(_("The visit is filled in by its checklist already."))
    version = ChecklistVersion.objects.filter(pk=checklist_id).first()
    if version is None:
        raise StepRefused(_("Choose a checklist from the list."))
    visit.checklist = version
    visit.save(update_fields=["checklist"])
    return visit


@transaction.atomic
def conclude(*, visit_id: int, user: User, conclusion: str, now: datetime) -> Visit:
    """Publish the conclusion: what is not met becomes findings that the provider has to reply to.

    Raises `StepRefused` while anything that a finding needs is missing (`conclusions.gaps_of` names it all).
    """
    visit, actor = lock_visit(visit_id, user)
    VISIT.step("conclude", state=visit.state)
    if gaps_of(visit, now):
        raise StepRefused(_("The visit is not ready to be concluded: see what is missing."))
    visit.conclusion = required_text(
        conclusion, empty=_("Write the conclusion of the visit: it is published."), longest=LONGEST
    )
    visit.concluded_at, visit.concluded_by = now, user
    findings = [_finding(visit, number, values) for number, values in enumerate(prepared(visit, now), _next(visit))]
    visit.digest = audit.digest_of(content_of(visit, findings))
    serious = [one.severity for one in findings]
    visit.log_seq = move(
        visit,
        "conclude",
        flow=VISIT,
        actor=actor,
        now=now,
        contract=visit.contract,
        payload={
            "number": visit.number,
            "digest": visit.digest,
            "findings": {one: serious.count(one) for one in sorted(set(serious))},
        },
        fields=["conclusion", "concluded_at", "concluded_by", "digest"],
    )
    visit.save(update_fields=["log_seq"])
    visit.findings.update(log_seq=visit.log_seq)
    return visit


def lock_visit(visit_id: int, user: User) -> tuple[Visit, Actor]:
    """Return the visit of a concluded contract, both rows held, and the official; raises `PermissionDenied`."""
    contract = lock_contract(Visit.objects.values_list("contract_id", flat=True).get(pk=visit_id))
    actor = official_actor(contract, user)
    require_contract_state(contract, *map(ContractState, ContractState.public))
    visit = Visit.objects.select_for_update(of=("self",)).select_related("checklist", "follows").get(pk=visit_id)
    visit.contract = contract
    return visit, actor


def _same(known: VisitSubmission, visit: Visit) -> VisitSubmission:
    if known.visit_id != visit.pk:
        raise StepRefused(_("Open the form of the visit anew."))
    return known


def _require_open(visit: Visit) -> None:
    if visit.state == VisitState.CONCLUDED:
        raise StepRefused(_("The visit is concluded: nothing more is taken."))
    if visit.state == VisitState.CANCELLED:
        raise StepRefused(_("The visit was cancelled."))


def _put_answers(visit: Visit, read: Sending, device: str) -> None:
    stored = {row.code: row for row in visit.answers.all()}
    places = {item.code: place for place, item in enumerate(items_of(visit.checklist))}
    # rows are made in the order of the checklist, what it does not ask comes last
    for code in sorted(read.answers, key=lambda code: places.get(code, len(places))):
        row = merge(stored.get(code), read.answers[code], code=code, device=device)
        if row is not None:
            row.visit = visit
            row.save()


def _put_head(visit: Visit, read: Sending, now: datetime) -> None:
    visit.held_on = read.held_on or visit.held_on or _day_allowed(visit, now)
    for name, value in read.head.items():
        stored = getattr(visit, name)
        if not value or value == stored:
            continue
        known = read.was.get(name, "")
        # another device has written meanwhile: both texts stay
        both = stored not in ("", known) and name != "place"
        joined = stored if value in stored else f"{stored}{_LINE}{value}"
        setattr(visit, name, joined if both else value)


def _day_allowed(visit: Visit, now: datetime) -> date:
    today = day_of(now)
    if visit.contract.ended_on and today > visit.contract.ended_on:
        raise VisitFaultsError({"held_on": _("Enter the day of the visit.")})
    return today


def _next(visit: Visit) -> int:
    last = visit.contract.findings.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _finding(visit: Visit, number: int, values: Mapping[str, Any]) -> Finding:
    return Finding.objects.create(
        visit=visit, contract=visit.contract, number=number, state=FindingState.OPEN, **values
    )
