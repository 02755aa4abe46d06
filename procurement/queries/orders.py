"""Where the decisions on the social order stand: by budget act, year, oblast and hromada, and who missed the day.

A corrected act and the one it corrects are one chain: what was decided on any of them counts for the one that stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from procurement.enums import DecisionState, OrderOutcome
from procurement.models import BudgetAct, OrderDecision
from registry.models import Territory
from registry.queries.figures import number_of_hromadas

NOT_ORDER: Final = "not_order"


class OrderState(TextChoices):
    """Where the decision on a budget act stands on a day, in the order in which the list shows them."""

    OVERDUE = "overdue", pgettext_lazy("order", "overdue, no decision is published")
    DUE = "due", pgettext_lazy("order", "to be decided")
    WITHOUT_TERM = "without_term", pgettext_lazy("order", "to be decided, the term is not set")
    LATE = "late", pgettext_lazy("order", "decided late")
    IN_TIME = "in_time", pgettext_lazy("order", "decided in time")
    DECIDED = "decided", pgettext_lazy("order", "decided, the term is not set")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A budget act that stands, with its decision if there is one; `days` left, overdue or late, by the state."""

    act: BudgetAct
    state: OrderState
    days: int
    decision_id: int | None
    decided_on: date | None
    outcome: str
    draft_id: int | None = None

    @property
    def is_ordered(self) -> bool:
        return self.outcome == OrderOutcome.ORDER


# --- one act -------------------------------------------------------------------------------------------------------


def chain_of(act: BudgetAct) -> int:
    """Return the key of the chain of corrections that the act is in: that of its first act."""
    return act.first_id or act.pk


def current_act_of(act: BudgetAct) -> BudgetAct:
    """Return the act that stands now in place of this one, or this one."""
    chain = BudgetAct.objects.filter(Q(pk=chain_of(act)) | Q(first=chain_of(act)), superseded_by__isnull=True)
    return chain.select_related("hromada", "rule").get()


def current_decisions() -> QuerySet[OrderDecision]:
    """Return the decisions that are taken and not corrected by another taken one; a draft corrects nothing yet."""
    rows = OrderDecision.objects.filter(state=DecisionState.TAKEN)
    return rows.exclude(superseded_by__state=DecisionState.TAKEN)


def current_decision_of(act: BudgetAct) -> OrderDecision | None:
    chain = chain_of(act)
    return current_decisions().filter(Q(budget_act=chain) | Q(budget_act__first=chain)).first()


# --- lists ---------------------------------------------------------------------------------------------------------


def acts_on(today: date) -> QuerySet[BudgetAct]:
    """Return the acts that stand, each with its decision, its draft and its `order_state` on the day."""
    decisions = OrderDecision.objects.annotate(chain=Coalesce("budget_act__first_id", "budget_act_id"))
    taken = decisions.filter(chain=OuterRef("chain"), pk__in=current_decisions().values("pk")).order_by("pk")
    draft = OrderDecision.objects.filter(budget_act=OuterRef("pk"), state=DecisionState.DRAFT).order_by("pk")
    rows = BudgetAct.objects.filter(superseded_by__isnull=True).annotate(
        chain=Coalesce("first_id", "pk"),
        decision_pk=Subquery(taken.values("pk")[:1]),
        decided_on=Subquery(taken.values("decided_on")[:1]),
        outcome=Subquery(taken.values("outcome")[:1]),
        draft_pk=Subquery(draft.values("pk")[:1]),
    )
    return rows.annotate(order_state=_state_on(today))


def _cases(today: date) -> list[tuple[Q, OrderState]]:
    undecided, no_term = Q(decided_on__isnull=True), Q(decision_due_on__isnull=True)
    return [
        (undecided & no_term, OrderState.WITHOUT_TERM),
        (undecided & Q(decision_due_on__lt=today), OrderState.OVERDUE),
        (undecided, OrderState.DUE),
        (no_term, OrderState.DECIDED),
        (Q(decided_on__gt=F("decision_due_on")), OrderState.LATE),
    ]


def _state_on(today: date) -> Case:
    whens = [When(condition, then=Value(state.value)) for condition, state in _cases(today)]
    return Case(*whens, default=Value(OrderState.IN_TIME.value), output_field=CharField())


def in_list_order(rows: QuerySet[BudgetAct]) -> QuerySet[BudgetAct]:
    """Put what is overdue longest first, then what is due soonest, then the decided, by hromada."""
    places = [When(order_state=state, then=Value(place)) for place, state in enumerate(OrderState)]
    rank = Case(*places, output_field=IntegerField())
    return rows.order_by(rank, "decision_due_on", "hromada__name", "hromada_id", "-adopted_on", "pk")


def in_states(rows: QuerySet[BudgetAct], *states: OrderState) -> QuerySet[BudgetAct]:
    """Keep the acts of `acts_on` that are in one of the states."""
    # mypy does not see what `acts_on` has annotated, here and below
    return rows.filter(order_state__in=states)  # type: ignore[misc]


def in_state(rows: QuerySet[BudgetAct], state: str) -> QuerySet[BudgetAct]:
    """Keep the acts in a state, or those with a decision not to order; an unknown state keeps them all."""
    if state == NOT_ORDER:
        return rows.filter(outcome=OrderOutcome.NOT_ORDER)  # type: ignore[misc]
    return in_states(rows, OrderState(state)) if state in OrderState.values else rows


def lines_of(rows: Iterable[BudgetAct], today: date) -> list[OrderLine]:
    """Return a line for each of the acts of `acts_on`."""
    return [line_of(act, today) for act in rows]


def line_of(act: BudgetAct, today: date) -> OrderLine:
    state, due, decided = OrderState(act.order_state), act.decision_due_on, act.decided_on  # type: ignore[attr-defined]
    days = {
        OrderState.OVERDUE: (today - due).days if due else 0,
        OrderState.DUE: (due - today).days if due else 0,
        OrderState.LATE: (decided - due).days if decided and due else 0,
    }
    return OrderLine(
        act,
        state,
        days.get(state, 0),
        act.decision_pk,  # type: ignore[attr-defined]
        decided,
        act.outcome or "",  # type: ignore[attr-defined]
        act.draft_pk,  # type: ignore[attr-defined]
    )


# --- figures -------------------------------------------------------------------------------------------------------


def counts_of(rows: QuerySet[BudgetAct]) -> dict[str, int]:
    """Return how many acts are in each state, those with a decision not to order too, in one query."""
    figures = {state: Count("pk", filter=Q(order_state=state)) for state in OrderState.values}
    figures[NOT_ORDER] = Count("pk", filter=Q(outcome=OrderOutcome.NOT_ORDER))
    return rows.order_by().aggregate(**{f"n_{name}": figure for name, figure in figures.items()}, n_all=Count("pk"))


def years() -> list[int]:
    """Return the budget years that somebody has entered an act of, the latest first."""
    return list(BudgetAct.objects.order_by("-year").values_list("year", flat=True).distinct())


def hromadas_without_budget(year: int) -> int:
    """Return of how many hromadas nobody has entered the adopted budget: about their decisions nothing is known."""
    known = BudgetAct.objects.filter(year=year, superseded_by__isnull=True, hromada__in_codifier=True)
    return max(number_of_hromadas() - known.values("hromada").distinct().count(), 0)


@dataclass(frozen=True, slots=True)
class Missed:
    """A hromada that missed a day in the year: how many decisions are not there yet, since when, how many came late."""

    code: str
    name: str
    oblast: str
    overdue: int
    late: int
    days: int
    is_demo: bool


def hromadas_that_missed(rows: QuerySet[BudgetAct]) -> Any:
    """Return the hromadas that missed the day, as rows for `missed_lines`: still undecided first."""
    is_overdue, is_late = Q(order_state=OrderState.OVERDUE), Q(order_state=OrderState.LATE)
    found = rows.filter(is_overdue | is_late).order_by().values("hromada__code", "hromada__name", "hromada__category")
    return found.annotate(
        overdue=Count("pk", filter=is_overdue),
        late=Count("pk", filter=is_late),
        since=Min("decision_due_on", filter=is_overdue),
        invented=Count("pk", filter=Q(is_demo=True)),
        oblast_name=F("hromada__oblast__name"),
        oblast_category=F("hromada__oblast__category"),
    ).order_by(Case(When(overdue__gt=0, then=0), default=1), "since", "hromada__name", "hromada__code")


def missed_lines(rows: Iterable[dict[str, Any]], today: date) -> list[Missed]:
    return [_missed(row, today) for row in rows]


def _missed(row: dict[str, Any], today: date) -> Missed:
    since = row["since"]
    hromada = Territory(category=row["hromada__category"], name=row["hromada__name"])
    oblast = Territory(category=row["oblast_category"] or "", name=row["oblast_name"] or "")
    return Missed(
        row["hromada__code"],
        hromada.label,
        oblast.label if row["oblast_name"] else "",
        row["overdue"],
        row["late"],
        (today - since).days if since else 0,
        bool(row["invented"]),
    )
