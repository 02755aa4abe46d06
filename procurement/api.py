"""Competitions and decisions on the social order for programs: what the pages say, with the same parameters."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from procurement.api_results import AppealLine, CommissionLine, CompetitionResult, Place
from procurement.enums import Phase
from procurement.interfaces.competition_filters import read_competition_filter
from procurement.interfaces.competition_json import competition_json, row_json
from procurement.interfaces.competition_lists import found_competitions, held_after_answers, page_rows
from procurement.interfaces.competition_page import CompetitionPage
from procurement.interfaces.order_json import orders_json, read_orders
from procurement.interfaces.result_json import commission_json
from procurement.queries.announcements import announced
from procurement.queries.commissions import public_commissions
from registry.views.paging import Pages, page_number

router = Router()

LANGUAGES: Final = ("uk", "en")


# --- what is asked ---------------------------------------------------------------------------------------------------


class Spoken(Schema):
    lang: str = Field("uk", description="uk or en: the language of labels and reasons")


class CompetitionsWanted(Spoken):
    """Parameters of the list of competitions; unknown values are named in `problems` and left aside."""

    q: str = Field("", description="words of the title, the commissioner, the place or the number")
    phase: list[str] = Field([], description=", ".join(value for value in Phase.values if value != Phase.DRAFT))
    service: list[str] = Field([], description="slugs; several widen")
    group: list[str] = Field([], description="slugs; several widen")
    procedure: list[str] = Field([], description="slugs of procedures")
    oblast: str = Field("", description="КАТОТТГ code")
    hromada: str = Field("", description="КАТОТТГ code; wins over the oblast")
    sum_from: str = Field("", description="hryvnias")
    sum_to: str = Field("", description="hryvnias")
    sort: str = Field("", description="closing, newest, sum")
    page: str = Field("", description="from 1, twenty results each")


class OrdersWanted(Spoken):
    """Parameters of the list of budget acts; unknown values are named in `problems` and left aside."""

    year: str = Field("", description="the budget year")
    oblast: str = Field("", description="КАТОТТГ code")
    hromada: str = Field("", description="КАТОТТГ code")
    state: str = Field("", description="overdue, due, without_term, late, in_time, decided, not_order")
    page: str = Field("", description="from 1, twenty results each")


class CommissionsWanted(Spoken):
    hromada: str = Field("", description="КАТОТТГ code")
    page: str = Field("", description="from 1, twenty results each")


# --- what is answered ------------------------------------------------------------------------------------------------


class PageNumbers(Schema):
    number: int
    count: int
    size: int


class CompetitionLine(Schema):
    """Moments are in Kyiv's time; `sequence` grows whenever a date moves."""

    number: str
    title: str
    procedure: str
    procedure_label: str
    phase: str
    phase_label: str
    url: str
    calendar: str
    notice: str
    commissioner: str
    hromada: Place
    services: list[str]
    total: str | None
    version: int
    sequence: int
    is_demo: bool
    published_at: str | None
    opens_at: str | None
    questions_until: str | None
    closes_at: str | None
    opening_at: str | None


class TimelinePoint(Schema):
    """`date` is what was announced, `due` what follows from the law, `why` and `citations` its reasons.

    `is_late`: the date is past and nothing done; `days_late`: how many days after the date it was done.
    """

    point: str
    label: str
    date: str | None
    due: str | None
    due_words: str
    why: list[str]
    citations: list[str]
    verified: bool
    done_at: str | None
    done_by: str
    is_now: bool
    is_late: bool
    days_late: int


class VersionLine(Schema):
    number: int
    kind: str
    at: str
    ground: str
    reason: str
    digest: str
    unsettles: bool
    log_seq: int | None
    url: str


class QuestionLine(Schema):
    """A question with its answer; who asked is not told."""

    number: int
    state: str
    text: str
    asked_at: str
    answer_due_on: str | None
    answer: str
    answered_at: str | None


class CompetitionAnswer(CompetitionLine):
    """`ends_at` is the end as it is known now: an unanswered question may hold it beyond `closes_at`."""

    ends_at: str | None
    closed_at: str | None
    opened_at: str | None
    ended_at: str | None
    end_ground: str
    end_reason: str
    content: dict[str, Any]
    timeline: list[TimelinePoint]
    versions: list[VersionLine]
    questions: list[QuestionLine]
    result: CompetitionResult | None
    appeals: list[AppealLine]


class CompetitionsAnswer(Schema):
    total: int
    results: list[CompetitionLine]
    pages: PageNumbers
    problems: dict[str, str]


class CommissionsAnswer(Schema):
    total: int
    results: list[CommissionLine]
    pages: PageNumbers
    problems: dict[str, str]


class OrderedService(Schema):
    service: str
    service_name: str
    group: str
    recipients: int | None
    volume: Any
    unit: str
    amount: Any
    channel: str
    channel_label: str


class DecisionLine(Schema):
    outcome: str
    ground: str
    grounds: str
    decided_on: str
    number: str
    body: str
    url: str
    taken_at: str
    correction: str
    log_seq: int | None
    services: list[OrderedService]


class BudgetActLine(Schema):
    """`days` are left, overdue or late, by the state; a term that the reference table has not is not guessed."""

    kind: str
    year: int
    adopted_on: str
    number: str
    url: str
    note: str
    correction: str
    log_seq: int | None
    hromada: Place
    page: str
    decision_due_on: str | None
    why: list[str]
    citations: list[str]
    verified: bool
    state: str
    state_label: str
    days: int
    decision: DecisionLine | None


class OrdersAnswer(Schema):
    total: int
    results: list[BudgetActLine]
    pages: PageNumbers
    problems: dict[str, str]


# --- the addresses ---------------------------------------------------------------------------------------------------


@router.get("competitions", response=CompetitionsAnswer, summary="List competitions", url_name="competitions")
def competitions(request: HttpRequest, wanted: Query[CompetitionsWanted]) -> dict[str, Any]:
    now = timezone.now()
    with translation.override(spoken_language(wanted.lang)):
        read = read_competition_filter(request.GET)
        found = found_competitions(read.wanted, now, held_after_answers(now))
        pages = _pages(found.count(), read.page)
        rows = page_rows(found, pages.start, pages.stop, now)
        return _answer(pages, [row_json(row) for row in rows], read.problems)


@router.get("competitions/{number}", response=CompetitionAnswer, summary="Read one competition", url_name="competition")
def competition(request: HttpRequest, number: str, wanted: Query[Spoken]) -> dict[str, Any]:
    del request
    found = announced(number)
    if found is None:
        raise HttpError(404, "There is no announced competition with this number.")
    with translation.override(spoken_language(wanted.lang)):
        return competition_json(CompetitionPage(found, timezone.now()))


@router.get("commissions", response=CommissionsAnswer, summary="List competition commissions", url_name="commissions")
def commissions(request: HttpRequest, wanted: Query[CommissionsWanted]) -> dict[str, Any]:
    del request
    with translation.override(spoken_language(wanted.lang)):
        rows = public_commissions().prefetch_related("members")
        if wanted.hromada:
            rows = rows.filter(hromada__code=wanted.hromada.replace("\x00", ""))
        pages = _pages(rows.count(), page_number(wanted.page))
        return _answer(pages, [commission_json(one) for one in rows[pages.start : pages.stop]], {})


@router.get("orders", response=OrdersAnswer, summary="List budget acts and decisions on them", url_name="orders")
def orders(request: HttpRequest, wanted: Query[OrdersWanted]) -> dict[str, Any]:
    today = timezone.localdate()
    with translation.override(spoken_language(wanted.lang)):
        read = read_orders(request.GET, today)
        pages = _pages(read.rows.count(), page_number(wanted.page))
        return _answer(pages, orders_json(read.rows[pages.start : pages.stop], today), read.problems)


def _pages(total: int, number: int) -> Pages:
    return Pages(total, number, settings.REGISTER_PAGE_SIZE, str)


def _answer(pages: Pages, results: list[dict[str, Any]], problems: dict[str, str]) -> dict[str, Any]:
    numbers = {"number": pages.number, "count": pages.count, "size": pages.size}
    return {"total": pages.total, "results": results, "pages": numbers, "problems": problems}


def spoken_language(value: str) -> str:
    """Return the language that was asked for, the portal's first one where there is no such."""
    return value if value in LANGUAGES else LANGUAGES[0]
