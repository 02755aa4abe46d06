"""All that everybody may read of one hromada: budget acts with their decisions, needs, refusals, programmes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from portal.kernel.norms import Due
from procurement.enums import DecisionState
from procurement.models import BudgetAct, OrderDecision, OrderItem, Programme
from procurement.queries.orders import OrderLine, acts_on, chain_of, lines_of
from procurement.queries.orders_due import citation_of, due_of, profile_words
from procurement.queries.orders_needs import (
    PublicNeeds,
    RefusedLine,
    Shown,
    public_needs,
    published_needs,
    refusals_since,
    refused_lines,
    shown,
)
from registry.models import Territory


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An ordered service; of fewer than five recipients the number is not told."""

    item: OrderItem
    recipients: Shown


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A taken decision; `total` is the sum of what has a sum, `is_whole` says whether everything has."""

    decision: OrderDecision
    items: list[ItemLine]
    total: Decimal | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ActView:
    """A budget act that stands, why its day is that day, its decision, and what stood before either of them."""

    line: OrderLine
    due: Due
    profile: str
    citation: str
    decision: DecisionView | None
    earlier_acts: list[BudgetAct] = field(default_factory=list)
    earlier_decisions: list[DecisionView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HromadaOrders:
    """`refused` are the services with refusals since `refused_since` that the needs do not name."""

    acts: list[ActView]
    needs: PublicNeeds | None
    earlier_needs: list[PublicNeeds]
    refused: list[RefusedLine]
    refused_since: date
    programmes: list[Programme]


def orders_of(hromada: Territory, today: date) -> HromadaOrders:
    """Return the public page's content; the number of queries does not depend on how much there is."""
    assessments = list(published_needs(hromada))
    # the one that stands: the latest day, and of one day the latest word
    latest = assessments[0] if assessments else None
    since = latest.as_of if latest else today.replace(month=1, day=1)
    refusals = refusals_since(hromada, since)
    named = {row.service_type_id for row in latest.services.all()} if latest else set()
    return HromadaOrders(
        acts=act_views(acts_on(today).filter(hromada=hromada), today),
        needs=public_needs(latest, refusals) if latest else None,
        earlier_needs=[public_needs(one) for one in assessments[1:]],
        refused=refused_lines({service: number for service, number in refusals.items() if service not in named}),
        refused_since=since,
        programmes=list(programmes_of(hromada)),
    )


def programmes_of(hromada: Territory) -> QuerySet[Programme]:
    return Programme.objects.filter(hromada=hromada).prefetch_related("measures__service_type")


def act_views(rows: QuerySet[BudgetAct], today: date) -> list[ActView]:
    """Return the acts, the latest first, each with all that was ever taken on its chain."""
    acts = list(rows.select_related("hromada__oblast", "supersedes").order_by("-year", "-adopted_on", "-pk"))
    chains = {chain_of(act) for act in acts}
    before = _earlier_acts(chains)
    taken = _taken(chains)
    return [_act_view(line, before, taken) for line in lines_of(acts, today)]


def _act_view(line: OrderLine, before: dict[int, list[BudgetAct]], taken: dict[int, list[OrderDecision]]) -> ActView:
    chain = chain_of(line.act)
    views = [decision_view(decision) for decision in taken[chain]]
    return ActView(
        line,
        due_of(line.act),
        profile_words(line.act),
        citation_of(line.act),
        next((view for view in views if view.decision.pk == line.decision_id), None),
        before[chain],
        [view for view in views if view.decision.pk != line.decision_id],
    )


def decision_view(decision: OrderDecision) -> DecisionView:
    items = list(decision.items.all())
    sums = [item.amount for item in items if item.amount is not None]
    return DecisionView(
        decision,
        [ItemLine(item, shown(item.recipients)) for item in items],
        sum(sums, Decimal(0)) if sums else None,
        len(sums) == len(items),
    )


def decisions_with_all() -> QuerySet[OrderDecision]:
    rows = OrderDecision.objects.select_related("budget_act", "hromada", "document", "programme", "ground")
    return rows.prefetch_related("items__service_type", "items__group")


def _earlier_acts(chains: set[int]) -> dict[int, list[BudgetAct]]:
    found: dict[int, list[BudgetAct]] = defaultdict(list)
    rows = BudgetAct.objects.filter(superseded_by__isnull=False).select_related("superseded_by").order_by("-pk")
    for act in rows.filter(pk__in=chains) | rows.filter(first__in=chains):
        found[chain_of(act)].append(act)
    return found


def _taken(chains: set[int]) -> dict[int, list[OrderDecision]]:
    found: dict[int, list[OrderDecision]] = defaultdict(list)
    rows = decisions_with_all().filter(state=DecisionState.TAKEN).order_by("-taken_at", "-pk")
    for decision in rows.filter(budget_act__in=chains) | rows.filter(budget_act__first__in=chains):
        found[chain_of(decision.budget_act)].append(decision)
    return found
