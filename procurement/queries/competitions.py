"""Which competitions everybody sees for a filter, with the phase of each by the clock and the counts beside choices.

The phase is computed in the database from the same facts as `procurement.domain.calls.phases` computes it from. One
thing a database cannot say: how long the close is still held after a late answer, for that depends on the frozen rules.
Those few competitions are named by `answered_late` and judged one by one; whoever asks passes the keys of the held ones
on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from procurement.enums import CompetitionState, Phase
from procurement.models import AwardDecision, Competition, CompetitionPolicy, CompetitionVersion, Lot, Question
from registry.queries.memory import kept
from registry.queries.words import words

SORTS: Final = ("closing", "newest", "sum")
# in this order phases stand in a list: where something can still be done, then what goes on, then what is over
OPEN: Final = (Phase.ACCEPTING, Phase.HELD, Phase.ANNOUNCED)
# letters that a word may end otherwise in, and from what length on: «відкритого» finds «відкритий»
_FORGIVEN: Final = ((8, 3), (6, 2))


@dataclass(frozen=True, slots=True)
class CompetitionFilter:
    """What a visitor asked for, already checked: values of enums, slugs of services and groups, keys of territories."""

    text: str = ""
    phases: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    oblast_id: int | None = None
    hromada_id: int | None = None
    sum_from: Decimal | None = None
    sum_to: Decimal | None = None
    sort: str = "closing"
    # the keys that `with_words_found` found for the text
    with_words: tuple[int, ...] | None = None

    def without(self, *names: str) -> CompetitionFilter:
        """Return the filter with these conditions dropped."""
        return replace(self, **{name: getattr(_NOTHING, name) for name in names})

    def with_words_found(self) -> CompetitionFilter:
        """Return the filter with the text looked up: a page that asks several questions reads the names but once."""
        return replace(self, with_words=tuple(_with_words(self.text))) if words(self.text) else self


_NOTHING: Final = CompetitionFilter()


# --- the phase by the clock ----------------------------------------------------------------------------------------


def _asked_in_time(*conditions: Q) -> QuerySet[Question]:
    """Return questions that came before the end of the outer competition and had no answer at that moment."""
    waited_for = Q(answered_at__isnull=True) | Q(answered_at__gte=OuterRef("closes_at"))
    return Question.objects.filter(
        waited_for, *conditions, competition=OuterRef("pk"), asked_at__lt=OuterRef("closes_at")
    ).order_by()


def _waits(now: datetime) -> Q:
    """Return the condition that a close is held by a question that still has no answer."""
    unanswered = _asked_in_time(Q(answered_at__isnull=True) | Q(answered_at__gt=now))
    return Q(hold_until__gt=now) & Exists(_of_first_version(frozen__policy__unanswered_holds=True)) & Exists(unanswered)


def _of_first_version(**conditions: Any) -> QuerySet[CompetitionVersion]:
    return CompetitionVersion.objects.filter(competition=OuterRef("pk"), number=1, **conditions).order_by()


def answered_late(now: datetime) -> QuerySet[Competition]:
    """Return those past their end whose last question was answered after it: whether they are held the rules say.

    Each has `last_answer` and `frozen`, the rules frozen with its announcement.
    """
    over = Competition.objects.filter(state=CompetitionState.PUBLISHED, closes_at__lte=now, hold_until__gt=now)
    last = _asked_in_time().values("competition").annotate(last=Max("answered_at")).values("last")
    return (
        over.filter(Exists(_of_first_version(frozen__policy__unanswered_holds=True)), ~_waits(now))
        .filter(Exists(_asked_in_time()))
        .annotate(last_answer=Subquery(last), frozen=Subquery(_of_first_version().values("frozen")))
    )


def with_phase(rows: QuerySet[Competition], now: datetime, held: Collection[int] = ()) -> QuerySet[Competition]:
    """Annotate `phase_now`, what `domain.phases.phase` says; `held` are the held ones of `answered_late`."""
    said = {
        CompetitionState.DRAFT: Phase.DRAFT,
        CompetitionState.CLOSED: Phase.CLOSED,
        CompetitionState.OPENED: Phase.OPENED,
        CompetitionState.AWARDED: Phase.AWARDED,
        CompetitionState.UNAWARDED: Phase.UNAWARDED,
        CompetitionState.CANCELLED: Phase.CANCELLED,
        CompetitionState.VOID: Phase.VOID,
    }
    return rows.annotate(
        phase_now=Case(
            *(When(state=state, then=Value(phase.value)) for state, phase in said.items()),
            When(opens_at__gt=now, then=Value(Phase.ANNOUNCED.value)),
            When(closes_at__gt=now, then=Value(Phase.ACCEPTING.value)),
            When(_waits(now) | Q(pk__in=list(held)), then=Value(Phase.HELD.value)),
            default=Value(Phase.CLOSED.value),
            output_field=CharField(),
        )
    )


# --- the list ------------------------------------------------------------------------------------------------------


def public_competitions(now: datetime, held: Collection[int] = ()) -> QuerySet[Competition]:
    """Return every announced competition with `phase_now`, `total`, its sum where known, and `decided_at`, its last."""
    ceilings = Lot.objects.filter(competition=OuterRef("pk")).order_by().values("competition")
    summed = Subquery(ceilings.annotate(sum=Sum("ceiling")).values("sum"), output_field=_money())
    decisions = AwardDecision.objects.filter(competition=OuterRef("pk")).order_by("-number")
    rows = Competition.objects.public().annotate(
        total=Coalesce("budget_limit", summed, output_field=_money()), decided_at=Subquery(decisions.values("at")[:1])
    )
    return with_phase(rows, now, held)


def matching_competitions(
    wanted: CompetitionFilter, now: datetime, held: Collection[int] = ()
) -> QuerySet[Competition]:
    """Return the announced competitions that pass the filter; choices of one question widen, questions narrow."""
    asked = Q()
    if wanted.phases:
        asked &= Q(phase_now__in=wanted.phases)
    if wanted.procedures:
        asked &= Q(procedure__in=wanted.procedures)
    if wanted.hromada_id:
        asked &= Q(hromada=wanted.hromada_id)
    elif wanted.oblast_id:
        asked &= Q(hromada__oblast=wanted.oblast_id)
    for name, values in (("service_slug", wanted.services), ("group_slug", wanted.groups)):
        if values:
            asked &= Q(Exists(_lots_with(name, values)))
    if wanted.sum_from is not None:
        asked &= Q(total__gte=wanted.sum_from)
    if wanted.sum_to is not None:
        asked &= Q(total__lte=wanted.sum_to)
    if words(wanted.text):
        found = wanted.with_words if wanted.with_words is not None else _with_words(wanted.text)
        asked &= Q(pk__in=found)
    return public_competitions(now, held).filter(asked)


def in_order(rows: QuerySet[Competition], sort: str) -> QuerySet[Competition]:
    """Sort: open ones first, the soonest to close on top; then those that are over, the latest on top."""
    if sort == "newest":
        return rows.order_by("-published_at", "-pk")
    if sort == "sum":
        return rows.order_by(F("total").desc(nulls_last=True), "-published_at", "-pk")
    # until when it is open; nothing for what is over, so that one column sorts up and the other down
    open_until = Case(
        When(phase_now=Phase.HELD, then="hold_until"),
        When(phase_now__in=OPEN, then="closes_at"),
        output_field=DateTimeField(),
    )
    return rows.order_by(open_until.asc(nulls_last=True), "-closes_at", "-pk")


def count_by(rows: QuerySet[Competition], column: str) -> dict[Any, int]:
    """Count competitions by a column of theirs, in one query."""
    return dict(rows.order_by().values_list(column).annotate(number=Count("pk")).values_list(column, "number"))


def count_by_lots(rows: QuerySet[Competition], name: str) -> dict[str, int]:
    """Count competitions by what their lots are for: `service_slug` or `group_slug` of the published specification."""
    lots = Lot.objects.filter(competition__in=rows.order_by().values("pk"))
    found = lots.order_by().values(name).annotate(number=Count("competition", distinct=True))
    return {slug: number for slug, number in found.values_list(name, "number") if slug}


def number_of_open(now: datetime) -> int:
    """Count the competitions that still can be entered, for the front page."""
    rows = Competition.objects.public().filter(state=CompetitionState.PUBLISHED)
    return rows.filter(Q(closes_at__gt=now) | _waits(now)).count()


def procedure_names() -> dict[str, str]:
    """Return what the procedures of competitions are called, by their slugs; read once and kept for a minute."""
    return kept(("procedures", get_language()), _read_procedures)


def _read_procedures() -> dict[str, str]:
    # the name of the national rules stands, where there are some
    policies = CompetitionPolicy.objects.select_related("profile").order_by(
        "-profile__authority", "profile__valid_from"
    )
    return {policy.profile.procedure: str(policy) for policy in policies}


def _lots_with(name: str, values: Iterable[str]) -> QuerySet[Lot]:
    return Lot.objects.filter(competition=OuterRef("pk"), **{f"{name}__in": list(values)})


def _money() -> DecimalField:
    return DecimalField(max_digits=16, decimal_places=2)


def _with_words(text: str) -> list[int]:
    """Return the keys of competitions whose names have every word of the text, endings forgiven.

    The lower case of Cyrillic letters is unknown to SQLite, so the comparison is made here; there are few names.
    """
    own = ("pk", "number", "title", "commissioner__organisation__name", "hromada__name")
    told: dict[int, list[str]] = {}
    for key, *names in Competition.objects.public().order_by().values_list(*own):
        told[key] = [str(name) for name in names if name]
    of_lots = Lot.objects.filter(competition__in=Competition.objects.public().order_by().values("pk")).order_by()
    for key, *names in of_lots.values_list("competition", "title", KT("snapshot__service")):
        told.setdefault(key, []).extend(name for name in names if name)
    return with_all_words(told, text)


def with_all_words(told: Mapping[int, Iterable[str]], text: str) -> list[int]:
    """Return the keys of what is called by names that have every word of the text, endings forgiven."""
    stems = [_stem(word) for word in words(text)]
    return [key for key, names in told.items() if _has_all(words(" ".join(names)), stems)]


def _stem(word: str) -> str:
    if any(map(str.isdigit, word)):
        return word
    ending = next((letters for length, letters in _FORGIVEN if len(word) >= length), 0)
    return word[: len(word) - ending]


def _has_all(known: Collection[str], stems: Iterable[str]) -> bool:
    return all(any(word.startswith(stem) for word in known) for stem in stems)
