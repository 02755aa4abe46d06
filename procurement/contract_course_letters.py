"""The letters about what a contract brings: reports, acts, payments, milestones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.letters import Action, Letter, absolute
from procurement.contract_enums import (
    ActState,
    ContractState,
    MilestoneState,
    PaymentKind,
    ReportState,
    Side,
)
from procurement.contract_letters import about, money, reason_line
from procurement.letters import Fact, day
from procurement.models import (
    AcceptanceAct,
    ContractNotice,
    Finding,
    Milestone,
    Payment,
    ServiceReport,
)
from procurement.queries.contracts.unpaid import left_of, with_corrections

OFFICIAL, PROVIDER = Side.COMMISSIONER, Side.CONTRACTOR
Thing = ServiceReport | AcceptanceAct | Finding | ContractNotice
# the page of each side on which a thing is answered, and what leads there
_PAGES: Final[dict[type[Thing], tuple[str, Any]]] = {
    ServiceReport: ("report", gettext_lazy("Open the report")),
    AcceptanceAct: ("act", gettext_lazy("Open the act")),
    Finding: ("finding", gettext_lazy("Open the finding")),
    ContractNotice: ("notice", gettext_lazy("Open the notice")),
}


def about_thing(thing: Thing, side: Side, subject: str, *paragraphs: str, facts: Iterable[Fact] = ()) -> Letter:
    """Put a letter together that leads to the very thing, not to its contract alone."""
    name, label = _PAGES[type(thing)]
    space = "contracting" if side == OFFICIAL else "contractor"
    action = Action(str(label), absolute(reverse(f"{space}:{name}", args=[thing.pk])))
    return about(thing.contract, side, subject, *paragraphs, facts=facts, action=action)


def due_facts(on: date | None, words: str = "") -> tuple[Fact, ...]:
    """Say until when, and why, or that no term is set."""
    if on is None:
        return ((_("Until when"), _("no term is set")),)
    return ((_("Until when"), day(on)), *(((_("Why until then"), words),) if words else ()))


# --- reports ---------------------------------------------------------------------------------------------------------


def _period(report: ServiceReport) -> Fact:
    return _("Period"), f"{day(report.period_from)} – {day(report.period_to)}"


def report_filed(report: ServiceReport) -> Letter | None:
    """Tell the official that a report is to be checked."""
    if report.state != ReportState.FILED:
        return None
    subject = _("Contract № %(number)s: a report is filed")
    return about_thing(report, OFFICIAL, subject, _("Accept it or return it."), facts=(_period(report),))


def report_returned(report: ServiceReport) -> Letter | None:
    """Bring the provider what is to be corrected, unless it has been filed again."""
    if report.state != ReportState.RETURNED:
        return None
    remarks = len(report.remarks or ())
    told = (
        (ngettext("%(count)d remark to a field", "%(count)d remarks to fields", remarks) % {"count": remarks},)
        if remarks
        else ()
    )
    return about_thing(
        report,
        PROVIDER,
        _("Contract № %(number)s: your report is returned to be corrected"),
        *reason_line(report.reason),
        *told,
        facts=(_period(report),),
    )


def report_accepted(report: ServiceReport) -> Letter:
    return about_thing(
        report,
        PROVIDER,
        _("Contract № %(number)s: your report is accepted"),
        _("Make the act of services rendered: the units of the report stand in it."),
        facts=(_period(report),),
    )


def report_due(report: ServiceReport, side: Side, *, is_late: bool) -> Letter | None:
    """Remind of a report that is near its day or past it, unless it has come."""
    if report.state not in ReportState.open or report.contract.state not in ContractState.public:
        return None
    soon = _("Contract № %(number)s: a report is due")
    subject = _("Contract № %(number)s: a report is overdue") if is_late else soon
    theirs = _("The provider has not filed the report.")
    said = _("File the report.") if side == PROVIDER else theirs
    return about_thing(
        report, side, subject, said, facts=(_period(report), *due_facts(report.due_on, report.due_words))
    )


# --- acts and payments -----------------------------------------------------------------------------------------------


def _act_facts(act: AcceptanceAct) -> tuple[Fact, ...]:
    deducted = ((_("Deducted"), money(act.deducted)),) if act.deducted else ()
    accepted = ((_("Accepted"), money(act.accepted)),) if act.state == ActState.ACCEPTED else ()
    own = f" ({act.own_number})" if act.own_number else ""
    return ((_("Act"), f"№ {act.number}{own}"), (_("Claimed"), money(act.claimed)), *deducted, *accepted)


def act_claimed(act: AcceptanceAct) -> Letter | None:
    if act.state != ActState.CLAIMED:
        return None
    subject = _("Contract № %(number)s: an act of services rendered is claimed")
    return about_thing(act, OFFICIAL, subject, _("Accept it or return it."), facts=_act_facts(act))


def act_withdrawn(act: AcceptanceAct) -> Letter | None:
    """Tell the official that a claim was taken back; of a draft nobody had heard."""
    if act.claimed_at is None:
        return None
    subject = _("Contract № %(number)s: the provider has withdrawn an act")
    return about_thing(act, OFFICIAL, subject, _("Nothing is to be checked in it any more."), facts=_act_facts(act))


def act_returned(act: AcceptanceAct, reason: str) -> Letter | None:
    if act.state != ActState.RETURNED:
        return None
    subject = _("Contract № %(number)s: your act is returned to be corrected")
    return about_thing(act, PROVIDER, subject, *reason_line(reason), facts=_act_facts(act))


def act_accepted(act: AcceptanceAct) -> Letter:
    due = ((_("To be paid by"), day(act.payment_due_on)),) if act.payment_due_on else ()
    return about_thing(
        act,
        PROVIDER,
        _("Contract № %(number)s: your act is accepted"),
        _("The reasons of deductions stand in the act.") if act.deducted else _("Nothing was deducted."),
        facts=(*_act_facts(act), *(due or ((_("To be paid by"), _("no term is set")),))),
    )


def act_to_pay(act: AcceptanceAct) -> Letter | None:
    """Remind the official of an act that is near its day of payment or past it, unless it is paid."""
    left = left_of(with_corrections(AcceptanceAct.objects.filter(pk=act.pk)).get())
    if act.state != ActState.ACCEPTED or not left:
        return None
    facts = (*_act_facts(act), (_("Left to pay"), money(left)))
    return about_thing(
        act,
        OFFICIAL,
        _("Contract № %(number)s: an act is to be paid"),
        _("Enter the payment when the treasury has made it."),
        facts=(*facts, *due_facts(act.payment_due_on, act.payment_due_words)),
    )


def paid(payment: Payment) -> Letter:
    """Tell the provider of money entered: paid, sent back, or a slip that was undone."""
    words = _("A payment is entered.") if payment.kind == PaymentKind.PAYMENT else _("A return of money is entered.")
    if payment.undoes_id is not None:
        words = _("An earlier entry was a slip and is undone by this one.")
    return about(
        payment.act.contract,
        PROVIDER,
        _("Contract № %(number)s: a payment is entered"),
        words,
        facts=(
            (_("Act"), f"№ {payment.act.number}"),
            (_("Sum"), money(payment.amount)),
            (_("Date"), day(payment.paid_on)),
            (_("Payment order"), payment.order_number),
        ),
    )


# --- milestones ------------------------------------------------------------------------------------------------------


def milestone_judged(milestone: Milestone) -> Letter | None:
    if milestone.state == MilestoneState.PLANNED:
        return None
    return about(
        milestone.contract,
        PROVIDER,
        _("Contract № %(number)s: a milestone is judged"),
        f"{milestone.title}: {milestone.get_state_display()}.",
        *reason_line(milestone.reason),
    )


def milestone_past(milestone: Milestone) -> Letter | None:
    """Remind the official to judge a milestone whose day is over."""
    if milestone.state != MilestoneState.PLANNED:
        return None
    return about(
        milestone.contract,
        OFFICIAL,
        _("Contract № %(number)s: the day of a milestone has passed"),
        _("Say whether it was reached: %(title)s") % {"title": milestone.title},
        facts=due_facts(milestone.due_on),
    )
