"""What stands in the way of closing a contract: everything that was promised and is not done, at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.calendar import day_of
from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionState,
    FindingState,
    MilestoneState,
    NoticeKind,
    ReportState,
    VisitState,
)
from procurement.domain.calls.gaps import Gap
from procurement.domain.wording import sum_words
from procurement.models import Contract


def gaps_before_close(contract: Contract, now: datetime) -> list[Gap]:
    """Return everything that keeps a contract from being closed, each with the page that it is mended on.

    The pages are those of the contract: state, term, amend, reports, acts, payments, milestones, visits, findings,
    notices.
    """
    return [*_of_contract(contract, now), *_of_delivery(contract), *_of_monitoring(contract)]


def _of_contract(contract: Contract, now: datetime) -> Iterator[Gap]:
    if contract.state == ContractState.SUSPENDED:
        yield Gap("state", "", _("The contract is suspended: resume it first, or terminate it."))
    elif contract.state != ContractState.IN_FORCE:
        yield Gap("state", "", _("Only a contract in force can be closed."))
    last = contract.service_to
    if last is not None and day_of(now) <= last and contract.accepted < contract.sum:
        yield Gap("term", "", _("The services are to be given until %(day)s.") % {"day": f"{last:%d.%m.%Y}"})
    if contract.versions.filter(state__in=ContractVersionState.open).exists():
        yield Gap("amend", "", _("An amendment is begun and neither signed nor withdrawn."))


def _of_delivery(contract: Contract) -> Iterator[Gap]:
    open_reports = contract.reports.exclude(state__in=ReportState.terminal).count()
    if open_reports:
        words = ngettext("%(count)d report is not accepted.", "%(count)d reports are not accepted.", open_reports)
        yield Gap("reports", "", words % {"count": open_reports})
    open_acts = contract.acts.exclude(state__in=ActState.terminal).count()
    if open_acts:
        words = ngettext("%(count)d act is not decided.", "%(count)d acts are not decided.", open_acts)
        yield Gap("acts", "", words % {"count": open_acts})
    due = contract.accepted - contract.paid
    if due > 0:
        yield Gap("payments", "", _("UAH %(sum)s of accepted acts is not paid.") % {"sum": sum_words(due)})
    elif due < 0:
        yield Gap("payments", "", _("UAH %(sum)s is paid above the accepted acts.") % {"sum": sum_words(-due)})
    planned = contract.milestones.filter(state=MilestoneState.PLANNED).count()
    if planned:
        words = ngettext("%(count)d milestone is not judged.", "%(count)d milestones are not judged.", planned)
        yield Gap("milestones", "", words % {"count": planned})


def _of_monitoring(contract: Contract) -> Iterator[Gap]:
    visits = contract.visits.filter(state__in=(VisitState.PLANNED, VisitState.HELD)).count()
    if visits:
        words = ngettext("%(count)d visit is not concluded.", "%(count)d visits are not concluded.", visits)
        yield Gap("visits", "", words % {"count": visits})
    findings = contract.findings.filter(state__in=FindingState.unsolved).count()
    if findings:
        words = ngettext("%(count)d finding is not closed.", "%(count)d findings are not closed.", findings)
        yield Gap("findings", "", words % {"count": findings})
    if contract.notices.filter(kind=NoticeKind.TERMINATION, withdrawn_at__isnull=True).exists():
        yield Gap("notices", "", _("A notice before termination stands: withdraw it first."))
