"""Competitions in every state, made by the steps that officials take, under small rules of their own.

The world is the Dykanska hromada in January 2027 unless `now` says otherwise. Terms have no amounts, as shipped; a test
that needs some makes a profile with `make_profile`, which says whose invention it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import connection

from portal.accounts.models import Organisation, User
from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.models import CalendarRegime, DeadlineRule, RuleProfile
from portal.kernel.reference import FOLDER as NORMS
from portal.kernel.reference import load_norms
from procurement import date_guard
from procurement.domain.calls import calling, questions
from procurement.domain.reference import load_procurement
from procurement.domain.seal.keys import make_missing_keys
from procurement.enums import BudgetActKind, DecisionState, Moment, OrderOutcome
from procurement.models import (
    BudgetAct,
    Commissioner,
    Competition,
    CompetitionPolicy,
    CompetitionVersion,
    OrderDecision,
    OrderItem,
    ProcedureGround,
    Question,
    ServiceSpecification,
    TimetableRule,
)
from registry.models import Territory
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.registry import make_catalogue, make_provider, make_territories, next_edrpou

NOW = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
START = date(2020, 1, 1)
REASON = "Уточнено за запитаннями учасників."
_numbers = count(1)


# --- rules ---------------------------------------------------------------------------------------------------------


@cache
def _shipped(path: Any) -> str:
    return path.read_text(encoding="utf-8")


def make_rules() -> None:
    """Bring in the national rules of both procedures as shipped (amounts unset), martial law, forms, grounds; once."""
    make_missing_keys()
    if TimetableRule.objects.exists():
        return
    if not CalendarRegime.objects.exists():
        CalendarRegime.objects.create(kind="martial_law", valid_from=date(2022, 2, 24), ground="Указ 64/2022")
    for row in json.loads(_shipped(NORMS / "rules.json")):
        if row["procedure"] in ("social-order", "social-project"):
            _put_profile(row)
    load_procurement()


def _put_profile(row: dict[str, Any]) -> None:
    about = {name: row[name] for name in ("title", "title_en", "note")}
    profile, is_new = RuleProfile.objects.get_or_create(
        procedure=row["procedure"], authority="", valid_from=row["valid_from"], defaults=about
    )
    if is_new:
        own = [{name: value for name, value in rule.items() if name not in ("row", "act")} for rule in row["rules"]]
        DeadlineRule.objects.bulk_create(
            DeadlineRule(**{**rule, "unit": rule["unit"] or ""}, profile=profile, effective_from=row["valid_from"])
            for rule in own
        )


def load_all_rules() -> None:
    """Bring in everything as shipped, acts with their citations too; slower than `make_rules`."""
    make_missing_keys()
    load_norms()
    load_procurement()


def make_profile(
    authority: str = "", *, procedure: str = "social-order", policy: Mapping[str, Any] | None = None, **amounts: Any
) -> RuleProfile:
    """Return a profile of invented terms: `proposals_window=15`, or `question_grace=(24, "hours")`; others stay unset.

    Without an authority it is that of Dykanka. Terms not named are the national ones.
    """
    make_rules()
    authority = authority or make_territories().dykanska.code
    profile, _ = RuleProfile.objects.get_or_create(
        procedure=procedure,
        authority=authority,
        valid_from=START,
        defaults={"title": "Місцевий порядок", "title_en": "Local rules", "note": "Вигадано для перевірки."},
    )
    national = DeadlineRule.objects.filter(profile__procedure=procedure, profile__authority="")
    for name, amount in amounts.items():
        code = name.replace("_", "-")
        length, unit = amount if isinstance(amount, tuple) else (amount, "calendar_days")
        same = national.filter(code=code).values("anchor", "anchor_en", "action", "action_en", "direction").get()
        facts = {**same, "amount": length, "unit": unit, "point": "п. 7"}
        DeadlineRule.objects.update_or_create(profile=profile, code=code, effective_from=START, defaults=facts)
    if policy is not None:
        kept = CompetitionPolicy.objects.get(profile__procedure=procedure, profile__authority="")
        same = {name: getattr(kept, name) for name in ("name", "channel", "needs_specification", "form", "rubric")}
        CompetitionPolicy.objects.update_or_create(profile=profile, defaults={**same, **policy})
    return profile


def make_ground(use: str = "change") -> ProcedureGround:
    """Return the first shipped ground for such a step."""
    make_rules()
    return ProcedureGround.objects.filter(use=use).order_by("order").first()


# --- who orders ----------------------------------------------------------------------------------------------------


def make_official_who_orders(*units: Territory, **fields: Any) -> User:
    """Return an official who orders services, in Dykanka unless other units are named."""
    return make_official("commissioner", *(units or (make_territories().dykanska,)), **fields)


def make_commissioner(hromada: Territory | None = None, **fields: Any) -> Commissioner:
    """Return the body that orders services in a hromada, made once."""
    place = hromada or make_territories().dykanska
    known = Commissioner.objects.filter(hromada=place).first()
    return known or Commissioner.objects.create(
        **{
            "organisation": make_organisation(
                code=next_edrpou(), name=f"Виконавчий комітет, {place.name} територіальна громада"
            ),
            "hromada": place,
            "address": "38500, Полтавська область, селище Диканька, вул. Незалежності, 133",
            "phone": "+380535191234",
            "email": "order@dykanka.example",
            "website": "https://dykanka.example",
            **fields,
        }
    )


def make_budget_act(hromada: Territory | None = None, *, now: datetime = NOW, **fields: Any) -> BudgetAct:
    """Return the adopted budget of the year of `now`, the same one when it is there."""
    place = hromada or make_territories().dykanska
    year = day_of(now).year
    values = {"number": "5-12/VIII", "adopted_on": date(year - 1, 12, 19), "entered_at": now, **fields}
    known = BudgetAct.objects.filter(hromada=place, year=year, kind=values.get("kind", BudgetActKind.ADOPTED)).first()
    if known and not fields:
        return known
    return BudgetAct.objects.create(**{"hromada": place, "kind": BudgetActKind.ADOPTED, "year": year, **values})


def make_order_decision(
    act: BudgetAct | None = None, *, channel: str = "social_order", now: datetime = NOW, **fields: Any
) -> OrderDecision:
    """Return a published decision that orders home care and shelter by the channel; one for each budget act."""
    act, words = act or make_budget_act(now=now), make_catalogue()
    decision = OrderDecision.objects.filter(budget_act=act, state=DecisionState.TAKEN).first()
    decided = day_of(now) - timedelta(days=6)
    decision = decision or OrderDecision.objects.create(
        **{
            "budget_act": act,
            "hromada": act.hromada,
            "state": DecisionState.TAKEN,
            "outcome": OrderOutcome.ORDER,
            "decided_on": decided,
            "number": "17",
            "body": "Виконавчий комітет Диканської селищної ради",
            "url": "https://dykanka.example/17",
            "created_at": now,
            "taken_at": now - timedelta(days=5),
            **fields,
        }
    )
    for place, service in enumerate((words.home_care, words.shelter)):
        OrderItem.objects.get_or_create(
            decision=decision,
            service_type=service,
            channel=channel,
            defaults={"recipients": 20, "amount": Decimal("324000.00"), "order": place},
        )
    return decision


def make_specification(hromada: Territory | None = None, *, now: datetime = NOW, **fields: Any) -> ServiceSpecification:
    """Return home care for twenty older people, 1800 person-hours by 180 hryvnias."""
    words = make_catalogue()
    year = day_of(now).year
    return ServiceSpecification.objects.create(
        **{
            "hromada": hromada or make_territories().dykanska,
            "title": "Догляд вдома осіб похилого віку",
            "group": words.older_people,
            "service_type": words.home_care,
            "delivery_form": words.at_home,
            "content": "Прибирання, приготування їжі, купівля ліків, супровід до лікаря.",
            "categories": "Особи похилого віку, які потребують сторонньої допомоги.",
            "recipients": 20,
            "volume": Decimal(1800),
            "unit": "person_hour",
            "place": "Диканська територіальна громада",
            "service_from": date(year, 6, 1),
            "service_to": date(year, 12, 31),
            "standard": "Державний стандарт догляду вдома",
            "quality": "Не рідше двох разів на тиждень; скарги розглядають протягом дня.",
            "tariff": Decimal("180.00"),
            "tariff_act": "рішення виконкому від 12.01.2027 № 8",
            "ceiling": Decimal("324000.00"),
            "created_at": now,
            "saved_at": now,
            **fields,
        }
    )


# --- competitions --------------------------------------------------------------------------------------------------


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


# --- bidders -------------------------------------------------------------------------------------------------------


def make_bidder(**fields: Any) -> tuple[Organisation, User]:
    """Return a provider in good standing in the register and a person who may sign for it."""
    entry = make_provider(**fields)
    person = make_person()
    make_mandate(person, entry.organisation)
    return entry.organisation, person


# --- time ----------------------------------------------------------------------------------------------------------


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
