"""Public figures of competitions: where they stand now, and how many applied for each lot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from procurement.enums import CompetitionState, Phase, ProposalState
from procurement.models import Lot, ProposalLot
from procurement.queries.competitions import OPEN, public_competitions
from procurement.queries.figures_orders import NOTHING, money, place_of
from registry.models import Territory


@dataclass(slots=True)
class Standing:
    """How many competitions stand where; `open_sum` is what the open ones come to, where it is known."""

    open: int = 0
    judged: int = 0
    awarded: int = 0
    unawarded: int = 0
    ended: int = 0
    open_sum: Decimal = NOTHING
    invented: int = 0

    @property
    def all(self) -> int:
        return self.open + self.judged + self.awarded + self.unawarded + self.ended


# which phases a column counts: the list of competitions is asked for the same
COLUMNS: dict[str, tuple[Phase, ...]] = {
    "open": OPEN,
    "judged": (Phase.CLOSED, Phase.OPENED),
    "awarded": (Phase.AWARDED,),
    "unawarded": (Phase.UNAWARDED,),
    "ended": (Phase.CANCELLED, Phase.VOID),
}


def competitions_by_place(oblast: Territory | None, now: datetime, held: Collection[int]) -> dict[int, Standing]:
    """Return, by place, where the announced competitions stand at the moment, whatever the year, in one query."""
    rows = public_competitions(now, held)
    if oblast:
        rows = rows.filter(hromada__oblast=oblast)
    counted = (
        rows.order_by()
        .values_list(place_of(oblast), "phase_now")
        .annotate(number=Count("pk"), comes_to=Sum("total"), invented=Count("pk", filter=Q(is_demo=True)))
    )
    of_phase = {phase: name for name, phases in COLUMNS.items() for phase in phases}
    found: dict[int, Standing] = {}
    for place, phase, number, total, invented in counted:
        standing = found.setdefault(place, Standing())
        name = of_phase[Phase(phase)]
        setattr(standing, name, getattr(standing, name) + number)
        standing.invented += invented
        if name == "open":
            standing.open_sum += money(total)
    return found


@dataclass(frozen=True, slots=True)
class Bidders:
    """How many lots had no applicant, one, or more, of competitions whose proposals are opened."""

    none: int = 0
    one: int = 0
    more: int = 0
    invented: int = 0

    @property
    def contested(self) -> int:
        """Lots that somebody applied for: of these a share had one applicant alone."""
        return self.one + self.more

    def __add__(self, other: Bidders) -> Bidders:
        invented = self.invented + other.invented
        return Bidders(self.none + other.none, self.one + other.one, self.more + other.more, invented)


def bidders_by_place(oblast: Territory | None) -> dict[int, Bidders]:
    """Return, by place, how many applied for the lots of opened competitions, in one query."""
    applied = ProposalLot.objects.filter(lot=OuterRef("pk"), proposal__state=ProposalState.OPENED).order_by()
    number = applied.values("lot").annotate(number=Count("proposal", distinct=True)).values("number")
    lots = Lot.objects.filter(competition__state__in=CompetitionState.readable)
    if oblast:
        lots = lots.filter(competition__hromada__oblast=oblast)
    lots = lots.annotate(bids=Coalesce(Subquery(number, output_field=IntegerField()), 0))
    place = place_of(oblast, "competition__hromada")
    found: dict[int, Bidders] = {}
    made_up = Count("pk", filter=Q(competition__is_demo=True))
    counted = lots.order_by().values_list(place, "bids").annotate(count=Count("pk"), made_up=made_up)
    for key, bids, count, invented in counted:
        none, single = bids == 0, bids == 1
        one = Bidders(count * none, count * single, count * (not none and not single), invented)
        found[key] = found.get(key, Bidders()) + one
    return found
