"""Announced competitions, their lots, the decisions and awards, and the projects that got money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.accounts.letters import absolute
from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Link, Row, Table, each, fields, in_chunks
from procurement.interfaces.project_register import lines_of
from procurement.models import Award, AwardDecision, Competition, Lot
from procurement.queries.applicants import printed_name
from procurement.queries.orders_needs import shown
from procurement.queries.projects import for_list, funded_projects

GROUP: Final = "competitions"
_COMPETITION: Final = Column("competition", "string", _("number of the competition"))
_DEMO: Final = Column("is_demo", "boolean", _("invented for demonstration"))
_OF_COMPETITION: Final = Link(("competition",), "competitions")
_OF_LOT: Final = Link(("competition", "lot"), "lots")
_WHERE: Final = Link(("hromada",), "territories")
_UNREAD: Final = ("public_key", "wrapped_key")
_LONG: Final = ("content", "inputs", "ranking")
_DATES: Final = ("published_at", "opens_at", "questions_until", "closes_at", "hold_until", "opening_at")
_ENDS: Final = ("closed_at", "opened_at", "ended_at", "end_reason")


def _competition_rows(_state: State) -> Iterator[Row]:
    rows = Competition.objects.public().defer(*_UNREAD)
    for one in each(rows.select_related("hromada", "commissioner__organisation", "decision", "end_ground")):
        yield (
            one.number,
            *fields(one, ("title", "procedure", "state")),
            one.hromada.code,
            one.commissioner.organisation.name,
            one.commissioner.organisation.code,
            one.decision.log_seq if one.decision else None,
            one.budget_limit,
            *fields(one, (*_DATES, "service_from", "service_to", "version")),
            one.end_ground.text_uk if one.end_ground else None,
            *fields(one, (*_ENDS, "is_demo")),
            _page("competition", one.number),
        )


def _page(name: str, number: str | None) -> str:
    with override("uk"):
        return absolute(reverse(f"procurement:{name}", args=[number]))


def _lot_rows(_state: State) -> Iterator[Row]:
    rows = Lot.objects.filter(competition__in=Competition.objects.public().values("pk"))
    for one in each(rows.select_related("competition").defer(*(f"competition__{name}" for name in _UNREAD))):
        told: Mapping[str, Any] = one.snapshot
        yield (
            one.competition.number,
            *fields(one, ("number", "title")),
            one.service_slug or None,
            one.group_slug or None,
            one.ceiling,
            *(told.get(name) for name in ("volume", "unit", "tariff", "service_from", "service_to")),
            shown(told.get("recipients")).value,
        )


def _decisions() -> Iterator[AwardDecision]:
    rows = AwardDecision.objects.filter(competition__in=Competition.objects.public().values("pk"))
    related = rows.select_related("competition", "ground", "supersedes")
    unread = (f"{of}__{name}" for of, names in (("competition", _UNREAD), ("supersedes", _LONG)) for name in names)
    awards = Award.objects.select_related("lot", "proposal__organisation")
    awards = awards.defer("proposal__draft", "proposal__draft_key", "proposal__content")
    ordered = awards.order_by("lot__number", "place", "pk")
    yield from each(related.defer(*_LONG, *unread).prefetch_related(Prefetch("awards", ordered)))


def _decision_rows(_state: State) -> Iterator[Row]:
    for one in _decisions():
        yield (
            one.competition.number,
            *fields(one, ("number", "outcome")),
            one.ground.text_uk if one.ground else None,
            *fields(one, ("reason", "act_number", "act_on", "act_url", "at")),
            one.supersedes.number if one.supersedes else None,
            *fields(one, ("digest", "log_seq")),
        )


def _award_rows(_state: State) -> Iterator[Row]:
    for decision in _decisions():
        for award in decision.awards.all():
            applicant = award.proposal.organisation
            yield (
                decision.competition.number,
                decision.number,
                award.lot.number,
                award.place,
                award.proposal.number,
                printed_name(applicant, award.proposal.number),
                # a person's code is not an EDRPOU and is nowhere public
                applicant.code,
                *fields(award, ("amount", "state", "reason", "answered_at")),
            )


def _project_rows(_state: State) -> Iterator[Row]:
    for awards in in_chunks(funded_projects()):
        keys = [one.pk for one in awards]
        for line in sorted(lines_of(for_list(Award.objects.filter(pk__in=keys))), key=lambda one: one.award.pk):
            award, decision = line.award, line.award.decision
            yield (
                decision.competition.number,
                award.lot.number,
                award.proposal.number,
                decision.competition.hromada.code,
                line.applicant,
                award.proposal.organisation.code,
                line.title,
                line.goal,
                line.group,
                _people(line.people),
                line.starts,
                line.ends,
                *fields(award, ("amount", "state")),
                *fields(decision, ("act_number", "act_on")),
                _page("results", decision.competition.number),
            )


def _people(text: str) -> int | None:
    """Return how many people a project is for, as far as its form says a number that may be told."""
    told = "".join(text.split())
    return shown(int(told)).value if told.isascii() and told.isdigit() else None


TABLES: Final = (
    Table(
        "competitions",
        GROUP,
        _("Competitions, from the announcement on"),
        (
            Column("number", "string", _("number of the competition")),
            Column("title", "string", _("title")),
            Column("procedure", "string", _("code of the procedure")),
            Column("state", "string", _("published, closed, opened, awarded, unawarded, cancelled or void")),
            Column("hromada", "string", _("code of the hromada")),
            Column("commissioner", "string", _("who orders")),
            Column("commissioner_edrpou", "string", _("EDRPOU code of who orders")),
            Column("order_decision", "integer", _("entry of the decision log of the decision on the social order")),
            Column("budget_limit_uah", "number", _("limit of the budget, UAH")),
            Column("published_at", "datetime", _("moment of the announcement")),
            Column("opens_at", "datetime", _("proposals are accepted from")),
            Column("questions_until", "datetime", _("end of questions")),
            Column("closes_at", "datetime", _("end of accepting proposals")),
            Column("hold_until", "datetime", _("latest end, if a question has no answer")),
            Column("opening_at", "datetime", _("planned opening of proposals")),
            Column("service_from", "date", _("first day of the service")),
            Column("service_to", "date", _("last day of the service")),
            Column("version", "integer", _("version of the announcement")),
            Column("end_ground", "string", _("typed ground of an early end")),
            Column("closed_at", "datetime", _("moment of the close")),
            Column("opened_at", "datetime", _("moment of the opening")),
            Column("ended_at", "datetime", _("moment of an early end")),
            Column("end_reason", "string", _("reason of an early end")),
            _DEMO,
            Column("url", "string", _("page of the competition")),
        ),
        ("number",),
        _competition_rows,
        (_WHERE, Link(("order_decision",), "order_decisions")),
    ),
    Table(
        "lots",
        GROUP,
        _("Lots of the competitions, as announced"),
        (
            _COMPETITION,
            Column("lot", "integer", _("number of the lot")),
            Column("title", "string", _("title")),
            Column("service", "string", _("code of the service in the catalogue")),
            Column("group", "string", _("code of the group")),
            Column("ceiling_uah", "number", _("price ceiling, UAH")),
            Column("volume", "number", _("volume")),
            Column("unit", "string", _("unit of the volume")),
            Column("tariff_uah", "number", _("tariff, UAH a unit")),
            Column("service_from", "date", _("first day of the service")),
            Column("service_to", "date", _("last day of the service")),
            Column("recipients", "integer", _("recipients; empty where not known, and where fewer than five")),
        ),
        ("competition", "lot"),
        _lot_rows,
        (_OF_COMPETITION, Link(("service",), "service_types"), Link(("group",), "groups")),
    ),
    Table(
        "award_decisions",
        GROUP,
        _("Decisions on the winners"),
        (
            _COMPETITION,
            Column("decision", "integer", _("number of the decision")),
            Column("outcome", "string", _("awarded or without a winner")),
            Column("ground", "string", _("typed ground")),
            Column("reason", "string", _("reason")),
            Column("act_number", "string", _("number of the order")),
            Column("act_on", "date", _("day of the order")),
            Column("act_url", "string", _("address of the order")),
            Column("at", "datetime", _("moment of the publication")),
            Column("supersedes", "integer", _("number of the decision that this one supersedes")),
            Column("digest", "string", _("SHA-256 of what the decision says")),
            Column("log_entry", "integer", _("entry of the decision log")),
        ),
        ("competition", "decision"),
        _decision_rows,
        (_OF_COMPETITION,),
    ),
    Table(
        "awards",
        GROUP,
        _("Awards, lot by lot"),
        (
            _COMPETITION,
            Column("decision", "integer", _("number of the decision")),
            Column("lot", "integer", _("number of the lot")),
            Column("place", "integer", _("place in the ranking")),
            Column("proposal", "integer", _("number of the proposal")),
            Column("applicant", "string", _("who applied; natural persons are not named")),
            Column("applicant_edrpou", "string", _("EDRPOU code of who applied")),
            Column("amount_uah", "number", _("sum, UAH")),
            Column("state", "string", _("offered, accepted, refused, lapsed or superseded")),
            Column("reason", "string", _("reason")),
            Column("answered_at", "datetime", _("moment of the answer")),
        ),
        ("competition", "decision", "lot", "proposal"),
        _award_rows,
        (Link(("competition", "decision"), "award_decisions"), _OF_LOT),
    ),
    Table(
        "projects",
        GROUP,
        _("Register of funded projects"),
        (
            _COMPETITION,
            Column("lot", "integer", _("number of the lot")),
            Column("proposal", "integer", _("number of the proposal")),
            Column("hromada", "string", _("code of the hromada")),
            Column("applicant", "string", _("who got the money; natural persons are not named")),
            Column("applicant_edrpou", "string", _("EDRPOU code of who got the money")),
            Column("title", "string", _("name of the project")),
            Column("goal", "string", _("goal")),
            Column("group", "string", _("for whom it is, in words")),
            Column("people", "integer", _("for how many people; empty where not known, and where fewer than five")),
            Column("starts_on", "date", _("first day")),
            Column("ends_on", "date", _("last day")),
            Column("amount_uah", "number", _("sum, UAH")),
            Column("state", "string", _("offered or accepted")),
            Column("act_number", "string", _("number of the order")),
            Column("act_on", "date", _("day of the order")),
            Column("url", "string", _("page with the results")),
        ),
        ("competition", "lot", "proposal"),
        _project_rows,
        (_OF_LOT, _WHERE),
    ),
)
