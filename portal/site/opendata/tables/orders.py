"""Needs, budget acts and decisions on the social order; numbers of few people are nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Link, Row, Table, each, fields, in_chunks
from procurement.enums import AssessmentState, DecisionState
from procurement.models import BudgetAct, NeedsAssessment, OrderDecision
from procurement.queries.orders import acts_on, lines_of
from procurement.queries.orders_needs import PublicNeeds, Shown, public_needs, shown

GROUP: Final = "orders"
_ENTRY: Final = Column("log_entry", "integer", _("entry of the decision log that published the row"))
_HROMADA: Final = Column("hromada", "string", _("code of the hromada"))
_DEMO: Final = Column("is_demo", "boolean", _("invented for demonstration"))
_IN_HROMADA: Final = Link(("hromada",), "territories")
_IN_ASSESSMENT: Final = Link(("assessment",), "needs_assessments")
_ASSESSMENT: Final = Column("assessment", "integer", _("entry of the decision log that published the assessment"))
_SUPERSEDES: Final = Column("supersedes", "integer", _("entry of the decision log of the row that this one corrects"))
_CORRECTION: Final = Column("correction", "string", _("what is corrected and why"))


def _number(name: str, about: str | Promise) -> tuple[Column, Column]:
    return (
        Column(name, "integer", about),
        Column(
            f"{name}_hidden", "string", _("why the number is not told: unknown, few (under five), tells (gives one)")
        ),
    )


def _told(number: Shown) -> Row:
    return number.value, number.hidden.value


# --- needs -----------------------------------------------------------------------------------------------------------


def _published() -> Iterator[NeedsAssessment]:
    rows = NeedsAssessment.objects.filter(state=AssessmentState.PUBLISHED).select_related("hromada", "supersedes")
    yield from each(rows.prefetch_related("figures__group", "services__service_type"))


def _needs() -> Iterator[PublicNeeds]:
    return (public_needs(one) for one in _published())


_ASSESSED: Final = ("as_of", "study_from", "study_to", "respondents", "method", "findings")
_ACT: Final = ("act_number", "act_on", "act_url", "published_at")


def _assessment_rows(_state: State) -> Iterator[Row]:
    for one in _published():
        *told, respondents, method, findings = fields(one, _ASSESSED)
        yield (
            one.log_seq,
            one.hromada.code,
            *told,
            shown(respondents).value,
            method,
            findings,
            *fields(one, _ACT),
            one.supersedes.log_seq if one.supersedes else None,
            *fields(one, ("correction", "is_demo")),
        )


def _figure_rows(_state: State) -> Iterator[Row]:
    for needs in _needs():
        for number, line in enumerate(needs.figures, 1):
            group = line.figure.group
            told = fields(line.figure, ("label", "counted", "source"))
            yield needs.assessment.log_seq, number, group.slug if group else None, *told, *_told(line.persons)


def _service_rows(_state: State) -> Iterator[Row]:
    for needs in _needs():
        for number, line in enumerate(needs.services, 1):
            numbers = (cell for one in (line.need, line.receive, line.lack) for cell in _told(one))
            yield needs.assessment.log_seq, number, line.service.slug, *numbers


# --- budgets and decisions -------------------------------------------------------------------------------------------


def _act_rows(state: State) -> Iterator[Row]:
    for acts in in_chunks(BudgetAct.objects.select_related("hromada", "supersedes")):
        standing = acts_on(state.today).filter(pk__in=[one.pk for one in acts]).select_related("hromada")
        stands = {line.act.pk: line.state.value for line in lines_of(standing, state.today)}
        for one in acts:
            yield (
                one.log_seq,
                one.hromada.code,
                *fields(one, ("kind", "year", "adopted_on", "number", "url", "note", "decision_due_on")),
                stands.get(one.pk),
                one.supersedes.log_seq if one.supersedes else None,
                *fields(one, ("correction", "is_demo")),
            )


def _decisions() -> Iterator[OrderDecision]:
    rows = OrderDecision.objects.filter(state=DecisionState.TAKEN)
    rows = rows.select_related("budget_act", "hromada", "ground", "supersedes")
    yield from each(rows.prefetch_related("items__service_type", "items__group"))


def _decision_rows(_state: State) -> Iterator[Row]:
    for one in _decisions():
        yield (
            one.log_seq,
            one.budget_act.log_seq,
            one.hromada.code,
            *fields(one, ("outcome", "grounds")),
            one.ground.text_uk if one.ground else None,
            *fields(one, ("decided_on", "number", "body", "url", "taken_at")),
            one.supersedes.log_seq if one.supersedes else None,
            *fields(one, ("correction", "is_demo")),
        )


def _item_rows(_state: State) -> Iterator[Row]:
    for one in _decisions():
        for number, item in enumerate(one.items.all(), 1):
            group = item.group.slug if item.group else None
            told = fields(item, ("volume", "unit", "amount", "channel"))
            yield one.log_seq, number, item.service_type.slug, group, *_told(shown(item.recipients)), *told


TABLES: Final = (
    Table(
        "needs_assessments",
        GROUP,
        _("Published assessments of the needs of hromadas"),
        (
            _ENTRY,
            _HROMADA,
            Column("as_of", "date", _("day for which the data hold")),
            Column("study_from", "date", _("first day of the study")),
            Column("study_to", "date", _("last day of the study")),
            Column("respondents", "integer", _("people asked; empty where not known, and where fewer than five")),
            Column("method", "string", _("how people were asked")),
            Column("findings", "string", _("what was found")),
            Column("act_number", "string", _("number of the act")),
            Column("act_on", "date", _("day of the act")),
            Column("act_url", "string", _("address of the act")),
            Column("published_at", "datetime", _("moment of the publication")),
            _SUPERSEDES,
            _CORRECTION,
            _DEMO,
        ),
        ("log_entry",),
        _assessment_rows,
        (_IN_HROMADA, Link(("supersedes",), "needs_assessments")),
    ),
    Table(
        "needs_figures",
        GROUP,
        _("Numbers of people in the assessments, by group"),
        (
            _ASSESSMENT,
            Column("number", "integer", _("number of the line")),
            Column("group", "string", _("code of the group; empty for an indicator in words")),
            Column("label", "string", _("indicator in words")),
            Column("counted", "string", _("counted on the day or over the year")),
            Column("source", "string", _("source of the number")),
            *_number("persons", _("people")),
        ),
        ("assessment", "number"),
        _figure_rows,
        (_IN_ASSESSMENT, Link(("group",), "groups")),
    ),
    Table(
        "needs_services",
        GROUP,
        _("How many people need, receive and lack each service"),
        (
            _ASSESSMENT,
            Column("number", "integer", _("number of the line")),
            Column("service", "string", _("code of the service in the catalogue")),
            *_number("need", _("people who need it")),
            *_number("receive", _("people who receive it")),
            *_number("lack", _("people who need it and do not receive it")),
        ),
        ("assessment", "number"),
        _service_rows,
        (_IN_ASSESSMENT, Link(("service",), "service_types")),
    ),
    Table(
        "budget_acts",
        GROUP,
        _("Budgets, adopted and amended, from which the term of the decision is counted"),
        (
            _ENTRY,
            _HROMADA,
            Column("kind", "string", _("adopted or amended")),
            Column("year", "integer", _("budget year")),
            Column("adopted_on", "date", _("day of the act")),
            Column("number", "string", _("number of the act")),
            Column("url", "string", _("address of the act")),
            Column("note", "string", _("note")),
            Column("decision_due_on", "date", _("day by which the decision is due; empty where no term is set")),
            Column("state", "string", _("where the decision stood on the day of the snapshot; empty once corrected")),
            _SUPERSEDES,
            _CORRECTION,
            _DEMO,
        ),
        ("log_entry",),
        _act_rows,
        (_IN_HROMADA, Link(("supersedes",), "budget_acts")),
    ),
    Table(
        "order_decisions",
        GROUP,
        _("Decisions on the social order"),
        (
            _ENTRY,
            Column("budget_act", "integer", _("entry of the decision log of the budget act")),
            _HROMADA,
            Column("outcome", "string", _("order or not_order")),
            Column("grounds", "string", _("grounds in words")),
            Column("ground", "string", _("typed ground")),
            Column("decided_on", "date", _("day of the decision")),
            Column("number", "string", _("number of the decision")),
            Column("body", "string", _("who decided")),
            Column("url", "string", _("address of the decision")),
            Column("taken_at", "datetime", _("moment of the publication")),
            _SUPERSEDES,
            _CORRECTION,
            _DEMO,
        ),
        ("log_entry",),
        _decision_rows,
        (_IN_HROMADA, Link(("budget_act",), "budget_acts"), Link(("supersedes",), "order_decisions")),
    ),
    Table(
        "order_items",
        GROUP,
        _("Services that the decisions order"),
        (
            Column("decision", "integer", _("entry of the decision log of the decision")),
            Column("number", "integer", _("number of the line")),
            Column("service", "string", _("code of the service in the catalogue")),
            Column("group", "string", _("code of the group")),
            *_number("recipients", _("recipients")),
            Column("volume", "number", _("volume")),
            Column("unit", "string", _("unit of the volume")),
            Column("amount_uah", "number", _("sum, UAH")),
            Column("channel", "string", _("way of ordering")),
        ),
        ("decision", "number"),
        _item_rows,
        (Link(("decision",), "order_decisions"), Link(("service",), "service_types"), Link(("group",), "groups")),
    ),
)
