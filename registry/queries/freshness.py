"""How far the last word of a human about a card lies back: told from days and rules alone, no clock and no guess."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from portal.kernel.models import LogEntry
from registry.enums import Freshness, ReminderAnswer, VerificationMethod
from registry.models import Availability, FreshnessRule, RegisterEntry, Reminder, Verification
from registry.queries.figures import SMALLEST_GROUP
from registry.queries.memory import kept

if TYPE_CHECKING:
    from registry.queries.card import Card

# how the log calls a provider's word that it is closed for now
CLOSED_TAG: Final = "registry:reminder:closed"
# a card in these states was not confirmed in time
STALE: Final = (Freshness.OVERDUE, Freshness.LOWERED, Freshness.HIDDEN)


@dataclass(frozen=True, slots=True)
class Steps:
    """After how many days a card comes to each state."""

    due: int
    overdue: int
    lowered: int
    hidden: int

    def states(self) -> tuple[tuple[int, Freshness], ...]:
        return (
            (self.due, Freshness.DUE),
            (self.overdue, Freshness.OVERDUE),
            (self.lowered, Freshness.LOWERED),
            (self.hidden, Freshness.HIDDEN),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rows of the reference table; `rest` is for services that have none of their own."""

    of_service: Mapping[int, FreshnessRule]
    rest: FreshnessRule | None

    def rules_for(self, kinds: Iterable[int]) -> list[FreshnessRule]:
        found = [self.of_service.get(kind, self.rest) for kind in kinds] or [self.rest]
        return [rule for rule in found if rule is not None]

    def steps(self, kinds: Iterable[int]) -> Steps | None:
        """Return the strictest steps among those of the services; None where the table has no row for any."""
        rules = self.rules_for(kinds)
        if not rules:
            return None
        return Steps(
            min(rule.due_after for rule in rules),
            min(rule.overdue_after for rule in rules),
            min(rule.lowered_after for rule in rules),
            min(rule.hidden_after for rule in rules),
        )

    def evidence_notice(self, kinds: Iterable[int]) -> int:
        """Return how many days before a document ends its provider is told; nothing where the table has no row."""
        return max((rule.evidence_notice for rule in self.rules_for(kinds)), default=0)

    @property
    def longest_notice(self) -> int:
        rows = [*self.of_service.values(), *([self.rest] if self.rest else [])]
        return max((rule.evidence_notice for rule in rows), default=0)


def read_rules() -> Rules:
    """Return the rules as the table has them now."""
    rows = list(FreshnessRule.objects.order_by("pk"))
    own = {rule.service_type_id: rule for rule in rows if rule.service_type_id is not None}
    return Rules(own, next((rule for rule in rows if rule.service_type_id is None), None))


def known_rules() -> Rules:
    """Return the rules for a page, kept for a minute."""
    return kept("freshness", read_rules)


@dataclass(frozen=True, slots=True)
class Age:
    """Where a card stands: since when nobody has said anything of it, and when the next step comes, if any."""

    state: Freshness
    since: date
    is_confirmed: bool
    next_on: date | None = None

    @property
    def is_stale(self) -> bool:
        return self.state in STALE


def freshness_of(
    *, verified_on: date | None, included_on: date, kinds: Iterable[int], rules: Rules, today: date
) -> Age:
    """Tell how fresh a card is: from the day a human confirmed it, or came into the register where nobody ever did.

    Where the table has no rule nothing follows from the days that have passed.
    """
    since = verified_on or included_on
    steps = rules.steps(kinds)
    state, next_on = Freshness.FRESH, None
    for days, reached in steps.states() if steps else ():
        if since + timedelta(days=days) > today:
            next_on = since + timedelta(days=days)
            break
        state = reached
    return Age(state, since, verified_on is not None, next_on)


def age_of(entry: RegisterEntry, kinds: Iterable[int], *, rules: Rules, today: date) -> Age:
    return freshness_of(
        verified_on=entry.verified_on, included_on=entry.included_on, kinds=kinds, rules=rules, today=today
    )


# --- free places -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FreePlaces:
    """What a provider said of free places, and whether it still holds; `number` is empty where it said "not known"."""

    said_on: date
    holds: bool
    number: int | None = None
    waiting: int | None = None
    assessment_first: bool = False
    # the last day on which the word holds
    until: date | None = None

    @property
    def is_known(self) -> bool:
        return self.holds and self.number is not None

    @property
    def told_waiting(self) -> int | None:
        """How many wait, as everybody may read it: a number of people, so few are not told."""
        return None if 0 < (self.waiting or 0) < SMALLEST_GROUP else self.waiting


def free_places(row: Availability, today: date) -> FreePlaces:
    return FreePlaces(
        timezone.localdate(row.reported_at),
        row.expires_on >= today,
        row.free_places,
        row.waiting,
        row.assessment_first,
        row.expires_on,
    )


def free_places_of(service_ids: Sequence[int], today: date) -> dict[int, FreePlaces]:
    """Return what was said of free places of these services, in one query."""
    rows = Availability.objects.filter(service__in=service_ids) if service_ids else ()
    return {row.service_id: free_places(row, today) for row in rows}


# --- the card --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClosedWord:
    """A provider's word that it is closed for now, which nobody has taken back; no decision about its standing."""

    said_on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a card says of its own freshness; `method` is how it was last confirmed, where that is known."""

    age: Age
    method: str = ""
    closed: ClosedWord | None = None


def told_of_card(card: Card, *, today: date) -> Told:
    """Return what the card says of its freshness, and put free places beside its services; at most four queries."""
    entry = card.entry
    places = free_places_of([item.service.pk for item in card.services], today)
    for item in card.services:
        item.free = places.get(item.service.pk)
    age = age_of(entry, (item.service.service_type_id for item in card.services), rules=known_rules(), today=today)
    last = Verification.objects.filter(entry=entry).order_by("-at", "-pk").first()
    # a list that was brought in may know a later day than people here do
    is_last = last is not None and timezone.localdate(last.at) == entry.verified_on
    method = VerificationMethod(last.method) if last is not None and is_last else ""
    return Told(age, method, closed_word(entry, last.at if last else None, today=today))


def closed_word(entry: RegisterEntry, confirmed_at: datetime | None, *, today: date) -> ClosedWord | None:
    """Return the provider's word that it is closed for now, unless the card was confirmed since or its day passed."""
    said = Reminder.objects.filter(entry=entry, answer=ReminderAnswer.CLOSED).order_by("-answered_at").first()
    if said is None or said.answered_at is None or (confirmed_at is not None and confirmed_at > said.answered_at):
        return None
    said_on = timezone.localdate(said.answered_at)
    if entry.verified_on is not None and entry.verified_on > said_on:
        return None
    line = LogEntry.objects.filter(tag=CLOSED_TAG, subject=f"registry.entry:{entry.number}").order_by("-seq").first()
    until = json.loads(line.payload).get("until") if line else None
    ends_on = date.fromisoformat(until) if until else None
    return None if ends_on is not None and ends_on < today else ClosedWord(said_on, ends_on)
