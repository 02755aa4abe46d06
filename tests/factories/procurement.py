"""Competitions in every state, made by the steps that officials take, under small rules of their own.

The world is the Dykanska hromada in January 2027 unless `now` says otherwise. Terms have no amounts, as shipped; a test
that needs some makes a profile with `make_profile`, which says whose invention it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import connection

from portal.accounts.models import Organisation, User
from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement import date_guard
from procurement.domain.calls import calling, questions
from procurement.enums import Moment
from procurement.models import (
    Competition,
    CompetitionVersion,
    Question,
    ServiceSpecification,
)
from registry.models import Territory
from tests.factories.accounts import make_mandate, make_person
from tests.factories.ordering import (
    NOW,
    make_budget_act,
    make_commissioner,
    make_official_who_orders,
    make_order_decision,
    make_specification,
)
from tests.factories.registry import make_provider, make_territories
from tests.factories.rule_profiles import make_ground, make_rules

REASON = "Уточнено за запитаннями учасників."
_numbers = count(1)


# --- competitions -----------------------------------------------------------------------------------------------------


def timetable(now: datetime = NOW, closes_in: timedelta = timedelta(days=20)) -> dict[str, Any]:
    """Return a lawful timetable for an announcement at `now`: questions end in good time, a close may be held 3 days."""
    closes = now + closes_in
    opening = closes + timedelta(days=3, hours=16)
    on = day_of(opening)
    return {
        "questions_until": closes - min(timedelta(days=5), closes_in / 4),
        "closes_at": closes,
        "hold_until": closes + timedelta(days=3),
        "opening_at": opening,
        "evaluated_on": on + timedelta(days=7),
        "award_on": on + timedelta(days=10),
        "results_on": on + timedelta(days=12),
        "contract_on": on + timedelta(days=22),
        "service_from": on + timedelta(days=30),
        "service_to": on + timedelta(days=210),
    }


NOTICE = {
    "legal_ground": (
        "Постанова Кабінету Міністрів України від 01.06.2020 № 450; комплексна програма соціального захисту "
        "Диканської громади на 2026–2028 роки; розпорядження селищного голови від 15.01.2027 № 12."
    ),
    "requirements": "Надавач соціальних послуг, відомості про якого внесено до Реєстру.",
    "documents_note": "Статут, штатний розпис, довідка про відсутність податкового боргу.",
    "submission_note": "Через портал, від імені організації, до кінця строку подання.",
    "opening_place": "селище Диканька, вул. Незалежності, 133, мала зала, 2 поверх",
    "contact_name": "Олена Коваль, головний спеціаліст",
    "contact_phone": "+380535191234",
    "contact_email": "order@dykanka.example",
    "budget_limit": Decimal("648000.00"),
}


def make_call(
    *,
    user: User | None = None,
    hromada: Territory | None = None,
    procedure: str = "social-order",
    now: datetime = NOW,
    closes_in: timedelta = timedelta(days=20),
    lots: Sequence[ServiceSpecification] | int = 1,
    title: str = "",
    **values: Any,
) -> Competition:
    """Return a complete draft; `values` are fields of the notice and points of the timetable."""
    make_rules()
    place = hromada or make_territories().dykanska
    user = user or make_official_who_orders(place)
    channel = "project_competition" if procedure == "social-project" else "social_order"
    decision = make_order_decision(make_budget_act(place, now=now), channel=channel, now=now)
    competition = calling.start_competition(
        user=user,
        commissioner_id=make_commissioner(place).pk,
        procedure=procedure,
        title=title or f"Догляд вдома у громаді, {next(_numbers)}",
        now=now,
        decision_id=decision.pk,
    )
    if isinstance(lots, int):
        lots = [make_specification(place, now=now) for _lot in range(lots)]
    rows = [{"title": one.title, "specification": one.pk, "ceiling": one.ceiling} for one in lots]
    calling.set_lots(competition_id=competition.pk, user=user, lots=rows, now=now)
    limit = sum((one.ceiling or Decimal(0) for one in lots), Decimal(0))
    notice = {**NOTICE, "budget_limit": max(limit, NOTICE["budget_limit"]), **timetable(now, closes_in), **values}
    return calling.save_call(competition_id=competition.pk, user=user, values=notice, now=now)


def make_published(
    *, user: User | None = None, now: datetime = NOW, key: str = "", is_demo: bool = False, **values: Any
) -> Competition:
    """Return a competition announced at `now` that closes in twenty days, or `closes_in`; its keys are real."""
    draft = make_call(user=user, now=now, **values)
    published = calling.publish(
        competition_id=draft.pk, user=user or draft.created_by, key=key or str(uuid4()), now=now
    )
    if is_demo:
        Competition.objects.filter(pk=published.pk).update(is_demo=True)
        published.is_demo = True
    return published


def make_closed(*, user: User | None = None, now: datetime = NOW, **values: Any) -> Competition:
    """Return a competition that was announced at `now` and closed by the clock at its end."""
    return close(make_published(user=user, now=now, **values))


def close(competition: Competition, at: datetime | None = None) -> Competition:
    """Let the clock stand at the end of the competition, or at `at`, and close it."""
    at = at or competition.hold_until or competition.closes_at
    with clock.standing_at(at):
        return calling.close(competition_id=competition.pk, now=at)


def make_cancelled(*, user: User | None = None, now: datetime = NOW, **values: Any) -> Competition:
    published = make_published(user=user, now=now, **values)
    return calling.cancel(
        competition_id=published.pk,
        user=user or published.created_by,
        ground_id=make_ground("cancellation").pk,
        reason="Видатки бюджету на послугу зменшено.",
        now=now + timedelta(days=2),
    )


def make_void(*, user: User | None = None, now: datetime = NOW, **values: Any) -> Competition:
    """Return a competition in which nobody submitted."""
    closed = make_closed(user=user, now=now, **values)
    return calling.void(
        competition_id=closed.pk,
        user=user or closed.created_by,
        ground_id=make_ground("void").pk,
        reason="Не подано жодної пропозиції.",
        now=closed.closed_at + timedelta(hours=2),
    )


def change(competition: Competition, *, user: User | None = None, now: datetime, **values: Any) -> Competition:
    """Change an announced competition, on the first ground there is."""
    return calling.change(
        competition_id=competition.pk,
        user=user or competition.created_by,
        values=values or {"requirements": "Надавач із Реєстру, досвід не менше року."},
        ground_id=make_ground("change").pk,
        reason=REASON,
        now=now,
    )


def extend(
    competition: Competition, by: timedelta, *, user: User | None = None, now: datetime, **dates: Any
) -> Competition:
    """Move the end, and all that follows it, later by so much."""
    points = {point: getattr(competition, point) for point in list(Moment)[3:-1]}
    if points[Moment.QUESTIONS_UNTIL] and points[Moment.QUESTIONS_UNTIL] <= now:
        del points[Moment.QUESTIONS_UNTIL]
    moved = {point: value + by for point, value in points.items() if value is not None}
    return calling.extend(
        competition_id=competition.pk,
        user=user or competition.created_by,
        dates={**moved, **dates},
        ground_id=make_ground("extension").pk,
        reason="Мало часу на підготовку.",
        now=now,
    )


def make_question(
    competition: Competition, *, user: User | None = None, text: str = "", now: datetime | None = None
) -> Question:
    """Return a question asked in time, a day after the announcement unless `now` is given."""
    return questions.ask(
        competition_id=competition.pk,
        user=user or make_person(),
        organisation_id=None,
        text=text or "Чи можна подати пропозицію на частину лота?",
        key=uuid4(),
        now=now or competition.published_at + timedelta(days=1),
    )


def answer(question: Question, *, user: User | None = None, now: datetime, text: str = "") -> Question:
    return questions.answer(
        question_id=question.pk,
        user=user or question.competition.created_by,
        text=text or "Ні, лише на лот у цілому.",
        now=now,
    )


# --- bidders ----------------------------------------------------------------------------------------------------------


def make_bidder(**fields: Any) -> tuple[Organisation, User]:
    """Return a provider in good standing in the register and a person who may sign for it."""
    entry = make_provider(**fields)
    person = make_person()
    make_mandate(person, entry.organisation)
    return entry.organisation, person


# --- time -------------------------------------------------------------------------------------------------------------


@contextmanager
def dates_unguarded() -> Iterator[None]:
    """Let a test move dates of an announced competition without a new version, which nobody else may."""
    date_guard.remove(connection)
    try:
        yield
    finally:
        date_guard.install(connection)


def rewind(competition: Competition, by: timedelta) -> Competition:
    """Move everything that has a date in the row back in time, as if it had been announced earlier."""
    with dates_unguarded():
        for point in Moment:
            value = getattr(competition, point.value)
            if value is not None:
                setattr(competition, point.value, value - by)
        competition.save()
    return competition


def last_version(competition: Competition) -> CompetitionVersion:
    return competition.versions.order_by("-number").first()
