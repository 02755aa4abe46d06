"""The section `planning`: the decision on the social order, the budget that pays, the people expected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from procurement.enums import BudgetActKind
from procurement.models import BudgetLine, Competition, Contract, ContractVersion, OrderDecision

from .values import Json, document, moment, money, period, pruned


def planning_of(competition: Competition, total: Decimal | None) -> Json:
    """Return what went before the announcement; a competition of another channel has no decision on the order."""
    decision = competition.decision
    if decision is None:
        return pruned({"budget": pruned({"amount": money(total)})})
    act, programme = decision.budget_act, decision.programme
    kind = str(BudgetActKind(act.kind).label)
    budget = {
        "description": _("Budget of %(year)s, %(kind)s by the act № %(number)s")
        % {"year": act.year, "kind": kind, "number": act.number},
        "amount": money(total),
        "project": programme.title if programme else "",
        "uri": act.url,
    }
    return pruned(
        {
            "rationale": decision.grounds,
            "budget": pruned(budget),
            "documents": _documents(competition, decision),
            "milestones": [_milestone(decision)],
        }
    )


def _documents(competition: Competition, decision: OrderDecision) -> list[Json]:
    page = absolute(reverse("procurement:hromada_orders", args=[competition.hromada.code]))
    title = _("Decision on the social order № %(number)s") % {"number": decision.number}
    return [
        document("order-decision", "procurementPlan", title, decision.url or page, decision.decided_on),
    ]


def _milestone(decision: OrderDecision) -> Json:
    """Return the term of the decision and the day on which it was taken."""
    act = decision.budget_act
    return pruned(
        {
            "id": "order-decision",
            "title": _("Decision on the social order"),
            "type": "approval",
            "code": "order-decision",
            "dueDate": moment(act.decision_due_on),
            "dateMet": moment(decision.decided_on),
            "status": "met",
        }
    )


def breakdown_of(
    contract: Contract, version: ContractVersion, before: ContractVersion | None, lines: Mapping[int, BudgetLine]
) -> list[Json]:
    """Return how much of the contract each budget line pays; one that an amendment took out pays nothing."""
    sums = _sums(version)
    gone = [key for key in (_sums(before) if before else {}) if key not in sums]
    told = [(key, amount) for key, amount in sums.items()] + [(key, Decimal(0)) for key in gone]
    return [_entry(contract, lines[key], amount) for key, amount in told if key in lines]


def _sums(version: ContractVersion) -> dict[int, Decimal]:
    rows: list[dict[str, Any]] = version.funding
    return {int(row["line"]): Decimal(row["amount"]) for row in rows}


def _entry(contract: Contract, line: BudgetLine, amount: Decimal) -> Json:
    code = "-".join(filter(None, (line.code, line.economic_code)))
    words = {"code": line.code, "economic": line.economic_code, "title": line.title}
    return {
        "id": f"{contract.number}-{line.year}-{code}",
        "description": _("Programme %(code)s, economic classification %(economic)s: %(title)s") % words,
        "amount": money(amount),
        "period": period(date(line.year, 1, 1), date(line.year, 12, 31)),
    }
