"""Public figures of contracts: agreed, accepted and paid by service, ownership form and place; findings; how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from procurement.contract_enums import FindingOutcome, FindingState, VisitState
from procurement.models import Contract, Finding
from procurement.queries.contracts.public import public_contracts
from procurement.queries.figures_orders import NOTHING, money, place_of
from registry.models import Territory


@dataclass(frozen=True, slots=True)
class Money:
    """What some contracts come to; added up they never count a contract twice unless it is named twice."""

    contracts: int = 0
    sum: Decimal = NOTHING
    accepted: Decimal = NOTHING
    paid: Decimal = NOTHING
    invented: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(
            self.contracts + other.contracts,
            self.sum + other.sum,
            self.accepted + other.accepted,
            self.paid + other.paid,
            self.invented + other.invented,
        )


NO_MONEY: Final = Money()
_SUMS: Final = {
    "contracts": Count("pk"),
    "agreed": Sum("sum"),
    "taken": Sum("accepted"),
    "given": Sum("paid"),
    "invented": Count("pk", filter=Q(is_demo=True)),
}


def _money(values: Iterable[Any]) -> Money:
    contracts, agreed, accepted, paid, invented = values
    return Money(contracts, money(agreed), money(accepted), money(paid), invented)


def contracts_of(year: int, oblast: Territory | None) -> QuerySet[Contract]:
    """Return the contracts concluded in the year: those of the public list with the same filter."""
    rows = public_contracts().filter(concluded_on__year=year)
    return rows.filter(hromada__oblast=oblast) if oblast else rows


@dataclass(frozen=True, slots=True)
class Sums:
    """A contract of several services stands in each of them, and once in `total`."""

    by_service: dict[str, Money]
    by_ownership: dict[str, Money]
    total: Money


def sums_of(rows: QuerySet[Contract]) -> Sums:
    """Return the money of these contracts by service and by ownership form of the provider, in one query."""
    services: dict[str, Money] = defaultdict(Money)
    ownership: dict[str, Money] = defaultdict(Money)
    total = NO_MONEY
    grouped = rows.order_by().values_list("services", "contractor__ownership_form").annotate(**_SUMS)
    for slugs, form, *values in grouped:
        one = _money(values)
        total += one
        ownership[form] += one
        for slug in dict.fromkeys(slugs):
            services[slug] += one
    return Sums(dict(services), dict(ownership), total)


@dataclass(frozen=True, slots=True)
class HromadaMoney:
    code: str
    label: str
    oblast: str
    money: Money


def money_by_hromada(rows: QuerySet[Contract], most: int | None = None) -> list[HromadaMoney]:
    """Return the hromadas by what they agreed to pay, the largest first; all of them or so many."""
    names = (
        "hromada__code",
        "hromada__category",
        "hromada__name",
        "hromada__oblast__category",
        "hromada__oblast__name",
    )
    grouped = rows.order_by().values_list(*names).annotate(**_SUMS).order_by(F("agreed").desc(), "hromada__code")
    return [
        HromadaMoney(
            code,
            Territory(category=category, name=name).label,
            Territory(category=above or "", name=oblast or "").label if oblast else "",
            _money(values),
        )
        for code, category, name, above, oblast, *values in (grouped[:most] if most else grouped)
    ]


# --- how long from a decision to a contract --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waits:
    """How many days passed: how many contracts of each number of days."""

    days: dict[int, int]
    invented: int = 0

    @property
    def number(self) -> int:
        return sum(self.days.values())

    @property
    def median(self) -> Decimal | None:
        """The middle number of days; between two middle ones their mean."""
        if not self.days:
            return None
        low, high = self._at((self.number - 1) // 2), self._at(self.number // 2)
        return (Decimal(low) + high) / 2

    def _at(self, place: int) -> int:
        seen = 0
        for days in sorted(self.days):
            seen += self.days[days]
            if seen > place:
                return days
        raise IndexError(place)


def waits_from_award(rows: QuerySet[Contract], oblast: Territory | None) -> dict[int, Waits]:
    """Return, by place, the days from the decision on the winner to the conclusion of the contract."""
    return _waits(rows.annotate(began=F("award__decision__act_on")), oblast)


def waits_from_order(rows: QuerySet[Contract], oblast: Territory | None) -> dict[int, Waits]:
    """Return, by place, the days from the decision on the social order to the conclusion of the contract."""
    began = Coalesce("order_item__decision__decided_on", "competition__decision__decided_on")
    return _waits(rows.annotate(began=began), oblast)


def _waits(rows: QuerySet[Contract], oblast: Territory | None) -> dict[int, Waits]:
    # mypy does not see what was annotated
    known = rows.filter(began__isnull=False)  # type: ignore[misc]
    passed = ExpressionWrapper(F("concluded_on") - F("began"), output_field=DurationField())
    counted = known.order_by().annotate(passed=passed).values_list(place_of(oblast), "passed")
    found: dict[int, dict[int, int]] = defaultdict(dict)
    invented: dict[int, int] = defaultdict(int)
    made_up = Count("pk", filter=Q(is_demo=True))
    for place, time, number, of_them in counted.annotate(number=Count("pk"), made_up=made_up):
        days = time // timedelta(days=1)
        found[place][days] = found[place].get(days, 0) + number
        invented[place] += of_them
    return {place: Waits(days, invented[place]) for place, days in found.items()}


def together(waits: Iterable[Waits]) -> Waits:
    found: dict[int, int] = defaultdict(int)
    for one in waits:
        for days, number in one.days.items():
            found[days] += number
    return Waits(dict(found))


# --- findings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of concluded visits: what became of them; `other` are those with no mechanism to eliminate them."""

    found: int = 0
    eliminated: int = 0
    unsolved: int = 0
    invented: int = 0

    @property
    def other(self) -> int:
        return self.found - self.eliminated - self.unsolved

    def __add__(self, other: Found) -> Found:
        return Found(
            self.found + other.found,
            self.eliminated + other.eliminated,
            self.unsolved + other.unsolved,
            self.invented + other.invented,
        )


def findings_by_place(rows: QuerySet[Contract], oblast: Territory | None) -> dict[int, Found]:
    """Return, by place of the contract, the figures that `contracts.listing.findings_counted` has for all of them."""
    found = Finding.objects.filter(contract__in=rows.order_by().values("pk"), visit__state=VisitState.CONCLUDED)
    counted = (
        found.order_by()
        .values_list(place_of(oblast, "contract__hromada"))
        .annotate(
            found=Count("pk"),
            eliminated=Count("pk", filter=Q(outcome=FindingOutcome.ELIMINATED, state=FindingState.CLOSED)),
            unsolved=Count("pk", filter=Q(state__in=FindingState.unsolved)),
            invented=Count("pk", filter=Q(contract__is_demo=True)),
        )
    )
    return {place: Found(*values) for place, *values in counted}
