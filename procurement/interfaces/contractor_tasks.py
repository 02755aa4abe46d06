"""What a provider has to do in one contract, and where."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ActState, FindingState, ReportState, VisitState
from procurement.interfaces.contract_items import SOON
from procurement.interfaces.contract_tasks import Task, waiting_words
from procurement.models import Contract


def provider_tasks(contract: Contract) -> list[Task]:
    """Return the pages of reports, acts and findings with what waits for the provider on each."""
    today = day_of(clock.moment())
    # a report for months that have not come waits for nobody
    come = Q(state=ReportState.DUE) & (Q(period_to__lt=today) | Q(due_on__lte=today + SOON))
    findings = contract.findings.filter(state=FindingState.OPEN, visit__state=VisitState.CONCLUDED)
    counts = {
        "reports": contract.reports.filter(Q(state=ReportState.RETURNED) | come).count(),
        "acts": contract.acts.filter(state__in=ActState.open).count(),
        "findings": findings.count(),
    }
    told = [
        ("reports", _("Reports"), _("What was done in each period, people only as numbers.")),
        ("acts", _("Acts"), _("Units × tariff of an accepted report; what was accepted and paid.")),
        ("findings", _("Findings and notices"), _("What visits found; your replies and evidence.")),
    ]
    return [
        Task(
            code,
            label,
            hint,
            reverse(f"contractor:{code}", args=[contract.pk]),
            waiting_words(counts[code]),
            "warn" if counts[code] else "",
        )
        for code, label, hint in told
    ]
