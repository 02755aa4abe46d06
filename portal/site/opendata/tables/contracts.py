"""Concluded contracts with services, accepted acts, payments, milestones and findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import F, Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Link, Row, Table, each, fields, joined
from procurement.contract_enums import ActState, VisitState
from procurement.interfaces.contract_table import COLUMNS, cells_of
from procurement.models import AcceptanceAct, ContractLine, Finding, Milestone, Payment
from procurement.queries.contracts.public import for_list, public_contracts
from procurement.queries.orders_needs import shown

GROUP: Final = "contracts"
_CONTRACT: Final = Column("contract", "string", _("number of the contract"))
_OF_CONTRACT: Final = Link(("contract",), "contracts")
_OF_ACT: Final = Link(("contract", "act"), "acts")
_LOG: Final = Column("log_entry", "integer", _("entry of the decision log"))
_WORDS: Final = {
    "number": _("number of the contract"),
    "own_number": _("number that the parties gave it"),
    "state": _("in_force, suspended, closed or terminated"),
    "channel": _("way of ordering"),
    "hromada_code": _("code of the hromada"),
    "hromada": _("hromada"),
    "oblast": _("oblast"),
    "commissioner": _("who orders"),
    "commissioner_code": _("EDRPOU code of who orders"),
    "provider": _("who gives the service; natural persons are not named"),
    "provider_code": _("EDRPOU code of who gives the service"),
    "title": _("title"),
    "services": _("codes of services, parted by a bar"),
    "concluded_on": _("day of the conclusion"),
    "service_from": _("first day of the service"),
    "service_to": _("last day of the service"),
    "version": _("version in force"),
    "first_sum_uah": _("sum of the first version, UAH"),
    "sum_uah": _("sum, UAH"),
    "accepted_uah": _("accepted by acts, UAH"),
    "paid_uah": _("paid, UAH"),
    "remaining_uah": _("not accepted yet, UAH"),
    "ended_on": _("day of the end"),
    "end_paid_uah": _("paid up to the end, UAH"),
    "competition": _("number of the competition"),
    "identifier": _("identifier in another system"),
    "is_demo": _("invented for demonstration"),
    "url": _("page of the contract"),
}
_KINDS: Final = {"version": "integer", "is_demo": "boolean"}
_ACT: Final = (
    *("number", "kind", "contract_version", "period_from", "period_to", "own_number", "act_on", "claimed", "deducted"),
    *("accepted", "paid", "claimed_at", "accepted_at", "payment_due_on", "digest", "log_seq"),
)
_FINDING: Final = (
    *("number", "code", "citation", "severity", "text", "demand", "due_on", "state", "outcome", "closed_at", "log_seq"),
)


def _columns() -> tuple[Column, ...]:
    def kind(name: str) -> str:
        if name.endswith("_uah"):
            return "number"
        return "date" if name.endswith("_on") or name.startswith("service_") else _KINDS.get(name, "string")

    return tuple(Column(name, kind(name), _WORDS[name]) for name in COLUMNS)


def _contract_rows(_state: State) -> Iterator[Row]:
    with override("uk"):
        for one in each(for_list(public_contracts())):
            cells = cells_of(one)
            yield tuple(_told(one.services, name, cell) for name, cell in cells.items())


def _told(services: list[str], name: str, cell: object) -> object:
    if name == "services":
        return joined(services)
    return None if cell == "" else cell


def _line_rows(_state: State) -> Iterator[Row]:
    """Yield the services of the versions in force."""
    rows = ContractLine.objects.filter(
        version__contract__in=public_contracts().values("pk"), version__number=F("version__contract__version")
    )
    for one in each(rows.select_related("version__contract", "service_type", "group")):
        yield (
            one.version.contract.number,
            *fields(one, ("number", "title")),
            one.service_type.slug if one.service_type else None,
            one.group.slug if one.group else None,
            shown(one.recipients).value,
            *fields(one, ("pricing", "volume", "unit", "tariff", "tariff_act", "sum")),
        )


def _acts() -> Iterator[AcceptanceAct]:
    rows = AcceptanceAct.objects.filter(state=ActState.ACCEPTED, contract__in=public_contracts().values("pk"))
    payments = Payment.objects.select_related("funding__line", "undoes").order_by("pk")
    related = rows.select_related("contract", "corrects", "report").defer("content")
    yield from each(related.prefetch_related(Prefetch("payments", payments)))


def _act_rows(_state: State) -> Iterator[Row]:
    for one in _acts():
        yield (
            one.contract.number,
            *fields(one, _ACT),
            one.corrects.number if one.corrects else None,
            one.report.number if one.report else None,
        )


def _payment_rows(_state: State) -> Iterator[Row]:
    for act in _acts():
        numbers = {payment.pk: number for number, payment in enumerate(act.payments.all(), 1)}
        for payment in act.payments.all():
            line = payment.funding.line
            yield (
                act.contract.number,
                act.number,
                numbers[payment.pk],
                *fields(payment, ("kind", "amount", "paid_on", "order_number")),
                numbers.get(payment.undoes_id) if payment.undoes_id else None,
                line.year,
                line.code,
                *fields(payment, ("entered_at", "log_seq")),
            )


def _milestone_rows(_state: State) -> Iterator[Row]:
    rows = Milestone.objects.filter(contract__in=public_contracts().values("pk")).select_related("contract")
    for one in each(rows):
        told = ("number", "title", "due_on", "measure", "plan", "fact", "state", "reason", "decided_on")
        yield one.contract.number, *fields(one, told)


def _finding_rows(_state: State) -> Iterator[Row]:
    rows = Finding.objects.filter(visit__state=VisitState.CONCLUDED, contract__in=public_contracts().values("pk"))
    for one in each(rows.select_related("contract", "visit", "kind")):
        yield one.contract.number, one.visit.number, one.visit.held_on, one.kind.text_uk, *fields(one, _FINDING)


TABLES: Final = (
    Table(
        "contracts",
        GROUP,
        _("Contracts, from the conclusion on"),
        _columns(),
        ("number",),
        _contract_rows,
        (Link(("hromada_code",), "territories"), Link(("competition",), "competitions")),
    ),
    Table(
        "contract_lines",
        GROUP,
        _("Services of the contracts, by the version in force"),
        (
            _CONTRACT,
            Column("line", "integer", _("number of the line")),
            Column("title", "string", _("service or stage")),
            Column("service", "string", _("code of the service in the catalogue")),
            Column("group", "string", _("code of the group")),
            Column("recipients", "integer", _("recipients; empty where not known, and where fewer than five")),
            Column("pricing", "string", _("how the price is made")),
            Column("volume", "number", _("volume")),
            Column("unit", "string", _("unit of the volume")),
            Column("tariff_uah", "number", _("tariff, UAH a unit")),
            Column("tariff_act", "string", _("act that set the tariff")),
            Column("sum_uah", "number", _("sum, UAH")),
        ),
        ("contract", "line"),
        _line_rows,
        (_OF_CONTRACT, Link(("service",), "service_types"), Link(("group",), "groups")),
    ),
    Table(
        "acts",
        GROUP,
        _("Accepted acts of services rendered"),
        (
            _CONTRACT,
            Column("act", "integer", _("number of the act in the contract")),
            Column("kind", "string", _("of services rendered, or correcting")),
            Column("contract_version", "integer", _("version of the contract")),
            Column("period_from", "date", _("first day of the period")),
            Column("period_to", "date", _("last day of the period")),
            Column("own_number", "string", _("number that the parties gave it")),
            Column("act_on", "date", _("day of the act")),
            Column("claimed_uah", "number", _("claimed, UAH")),
            Column("deducted_uah", "number", _("deducted, UAH")),
            Column("accepted_uah", "number", _("accepted, UAH")),
            Column("paid_uah", "number", _("paid, UAH")),
            Column("claimed_at", "datetime", _("moment of the claim")),
            Column("accepted_at", "datetime", _("moment of the acceptance")),
            Column("payment_due_on", "date", _("day by which it is to be paid")),
            Column("digest", "string", _("SHA-256 of what the act says")),
            _LOG,
            Column("corrects", "integer", _("number of the act that this one corrects")),
            Column("report", "integer", _("number of the report that it rests on")),
        ),
        ("contract", "act"),
        _act_rows,
        (_OF_CONTRACT,),
    ),
    Table(
        "payments",
        GROUP,
        _("Payments and refunds"),
        (
            _CONTRACT,
            Column("act", "integer", _("number of the act in the contract")),
            Column("payment", "integer", _("number of the payment of the act")),
            Column("kind", "string", _("payment, refund or undoing of a mistake")),
            Column("amount_uah", "number", _("sum, UAH")),
            Column("paid_on", "date", _("day of the payment")),
            Column("order_number", "string", _("number of the payment order")),
            Column("undoes", "integer", _("number of the payment of the same act that this one undoes")),
            Column("budget_year", "integer", _("budget year")),
            Column("budget_code", "string", _("code of the line of the budget")),
            Column("entered_at", "datetime", _("moment of the entry")),
            _LOG,
        ),
        ("contract", "act", "payment"),
        _payment_rows,
        (_OF_ACT,),
    ),
    Table(
        "milestones",
        GROUP,
        _("Milestones of the contracts"),
        (
            _CONTRACT,
            Column("milestone", "integer", _("number of the milestone")),
            Column("title", "string", _("title")),
            Column("due_on", "date", _("day by which it is due")),
            Column("measure", "string", _("what is measured")),
            Column("plan", "number", _("planned value")),
            Column("fact", "number", _("reached value")),
            Column("state", "string", _("state")),
            Column("reason", "string", _("reason")),
            Column("decided_on", "date", _("day of the decision on it")),
        ),
        ("contract", "milestone"),
        _milestone_rows,
        (_OF_CONTRACT,),
    ),
    Table(
        "findings",
        GROUP,
        _("Findings of concluded monitoring visits"),
        (
            _CONTRACT,
            Column("visit", "integer", _("number of the visit")),
            Column("held_on", "date", _("day of the visit")),
            Column("kind", "string", _("kind of the violation")),
            Column("finding", "integer", _("number of the finding")),
            Column("code", "string", _("question of the checklist")),
            Column("citation", "string", _("act and point")),
            Column("severity", "string", _("severity")),
            Column("text", "string", _("what was found")),
            Column("demand", "string", _("what is demanded")),
            Column("due_on", "date", _("day by which it is to be eliminated")),
            Column("state", "string", _("open or closed")),
            Column("outcome", "string", _("result of the elimination")),
            Column("closed_at", "datetime", _("moment of the close")),
            _LOG,
        ),
        ("contract", "finding"),
        _finding_rows,
        (_OF_CONTRACT,),
    ),
)
