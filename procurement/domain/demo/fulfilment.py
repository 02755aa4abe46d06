"""Months of service of a contract of the demonstration: reports, acts, payments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from portal.kernel.calendar import day_of
from procurement.contract_enums import PaymentKind
from procurement.domain.contracts.steps import lines_in_force
from procurement.domain.delivery import act_making, acts, corrections, payments, reports
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.domain.demo.material import texts
from procurement.domain.demo.months import months_between
from procurement.models import AcceptanceAct, ContractFunding, ProcedureGround, ServiceReport

if TYPE_CHECKING:
    from procurement.domain.demo.contracts import Story

# days after the end of the period: filed, filed late, accepted, claimed, accepted, paid
_FILED, _LATE, _ACCEPTED, _CLAIMED, _TAKEN, _PAID = 3, 19, 21, 22, 24, 33
_UNIT: Final = Decimal("0.01")
Amend = Callable[["Story"], None]


def fulfil(story: Story, *, amend: Amend | None) -> None:
    """Tell every period that is over; the last one stays where the story leaves it open."""
    today = day_of(story.months.now)
    rows = ServiceReport.objects.filter(contract=story.contract).order_by("number")
    due = [one.pk for one in rows if one.period_to + timedelta(days=_LATE) < today][: story.told.get("only")]
    for number, key in enumerate(due, 1):
        if amend is not None and number == story.told["amendment"]["from_period"]:
            amend(story)
        is_open = number == len(due) and story.told.get("open")
        _period(story, ServiceReport.objects.get(pk=key), number, str(is_open or ""))


def _period(story: Story, report: ServiceReport, number: int, stays: str) -> None:
    told = story.told
    late = number in (told.get("late") or ())
    day = report.period_to + timedelta(days=_LATE if late else _FILED)
    units = _write(story, report, number, day)
    if stays == "filed":
        return
    if words := (told.get("returned") or {}).get(str(number)) or (stays and texts()["contract"]["returned"]):
        reports.return_report(
            report_id=report.pk, user=story.official, reason=words, now=_at(story, day + timedelta(days=1))
        )
        if stays:
            return
        reports.file_report(
            report_id=report.pk, user=story.provider, key=uuid4(), now=_at(story, day + timedelta(days=2))
        )
    end = report.period_to
    reports.accept_report(report_id=report.pk, user=story.official, now=_at(story, end + timedelta(days=_ACCEPTED)))
    if any(units.values()):
        _act(story, report, number)


def _write(story: Story, report: ServiceReport, number: int, day: Any) -> dict[int, Decimal]:
    """Write and file the report: so much of the plan as the story says, given to as many people as were to get it."""
    told, words = story.told, texts()["contract"]
    shares = told.get("shares") or ["1"]
    share = Decimal(shares[(number - 1) % len(shares)])
    assert story.contract.service_from is not None
    assert story.contract.service_to is not None
    months = months_between(report.period_from, report.period_to)
    total = months_between(story.contract.service_from, story.contract.service_to)
    rows, units = [], {}
    for line in lines_in_force(story.contract):
        plan = (line.volume or Decimal(0)) * months / total
        units[line.number] = (plan * share).quantize(_UNIT)
        people = int((line.recipients or 0) * share)
        rows.append(reports.RowFacts(line.number, line.group_id, people, units[line.number]))
    facts = reports.ReportFacts(rows, words["done"], words["difficulties"] if share < 1 else "", _why(share, words))
    at = _at(story, day)
    reports.save_report(report_id=report.pk, user=story.provider, version=report.version, facts=facts, now=at)
    reports.file_report(report_id=report.pk, user=story.provider, key=uuid4(), now=at)
    return units


def _why(share: Decimal, words: Any) -> str:
    return str(words["fewer"]) if share < 1 else ""


def _act(story: Story, report: ServiceReport, number: int) -> None:
    end = report.period_to
    made = act_making.make_from_report(
        report_id=report.pk, user=story.provider, key=uuid4(), now=_at(story, end + timedelta(days=_CLAIMED))
    )
    facts = act_making.ActFacts(str(number), day_of(_at(story, end + timedelta(days=_CLAIMED))), "")
    lines = [act_making.LineFacts(row.line, row.units, row.amount) for row in made.lines.all()]
    act_making.save_act(
        act_id=made.pk, user=story.provider, facts=facts, lines=lines, now=_at(story, end + timedelta(days=_CLAIMED))
    )
    acts.claim(act_id=made.pk, user=story.provider, now=_at(story, end + timedelta(days=_CLAIMED)))
    acts.accept(
        act_id=made.pk,
        user=story.official,
        deductions=_deductions(story, made, number),
        now=_at(story, end + timedelta(days=_TAKEN)),
    )
    _pay(story, AcceptanceAct.objects.get(pk=made.pk), end + timedelta(days=_PAID))
    if told := (story.told.get("corrections") or {}).get(str(number)):
        _correct(story, made.pk, told, end + timedelta(days=_PAID + 5))


def _deductions(story: Story, act: AcceptanceAct, number: int) -> list[Any]:
    told = (story.told.get("deductions") or {}).get(str(number))
    if not told:
        return []
    line = act.lines.get(line=1)
    assert line.tariff is not None
    ground = ProcedureGround.objects.get(slug="deduction-units")
    return [DeductionFacts((Decimal(told[0]) * line.tariff).quantize(_UNIT), ground.pk, told[1], 1)]


def _pay(story: Story, act: AcceptanceAct, on: Any) -> None:
    """Pay what is to be paid, from the line of the year, and what does not fit from the next one."""
    if on >= day_of(story.months.now):
        return
    left = payments.payable(act)
    rows = ContractFunding.objects.filter(contract=story.contract).select_related("line").order_by("line__year")
    for funding in [*rows.filter(line__year__gte=act.period_to.year), *rows.filter(line__year__lt=act.period_to.year)]:
        amount = min(left, funding.committed - funding.paid)
        if amount <= 0:
            continue
        facts = payments.PaymentFacts(amount, on, f"{act.contract_id}{act.number:02d}/{funding.line.year % 100}")
        payments.enter_payment(
            act_id=act.pk, user=story.official, funding_id=funding.pk, facts=facts, key=uuid4(), now=_at(story, on)
        )
        left -= amount


def _correct(story: Story, key: int, told: Any, on: Any) -> None:
    """Correct an accepted and paid act: another act with the difference, and the money back."""
    at = _at(story, on)
    lines = [act_making.LineFacts(1, Decimal(told[0]))]
    made = corrections.make_correction(
        act_id=key, user=story.official, lines=lines, reason=told[1], key=uuid4(), now=at
    )
    acts.claim(act_id=made.pk, user=story.provider, now=at)
    acts.accept(act_id=made.pk, user=story.official, now=at)
    paid = AcceptanceAct.objects.get(pk=key).payments.filter(kind=PaymentKind.PAYMENT).first()
    made.refresh_from_db()
    if paid is not None:
        facts = payments.PaymentFacts(-made.accepted, on, f"{made.contract_id}{made.number:02d}-R")
        payments.enter_refund(
            act_id=key, user=story.official, funding_id=paid.funding_id, facts=facts, key=uuid4(), now=at
        )


def _at(story: Story, day: Any) -> Any:
    return story.months.noon(day)
