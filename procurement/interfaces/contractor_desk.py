"""The desk of a provider's people: what to sign, to file, to mend, to answer, and what will be paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement import contract_rules
from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionState,
    FindingState,
    ReportState,
    RiskState,
    Side,
    VisitState,
)
from procurement.interfaces.contract_items import LISTED, SOON, Item, by_day, item, undated
from procurement.interfaces.contract_links import (
    provider_act,
    provider_finding,
    provider_notice,
    provider_page,
    provider_report,
    provider_risk,
)
from procurement.interfaces.moments import in_words
from procurement.models import (
    AcceptanceAct,
    Contract,
    ContractNotice,
    ContractSignature,
    ContractVersion,
    Finding,
    RiskCard,
    RiskReply,
    ServiceReport,
)
from procurement.queries.contracts.unpaid import left_of, with_corrections
from registry.templatetags.register import money

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User

_RELATED: Final = ("contract__contractor", "contract__commissioner__organisation")
_TOLD_FIRST: Final = 5


@dataclass(slots=True)
class ContractorDesk:
    """`returned` is what came back with remarks, `checked` what the commissioner looks at, `paid` what is to come."""

    to_do: list[Item] = field(default_factory=list)
    returned: list[Item] = field(default_factory=list)
    answers: list[Item] = field(default_factory=list)
    checked: list[Item] = field(default_factory=list)
    paid: list[Item] = field(default_factory=list)
    to_come: Decimal = Decimal(0)

    def __bool__(self) -> bool:
        return bool(self.waiting or self.checked or self.paid)

    @property
    def waiting(self) -> list[Item]:
        """All that waits for the provider itself, the earliest first."""
        return by_day([*self.returned, *self.to_do, *self.answers])

    @property
    def first(self) -> list[Item]:
        return self.waiting[:_TOLD_FIRST]

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.waiting)


def contractor_desk(user: User, today: date) -> ContractorDesk:
    """Return the desk of everybody for whom the person may act, in a fixed number of queries."""
    contracts = contract_rules.contracts_of_contractor(user)
    desk = ContractorDesk()
    desk.to_do += _unsigned(contracts, today)
    _reports(desk, contracts, today)
    _acts(desk, contracts, today)
    desk.answers += [*_findings(contracts, today), *_notices(contracts, today), *_cards(contracts)]
    for part in (desk.to_do, desk.answers, desk.paid):
        part[:] = by_day(part)
    return desk


def contractor_panel(user: User, today: date) -> ContractorDesk | None:
    """Return the desk for the first page of the cabinet; nothing, in one query, where there is no contract."""
    return contractor_desk(user, today) if contract_rules.contracts_of_contractor(user).exists() else None


def contracts_listed(user: User) -> QuerySet[Contract]:
    """Return the contracts of the person's organisations, those that run first."""
    rows = contract_rules.contracts_of_contractor(user).select_related("commissioner__organisation", "contractor")
    is_over = Q(state__in=ContractState.terminal)
    return rows.annotate(is_over=Q(is_over)).order_by("is_over", "-concluded_on", "-pk")


def _unsigned(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    """Yield versions that the provider has not signed; of a first one until when."""
    own = ContractSignature.objects.filter(version=OuterRef("pk"), side=Side.CONTRACTOR)
    rows = ContractVersion.objects.filter(~Exists(own), contract__in=contracts, state=ContractVersionState.OFFERED)
    for one in rows.select_related(*_RELATED).defer("content", "sections").order_by("offered_at", "pk")[:LISTED]:
        url = provider_page("sign", one.contract)
        if one.contract.state == ContractState.OFFERED:
            yield item(one.contract, _("Sign the contract"), url, one.contract.sign_by, today)
        else:
            yield undated(one.contract, _("Sign the amendment"), url)


def _reports(desk: ContractorDesk, contracts: QuerySet[Contract], today: date) -> None:
    ended = Q(state=ReportState.DUE) & (Q(period_to__lt=today) | Q(due_on__lte=today + SOON))
    done = Q(state=ReportState.ACCEPTED) & ~Exists(
        AcceptanceAct.objects.filter(report=OuterRef("pk")).exclude(state=ActState.WITHDRAWN)
    )
    rows = ServiceReport.objects.filter(
        ended | done | Q(state__in=(ReportState.FILED, ReportState.RETURNED)),
        contract__in=contracts,
        contract__state__in=ContractState.public,
    )
    for one in rows.select_related(*_RELATED).order_by(F("due_on").asc(nulls_last=True), "pk")[:LISTED]:
        words = {"period": f"{one.period_from:%d.%m.%Y} – {one.period_to:%d.%m.%Y}"}
        url = provider_report(one)
        if one.state == ReportState.RETURNED:
            text = _("Correct the report for %(period)s") % words
            desk.returned.append(undated(one.contract, text, url, detail=one.reason))
        elif one.state == ReportState.FILED:
            desk.checked.append(undated(one.contract, _("Report for %(period)s") % words, url))
        elif one.state == ReportState.DUE:
            desk.to_do.append(item(one.contract, _("File the report for %(period)s") % words, url, one.due_on, today))
        else:
            text = _("Make the act for %(period)s") % words
            desk.to_do.append(undated(one.contract, text, url))


def _acts(desk: ContractorDesk, contracts: QuerySet[Contract], today: date) -> None:
    unpaid = Q(state=ActState.ACCEPTED, accepted__gt=F("paid"))
    rows = AcceptanceAct.objects.filter(
        unpaid | Q(state__in=(ActState.CLAIMED, *ActState.open)), contract__in=contracts
    ).select_related(*_RELATED)
    ordered = with_corrections(rows).defer("content").order_by(F("payment_due_on").asc(nulls_last=True), "pk")
    for one in ordered[:LISTED]:
        text, url = _("Act № %(number)s") % {"number": one.number}, provider_act(one)
        if one.state == ActState.RETURNED:
            mend = _("Correct act № %(number)s") % {"number": one.number}
            desk.returned.append(undated(one.contract, mend, url, detail=one.reason))
        elif one.state == ActState.DRAFT:
            claim = _("Finish act № %(number)s and claim it") % {"number": one.number}
            desk.to_do.append(undated(one.contract, claim, url, detail=money(one.claimed)))
        elif one.state == ActState.CLAIMED:
            desk.checked.append(undated(one.contract, text, url, detail=money(one.claimed)))
        elif left := left_of(one):
            desk.to_come += left
            desk.paid.append(item(one.contract, text, url, one.payment_due_on, today, detail=money(left)))


def _findings(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    rows = Finding.objects.filter(contract__in=contracts, state=FindingState.OPEN, visit__state=VisitState.CONCLUDED)
    for one in rows.select_related("kind", *_RELATED).order_by("due_on", "pk")[:LISTED]:
        text = _("Eliminate finding № %(number)s and reply") % {"number": one.number}
        yield item(one.contract, text, provider_finding(one), one.due_on, today, detail=one.kind.text)


def _notices(contracts: QuerySet[Contract], today: date) -> Iterator[Item]:
    rows = ContractNotice.objects.filter(
        contract__in=contracts, contract__state__in=ContractState.running, withdrawn_at=None, answered_at=None
    )
    for one in rows.select_related(*_RELATED).order_by("answer_by", "pk")[:LISTED]:
        text = _("Answer notice № %(number)s") % {"number": one.number}
        yield item(one.contract, text, provider_notice(one), one.answer_by, today, detail=one.get_kind_display())


def _cards(contracts: QuerySet[Contract]) -> Iterator[Item]:
    said = RiskReply.objects.filter(card=OuterRef("pk"), side=Side.CONTRACTOR)
    rows = RiskCard.objects.filter(~Exists(said), contract__in=contracts, state=RiskState.OPEN)
    for one in rows.select_related("rule", *_RELATED).order_by("found_at", "pk")[:LISTED]:
        assert one.contract is not None
        found = _("found on %(day)s") % {"day": in_words(day_of(one.found_at))}
        text = _("You may reply to a risk card: %(sign)s") % {"sign": one.rule.text}
        yield undated(one.contract, text, provider_risk(one), detail=found)
