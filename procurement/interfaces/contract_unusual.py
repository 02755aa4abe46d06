"""What is unusual in the contracts of an official, and each provider with its figures side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from procurement.contract_enums import (
    ContractState,
    FindingState,
    NoticeKind,
    ReportState,
    RiskState,
    Severity,
    Side,
    VisitState,
)
from procurement.interfaces.contract_items import LISTED, Item, undated
from procurement.interfaces.contract_links import official_finding, official_notice, official_page, official_report
from procurement.interfaces.moments import in_words
from procurement.interfaces.risk_cards import RiskLine, risk_lines
from procurement.models import Contract, ContractNotice, Finding, RiskCard, ServiceReport
from procurement.queries.contracts.risks import for_list

if TYPE_CHECKING:
    from django.db.models import QuerySet

_RELATED: Final = ("contract__contractor", "contract__hromada")
# a report that was filed so often came back at least twice
_FILINGS: Final = 3


def unusual_in(contracts: QuerySet[Contract]) -> list[Item]:
    """Return what does not go as it should, though no day of it has passed; in a fixed number of queries."""
    return [*_dangers(contracts), *_notices(contracts), *_suspended(contracts), *_returned(contracts)]


def cards_in(cards: QuerySet[RiskCard]) -> list[RiskLine]:
    """Return the cards that hold, those to which the commissioner has said nothing first."""
    rows = for_list(cards.filter(state=RiskState.OPEN)).annotate(
        said=Count("replies", filter=Q(replies__side=Side.COMMISSIONER))
    )
    return risk_lines(rows.order_by("said", "-found_at", "-pk")[:LISTED])


def _dangers(contracts: QuerySet[Contract]) -> list[Item]:
    rows = Finding.objects.filter(
        contract__in=contracts,
        state__in=FindingState.unsolved,
        severity=Severity.CRITICAL,
        visit__state=VisitState.CONCLUDED,
    )
    text = _("Danger to people: finding № %(number)s is not eliminated")
    return [
        undated(one.contract, text % {"number": one.number}, official_finding(one), detail=one.kind.text)
        for one in rows.select_related("kind", *_RELATED).order_by("due_on", "pk")[:LISTED]
    ]


def _notices(contracts: QuerySet[Contract]) -> list[Item]:
    rows = ContractNotice.objects.filter(
        contract__in=contracts,
        contract__state__in=ContractState.running,
        kind=NoticeKind.TERMINATION,
        withdrawn_at=None,
    )
    text = _("A notice before termination is in force: № %(number)s")
    return [
        undated(
            one.contract,
            text % {"number": one.number},
            official_notice(one),
            detail=_("to be answered by %(day)s") % {"day": in_words(one.answer_by)},
        )
        for one in rows.select_related(*_RELATED).order_by("answer_by", "pk")[:LISTED]
    ]


def _suspended(contracts: QuerySet[Contract]) -> list[Item]:
    rows = contracts.filter(state=ContractState.SUSPENDED).select_related("contractor", "hromada")
    since = _("since %(day)s")
    return [
        undated(
            one,
            _("The contract is suspended"),
            official_page("contract", one),
            detail=since % {"day": in_words(one.suspended_at)} if one.suspended_at else "",
        )
        for one in rows.order_by("suspended_at", "pk")[:LISTED]
    ]


def _returned(contracts: QuerySet[Contract]) -> list[Item]:
    rows = ServiceReport.objects.filter(contract__in=contracts, state__in=(ReportState.FILED, ReportState.RETURNED))
    rows = rows.annotate(times=Count("filings", filter=Q(filings__returned_at__isnull=False)))
    text = _("A report comes back again and again: %(first)s – %(last)s")
    return [
        undated(
            one.contract,
            text % {"first": f"{one.period_from:%d.%m.%Y}", "last": f"{one.period_to:%d.%m.%Y}"},
            official_report(one),
        )
        for one in rows.filter(times__gte=_FILINGS - 1).select_related(*_RELATED).order_by("pk")[:LISTED]
    ]


# --- by provider -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider with what its concluded contracts come to."""

    provider: Organisation
    running: int
    contracts: int
    sum: Decimal
    accepted: Decimal
    paid: Decimal
    late: int
    unsolved: int
    cards: int


def providers_in(contracts: QuerySet[Contract]) -> QuerySet[Contract, Any]:
    """Return the totals of each provider of these contracts, the greatest sum first; rows of `values`."""
    rows = contracts.filter(state__in=ContractState.public).order_by().values("contractor")
    totals = rows.annotate(
        number=Count("pk"),
        running=Count("pk", filter=Q(state__in=ContractState.running)),
        agreed=Sum("sum"),
        taken=Sum("accepted"),
        given=Sum("paid"),
    )
    return totals.order_by("-agreed", "contractor")


def provider_rows(contracts: QuerySet[Contract], totals: list[dict[str, Any]], today: date) -> list[ProviderRow]:
    """Return the lines of a page of `providers_in`, in a fixed number of queries."""
    keys = [row["contractor"] for row in totals]
    named = Organisation.objects.in_bulk(keys)
    mine = {"contract__in": contracts, "contract__contractor__in": keys}
    late = _counted(
        ServiceReport.objects.filter(
            **mine, state__in=ReportState.open, due_on__lt=today, contract__state__in=ContractState.running
        )
    )
    unsolved = _counted(
        Finding.objects.filter(**mine, state__in=FindingState.unsolved, visit__state=VisitState.CONCLUDED)
    )
    cards = _counted(RiskCard.objects.filter(**mine, state=RiskState.OPEN))
    return [
        ProviderRow(
            named[key],
            row["running"],
            row["number"],
            row["agreed"],
            row["taken"],
            row["given"],
            late.get(key, 0),
            unsolved.get(key, 0),
            cards.get(key, 0),
        )
        for key, row in zip(keys, totals, strict=True)
    ]


def _counted(rows: QuerySet[Any]) -> Mapping[int, int]:
    counted = rows.order_by().values("contract__contractor").annotate(count=Count("pk"))
    return dict(counted.values_list("contract__contractor", "count"))
