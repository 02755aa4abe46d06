"""Visits, findings and notices as officials, auditors and providers may list them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from procurement.contract_enums import FindingState, VisitState
from procurement.contract_rules import contracts_of_contractor, contracts_of_official
from procurement.models import (
    Contract,
    ContractNotice,
    Finding,
    FindingReply,
    FindingResult,
    Visit,
)

if TYPE_CHECKING:
    from portal.accounts.models import User

WAITING, OVERDUE, ALL = "waiting", "overdue", "all"
SHOWN: Final = (WAITING, OVERDUE, ALL)
_CONTRACT: Final = ("contract__contractor", "contract__hromada", "contract__commissioner", "contract__profile")


def contracts_to_monitor(user: User) -> QuerySet[Contract]:
    """Return the contracts whose monitoring the official, or an auditor, may see."""
    return contracts_of_official(user).select_related("contractor", "hromada", "commissioner", "profile")


def visits_of(contracts: QuerySet[Contract]) -> QuerySet[Visit]:
    """Return visits, those that wait for something first: held ones, then planned ones by day, then the past."""
    urgency = Case(
        When(state=VisitState.HELD, then=Value(0)),
        When(state=VisitState.PLANNED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Visit.objects.filter(contract__in=contracts).select_related(*_CONTRACT, "checklist", "follows")
    return rows.annotate(urgency=urgency).order_by("urgency", "planned_on", "pk")


def findings_to_see(contracts: QuerySet[Contract], shown: str, today: date) -> QuerySet[Finding]:
    """Return findings that were told to the provider: those that wait, those past their term, or all."""
    rows = Finding.objects.filter(contract__in=contracts, visit__state=VisitState.CONCLUDED)
    if shown != ALL:
        rows = rows.filter(state__in=FindingState.unsolved)
    if shown == OVERDUE:
        rows = rows.filter(state=FindingState.OPEN, due_on__lt=today)
    return rows.select_related(*_CONTRACT, "kind", "visit").order_by("state", "due_on", "pk")


def findings_with_story() -> QuerySet[Finding]:
    """Return findings with everything said about them in order; which of them a person reads, `contract_rules` says."""
    return Finding.objects.select_related(*_CONTRACT, "kind", "visit").prefetch_related(
        Prefetch("replies", FindingReply.objects.select_related("document").order_by("at", "pk")),
        Prefetch("results", FindingResult.objects.select_related("visit").order_by("at", "pk")),
        "notices",
    )


def notices_of(contracts: QuerySet[Contract]) -> QuerySet[ContractNotice]:
    """Return warnings and notices, the newest first."""
    rows = ContractNotice.objects.filter(contract__in=contracts).select_related(*_CONTRACT, "ground")
    return rows.prefetch_related("findings").order_by("-sent_at", "-pk")


def own_contracts(user: User) -> QuerySet[Contract]:
    """Return the contracts of the person's organisations."""
    return contracts_of_contractor(user).select_related("contractor", "hromada", "commissioner")
