"""Where each thing of a contract is worked on: the official's page, the provider's page."""

from __future__ import annotations

from django.urls import reverse

from procurement.models import AcceptanceAct, Contract, ContractNotice, Finding, RiskCard, ServiceReport, Visit


def official_page(name: str, contract: Contract) -> str:
    """Return the address of a page about the whole contract, by its name among the official's."""
    return reverse(f"contracting:{name}", args=[contract.pk])


def provider_page(name: str, contract: Contract) -> str:
    """Return the address of a page about the whole contract, by its name among the provider's."""
    return reverse(f"contractor:{name}", args=[contract.pk])


def official_report(report: ServiceReport) -> str:
    return reverse("contracting:report", args=[report.pk])


def official_act(act: AcceptanceAct) -> str:
    return reverse("contracting:act", args=[act.pk])


def official_visit(visit: Visit) -> str:
    return reverse("contracting:visit", args=[visit.pk])


def official_finding(finding: Finding) -> str:
    return reverse("contracting:finding", args=[finding.pk])


def official_notice(notice: ContractNotice) -> str:
    return reverse("contracting:notice", args=[notice.pk])


def provider_report(report: ServiceReport) -> str:
    return reverse("contractor:report", args=[report.pk])


def provider_act(act: AcceptanceAct) -> str:
    return reverse("contractor:act", args=[act.pk])


def provider_finding(finding: Finding) -> str:
    return reverse("contractor:finding", args=[finding.pk])


def provider_notice(notice: ContractNotice) -> str:
    return reverse("contractor:notice", args=[notice.pk])


def official_risk(card: RiskCard) -> str:
    return reverse("contracting:risk", args=[card.pk])


def provider_risk(card: RiskCard) -> str:
    return reverse("contractor:risk", args=[card.pk])
