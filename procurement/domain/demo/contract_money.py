"""Budget lines of the demonstration, and how they pay for a contract."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from procurement.domain.contracts import drafting
from procurement.domain.delivery import budget_lines
from procurement.domain.demo.material import texts
from procurement.domain.demo.months import months_between
from procurement.enums import BudgetActKind
from procurement.models import BudgetAct, BudgetLine, Contract, ContractVersion

if TYPE_CHECKING:
    from portal.accounts.models import User

_LINE_CODE: Final = "0813242"
_LINE_AMOUNT: Final = Decimal("18000000.00")


def fund(contract: Contract, version: ContractVersion, user: User, at: datetime) -> None:
    """Share the sum between the budget lines of the years of the service, by months."""
    assert version.service_from is not None
    assert version.service_to is not None
    first, last = version.service_from, version.service_to
    months = [(first.year + (first.month - 1 + step) // 12) for step in range(months_between(first, last))]
    funding: dict[int, Decimal] = {}
    left = version.sum
    years = sorted(set(months))
    for year in years:
        share = (
            left if year == years[-1] else (version.sum * months.count(year) / len(months)).quantize(Decimal("0.01"))
        )
        left -= share
        line = line_of(contract, year, user, at)
        funding[line.pk] = funding.get(line.pk, Decimal(0)) + share
    drafting.save_funding(version_id=version.pk, user=user, funding=funding, now=at)


def line_of(contract: Contract, year: int, user: User, at: datetime) -> BudgetLine:
    """Return the hromada's line of the year for social services; of a year without a budget, the last that has one."""
    acts = BudgetAct.objects.filter(hromada=contract.hromada, kind=BudgetActKind.ADOPTED, is_demo=True)
    act = acts.filter(year__lte=year).order_by("-year").first() or acts.order_by("year")[0]
    known = BudgetLine.objects.filter(hromada=contract.hromada, year=act.year, code=_LINE_CODE).first()
    if known:
        return known
    facts = budget_lines.LineFacts(act.year, _LINE_CODE, texts()["contract"]["budget_line"], "2240")
    made = budget_lines.enter_line(
        hromada_id=contract.hromada_id, user=user, facts=facts, act_id=act.pk, amount=_LINE_AMOUNT, now=at
    )
    BudgetLine.objects.filter(pk=made.pk).update(is_demo=True)
    return made
