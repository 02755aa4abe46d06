"""The desk of the official who follows contracts: what is due, what is overdue, what is unusual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import F, Q
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionKind,
    ContractVersionState,
    FindingState,
    MilestoneState,
    ReportState,
    VisitState,
)
from procurement.interfaces.contract_items import LISTED, SOON, Item, by_day, item, undated
from procurement.interfaces.contract_links import (
    official_act,
    official_finding,
    official_notice,
    official_page,
    official_report,
    official_visit,
)
from procurement.interfaces.moments import in_words
from procurement.models import (
    AcceptanceAct,
    Contract,
    ContractNotice,
    ContractVersion,
    Finding,
    Milestone,
    ServiceReport,
    Visit,
)
from procurement.queries.contracts.unpaid import left_of, with_corrections
from registry.models import Territory
from registry.templatetags.register import money

if TYPE_CHECKING:
    from django.db.models import QuerySet

# so many are shown on the desk of orders
FIRST: Final = 5
RELATED: Final = ("contract__contractor", "contract__hromada")


@dataclass(slots=True)
class ContractGroup:
    """All that waits in one contract."""

    contract: Contract
    items: list[Item] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        return any(one.is_late for one in self.items)


def waiting_in(contracts: QuerySet[Contract], today: date) -> list[Item]:
    """Return what waits in these contracts, the earliest first, in a fixed number of queries."""
    found = [
        *_contracts(contracts, today),
        *_amendments(contracts),
        *_reports(contracts, today),
        *_acts(contracts, today),
        *_milestones(contracts, today),
        *_visits(contracts, today),
        *_findings(contracts, today),
        *_notices(contracts, today),
    ]
    return by_day(found)


@dataclass(frozen=True, slots=True)
class ContractPanel:
    """What of contracts stands on the desk of a hromada's orders: how much is late, how much waits, the first of it."""

    late: int
    waiting: int
    first: list[Item]


def contract_panel(hromada: Territory, today: date) -> ContractPanel | None:
    """Return the panel of a hromada; nothing, in one query, where it has no contract."""
    contracts = Contract.objects.filter(hromada=hromada)
    if not contracts.exists():
        return None
    items = waiting_in(contracts, today)
    late = sum(one.is_late for one in items)
    return ContractPanel(late, len(items) - late, items[:FIRST])


def by_contract(items: list[Item]) -> list[ContractGroup]:
    """Put the same things together by contract, those with something late first."""
    groups: dict[int, ContractGroup] = {}
    for one in items:
        groups.setdefault(one.contract.pk, ContractGroup(one.contract)).items.append(one)
    return sorted(groups.values(), key=lambda group: not group.is_late)


def _contracts(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    """Yield contracts that are to be offered, signed or closed."""
    over = Q(state__in=ContractState.running, service_to__lt=today)
    rows = contracts.filter(over | Q(state__in=ContractState.unsigned)).select_related("contractor", "hromada")
    for one in rows.order_by(F("sign_by").asc(nulls_last=True), "service_to", "pk")[:LISTED]:
        url = official_page("contract", one)
        if one.state == ContractState.DRAFT:
            yield item(one, _("Prepare the contract and offer it"), url, one.sign_by, today)
        elif one.state == ContractState.OFFERED:
            yield item(one, _("Both sides sign the contract"), url, one.sign_by, today)
        else:
            ended = _("service until %(day)s") % {"day": in_words(one.service_to)}
            yield item(one, _("Close the contract"), official_page("close", one), one.service_to, today, detail=ended)


def _amendments(contracts: QuerySet[Contract]) -> Iterator[Item]:
    rows = ContractVersion.objects.filter(
        contract__in=contracts, kind=ContractVersionKind.AMENDMENT, state=ContractVersionState.OFFERED
    )
    for one in rows.select_related(*RELATED).defer("content", "sections").order_by("offered_at", "pk")[:LISTED]:
        yield undated(one.contract, _("Both sides sign the amendment"), official_page("contract", one.contract))


def _reports(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    """Yield reports to be checked, and those that have not come in time."""
    late = Q(state__in=ReportState.open, due_on__lt=today, contract__state__in=ContractState.running)
    rows = ServiceReport.objects.filter(late | Q(state=ReportState.FILED), contract__in=contracts)
    for one in rows.select_related(*RELATED).order_by("due_on", "pk")[:LISTED]:
        words = {"period": _period(one.period_from, one.period_to)}
        url = official_report(one)
        if one.state == ReportState.FILED:
            filed = _("filed on %(day)s") % {"day": in_words(day_of(one.filed_at))} if one.filed_at else ""
            yield undated(one.contract, _("Check the report for %(period)s") % words, url, detail=filed)
        else:
            yield item(one.contract, _("The provider owes the report for %(period)s") % words, url, one.due_on, today)


def _acts(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    """Yield acts to be accepted and acts to be paid."""
    unpaid = Q(state=ActState.ACCEPTED, accepted__gt=F("paid"))
    rows = AcceptanceAct.objects.filter(unpaid | Q(state=ActState.CLAIMED), contract__in=contracts)
    ordered = with_corrections(rows).select_related(*RELATED).defer("content")
    for one in ordered.order_by(F("payment_due_on").asc(nulls_last=True), "claimed_at", "pk")[:LISTED]:
        words = {"number": one.number}
        if one.state == ActState.CLAIMED:
            text = _("Accept or return act № %(number)s") % words
            yield undated(one.contract, text, official_act(one), detail=money(one.claimed))
        elif left := left_of(one):
            text = _("Pay act № %(number)s") % words
            yield item(one.contract, text, official_act(one), one.payment_due_on, today, detail=money(left))


def _milestones(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    rows = Milestone.objects.filter(
        contract__in=contracts,
        contract__state__in=ContractState.running,
        state=MilestoneState.PLANNED,
        due_on__lte=today + SOON,
    )
    for one in rows.select_related(*RELATED).order_by("due_on", "pk")[:LISTED]:
        text = _("Judge the milestone: %(title)s") % {"title": one.title}
        yield item(one.contract, text, official_page("milestones", one.contract), one.due_on, today)


def _visits(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    near = Q(state=VisitState.PLANNED, planned_on__lte=today + SOON)
    rows = Visit.objects.filter(near | Q(state=VisitState.HELD), contract__in=contracts)
    for one in rows.select_related(*RELATED).order_by("planned_on", "pk")[:LISTED]:
        if one.state == VisitState.HELD:
            held = _("held on %(day)s") % {"day": in_words(one.held_on)}
            yield undated(one.contract, _("Write the conclusion of the visit"), official_visit(one), detail=held)
        else:
            yield item(one.contract, _("Hold the visit"), official_visit(one), one.planned_on, today)


def _findings(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    late = Q(state=FindingState.OPEN, due_on__lt=today)
    rows = Finding.objects.filter(
        late | Q(state=FindingState.REPLIED), contract__in=contracts, visit__state=VisitState.CONCLUDED
    )
    for one in rows.select_related("kind", *RELATED).order_by("due_on", "pk")[:LISTED]:
        words = {"number": one.number}
        if one.state == FindingState.REPLIED:
            text = _("Judge the reply to finding № %(number)s") % words
            yield undated(one.contract, text, official_finding(one), detail=one.kind.text)
        else:
            text = _("The provider owes a reply to finding № %(number)s") % words
            yield item(one.contract, text, official_finding(one), one.due_on, today, detail=one.kind.text)


def _notices(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    over = Q(answer_by__lt=today) | Q(answered_at__isnull=False)
    rows = ContractNotice.objects.filter(
        over, contract__in=contracts, contract__state__in=ContractState.running, withdrawn_at=None
    )
    for one in rows.select_related(*RELATED).order_by("answer_by", "pk")[:LISTED]:
        said = _("the provider has answered") if one.answered_at else _("no answer has come")
        text = _("Decide what follows notice № %(number)s") % {"number": one.number}
        yield item(one.contract, text, official_notice(one), one.answer_by, today, detail=said)


def _period(first: date, last: date) -> str:
    return f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"
