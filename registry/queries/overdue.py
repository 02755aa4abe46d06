"""What the register owes: decisions whose day has passed, and cards that nobody confirms, by hromada."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from registry.enums import ApplicationState, Standing, UnitCategory
from registry.models import Application, RegisterEntry, Territory
from registry.queries.figures import SMALLEST_GROUP, per_revision
from registry.queries.freshness import STALE

SORTS: Final = ("share", "stale", "oldest", "name")


@dataclass(frozen=True, slots=True)
class Late:
    """An application whose decision is late; the provider is named where its card is public already."""

    application: Application
    days: int
    name: str
    number_of_card: str


def late_applications(today: date) -> QuerySet[Application]:
    """Return the pending applications with a day from the table that has passed, the latest ones last."""
    rows = Application.objects.filter(state__in=ApplicationState.pending, decision_due_on__lt=today)
    return rows.select_related("hromada", "entry__organisation").order_by("decision_due_on", "submitted_at", "pk")


def late_decisions(rows: list[Application], today: date) -> list[Late]:
    return [_late(row, today) for row in rows]


def _late(row: Application, today: date) -> Late:
    card = row.entry if row.entry is not None and row.entry.is_open else None
    return Late(
        row,
        (today - row.decision_due_on).days if row.decision_due_on else 0,
        card.organisation.name if card else "",
        card.number if card else "",
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many applications wait that have no day by which to decide, and since when."""

    number: int
    since: date | None


def waiting_without_day() -> Waiting:
    rows = Application.objects.filter(state__in=ApplicationState.pending, decision_due_on__isnull=True)
    found = rows.aggregate(number=Count("pk"), first=Min("submitted_at"))
    return Waiting(found["number"], found["first"].date() if found["first"] else None)


@dataclass(frozen=True, slots=True)
class StaleHromada:
    """How many cards of a hromada nobody confirmed in time; the oldest word about any of them."""

    code: str
    name: str
    oblast: str
    cards: int
    stale: int
    oldest: date

    @property
    def share(self) -> int:
        return round(100 * self.stale / self.cards)


@dataclass(frozen=True, slots=True)
class StaleCards:
    """`few` are the hromadas with too few cards to be named, together with their cards."""

    lines: list[StaleHromada]
    cards: int
    stale: int
    few: int


def stale_cards(sort: str) -> StaleCards:
    """Return the hromadas by how stale their cards are, as the clock last wrote it; one query for each revision."""
    found = per_revision("stale", _read_stale)
    keys = {
        "share": lambda line: (-line.stale / line.cards, -line.stale, line.name),
        "stale": lambda line: (-line.stale, -line.cards, line.name),
        "oldest": lambda line: (line.oldest, line.name),
        "name": lambda line: (line.name, line.oblast),
    }
    return StaleCards(sorted(found.lines, key=keys[sort]), found.cards, found.stale, found.few)


def _read_stale() -> StaleCards:
    rows = (
        RegisterEntry.objects.open()
        .filter(standing__in=Standing.active, hromada__isnull=False)
        .order_by()
        .values("hromada__code", "hromada__category", "hromada__name", "oblast__category", "oblast__name")
        .annotate(
            cards=Count("pk"),
            stale=Count("pk", filter=Q(freshness__in=STALE)),
            oldest=Min(Coalesce(F("verified_on"), F("included_on"))),
        )
    )
    lines, few, cards, stale = [], 0, 0, 0
    for row in rows:
        cards, stale = cards + row["cards"], stale + row["stale"]
        if row["cards"] < SMALLEST_GROUP:
            few += 1
        elif row["stale"]:
            unit = Territory(category=row["hromada__category"], name=row["hromada__name"])
            region = Territory(category=row["oblast__category"] or UnitCategory.OBLAST, name=row["oblast__name"] or "")
            lines.append(
                StaleHromada(
                    row["hromada__code"],
                    unit.label,
                    region.label if row["oblast__name"] else "",
                    row["cards"],
                    row["stale"],
                    row["oldest"],
                )
            )
    return StaleCards(lines, cards, stale, few)
