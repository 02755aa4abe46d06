"""What everybody may read of contracts: the concluded ones, and of each what is accepted, concluded or published.

Drafts, offers, claims, reports in work and visits without a conclusion do not exist for the public; every page, file
and answer of the API reads contracts by these functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.kernel.models import LogEntry
from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionState,
    QualityState,
    ReportState,
    VisitState,
)
from procurement.contract_workflow import CONTRACT
from procurement.models import (
    AcceptanceAct,
    ActLine,
    Contract,
    ContractLine,
    ContractNotice,
    ContractSignature,
    ContractVersion,
    Deduction,
    Finding,
    FindingReply,
    FindingResult,
    Payment,
    QualityEvaluation,
    QualityReply,
    ReportRow,
    RiskCard,
    RiskReply,
    ServiceReport,
    Visit,
)
from procurement.queries.contracts.ratings import published_evaluations
from registry.models import RegisterEntry

LONGEST_NUMBER: Final = 20
SUBJECT: Final = "procurement.contract:"
# entries about these are public with the contract; those about anything else only when the thing itself is public
_AT_ONCE: Final = frozenset({"milestone", "payment", "contractnotice", "riskcard", "riskreply"})
_OF_CONTRACT: Final = frozenset(one.name for one in CONTRACT)


def public_contracts() -> QuerySet[Contract]:
    """Return the concluded contracts, in force and ended."""
    return Contract.objects.filter(state__in=ContractState.public)


def for_list(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """Read with each contract all that a line of a list says, the latest concluded first."""
    related = rows.select_related("hromada__oblast", "commissioner__organisation", "contractor", "competition")
    return related.order_by("-concluded_on", "-pk")


def concluded(number: str) -> Contract | None:
    """Return a concluded contract; one in preparation does not exist for the public."""
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        return None
    rows = public_contracts().select_related(
        "hromada__oblast",
        "commissioner__organisation",
        "contractor",
        "competition",
        "award__decision",
        "award__lot",
        "order_item__decision",
        "end_ground",
        "profile",
    )
    # the reasons of a decision are long, and no page of a contract tells them
    deferred = rows.defer("award__decision__content", "award__decision__inputs", "award__decision__ranking")
    return deferred.filter(number=number).first()


def contractor_name(contract: Contract) -> str:
    """Return how the provider is called in what is published: a natural person is not named, as in the register."""
    if contract.contractor.person_type != PersonType.NATURAL_PERSON:
        return contract.contractor.name
    with translation.override(settings.LANGUAGE_CODE):
        return _("natural person (contract № %(number)s)") % {"number": contract.number or "—"}


# --- the parts of one contract, and of many --------------------------------------------------------------------------


def signed_versions(rows: QuerySet[ContractVersion]) -> QuerySet[ContractVersion]:
    """Keep the versions that both have signed, the first one first, with their lines and signatures."""
    lines = ContractLine.objects.select_related("service_type", "group").order_by("number")
    signed = rows.filter(state=ContractVersionState.SIGNED).select_related("ground", "code")
    signatures = ContractSignature.objects.order_by("at", "pk")
    return signed.prefetch_related(Prefetch("lines", lines), Prefetch("signatures", signatures)).order_by("number")


def accepted_reports(rows: QuerySet[ServiceReport]) -> QuerySet[ServiceReport]:
    """Keep the accepted reports with their rows; numbers of people in them are for `people.public_rows` alone."""
    people = ReportRow.objects.select_related("group").order_by("line", "group__order", "pk")
    return rows.filter(state=ReportState.ACCEPTED).prefetch_related(Prefetch("rows", people)).order_by("number")


def accepted_acts(rows: QuerySet[AcceptanceAct]) -> QuerySet[AcceptanceAct]:
    """Keep the accepted acts with lines, deductions and payments, in their order."""
    payments = Payment.objects.select_related("funding__line").order_by("paid_on", "pk")
    accepted = rows.filter(state=ActState.ACCEPTED).select_related("corrects", "report", "code")
    return accepted.prefetch_related(
        Prefetch("lines", ActLine.objects.order_by("line", "pk")),
        Prefetch("deductions", Deduction.objects.select_related("ground").order_by("pk")),
        Prefetch("payments", payments),
    ).order_by("number")


def concluded_visits(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.filter(state=VisitState.CONCLUDED).order_by("held_on", "number")


def told_findings(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Keep the findings of concluded visits, with all replies and results."""
    told = rows.filter(visit__state=VisitState.CONCLUDED).select_related("visit", "kind")
    replies, results = FindingReply.objects.order_by("at", "pk"), FindingResult.objects.order_by("at", "pk")
    return told.prefetch_related(Prefetch("replies", replies), Prefetch("results", results)).order_by("number")


def sent_notices(rows: QuerySet[ContractNotice]) -> QuerySet[ContractNotice]:
    return rows.select_related("ground").prefetch_related("findings").order_by("number")


def found_risks(rows: QuerySet[RiskCard]) -> QuerySet[RiskCard]:
    """Return the risk cards, the latest found first, each with its rule and replies."""
    told = rows.select_related("rule", "contract__hromada")
    return told.prefetch_related(Prefetch("replies", RiskReply.objects.order_by("at", "pk"))).order_by(
        "-found_at", "-pk"
    )


def shown_evaluations(rows: QuerySet[QualityEvaluation]) -> QuerySet[QualityEvaluation]:
    """Return the published evaluations among these, the latest first; superseded ones are among them."""
    told = rows.filter(pk__in=published_evaluations()).select_related(
        "service_type", "superseded_by", "organisation", "indicators"
    )
    return told.prefetch_related(Prefetch("replies", QualityReply.objects.order_by("at", "pk"))).order_by(
        "-period_to", "-pk"
    )


def versions_of(contract: Contract) -> list[ContractVersion]:
    return list(signed_versions(contract.versions.all()))


def reports_of(contract: Contract) -> list[ServiceReport]:
    return list(accepted_reports(contract.reports.all()))


def acts_of(contract: Contract) -> list[AcceptanceAct]:
    return list(accepted_acts(contract.acts.all()))


def visits_of(contract: Contract) -> list[Visit]:
    return list(concluded_visits(contract.visits.all()))


def findings_of(contract: Contract) -> list[Finding]:
    return list(told_findings(contract.findings.all()))


def notices_of(contract: Contract) -> list[ContractNotice]:
    return list(sent_notices(contract.notices.all()))


def risks_of(contract: Contract) -> list[RiskCard]:
    """Return the risk cards of the contract, those that hold first."""
    return sorted(found_risks(contract.risks.all()), key=lambda one: one.gone_at is not None)


def evaluations_of(contract: Contract) -> list[QualityEvaluation]:
    return list(shown_evaluations(contract.quality_evaluations.all()))


def entry_of(contract: Contract) -> str:
    """Return the number of the provider's open card in the register, or nothing."""
    rows = RegisterEntry.objects.filter(organisation=contract.contractor_id, is_open=True, merged_into__isnull=True)
    return rows.order_by("pk").values_list("number", flat=True).first() or ""


def contracts_of_competition(competition_id: int) -> list[Contract]:
    """Return the concluded contracts that came of a competition."""
    rows = public_contracts().filter(competition=competition_id)
    return list(rows.select_related("contractor").order_by("number"))


# --- the decision log ------------------------------------------------------------------------------------------------


def log_of(contract: Contract) -> list[LogEntry]:
    """Return the entries about a contract whose things are public: a claim is not told before its act is accepted."""
    entries = LogEntry.objects.filter(subject=f"{SUBJECT}{contract.number}").order_by("seq")
    known = _public_things(contract)
    return [entry for entry in entries if _is_public(entry, known)]


def entries_of_steps(contract: Contract) -> list[tuple[str, datetime, int]]:
    """Return the steps of the contract itself from the log: name, moment, number of the entry."""
    rows = LogEntry.objects.filter(subject=f"{SUBJECT}{contract.number}", tag__startswith="procurement:contract:")
    # the field gives a moment, whatever its column is
    found: Iterable[tuple[str, Any, int]] = rows.order_by("seq").values_list("tag", "at", "seq")
    return [(tag.rpartition(":")[2], at, seq) for tag, at, seq in found]


def _is_public(entry: LogEntry, known: dict[str, frozenset[str]]) -> bool:
    _app, thing, step = [*entry.tag.split(":"), "", "", ""][:3]
    if thing == "contract":
        return step in _OF_CONTRACT
    return thing in _AT_ONCE or _named(entry.payload) in known.get(thing, ())


def _named(payload: Any) -> str:
    """Return the key of the thing that an entry is about."""
    try:
        read = json.loads(payload)
    except ValueError:
        return ""
    return str(read.get("id", "")) if isinstance(read, dict) else ""


def _public_things(contract: Contract) -> dict[str, frozenset[str]]:
    findings = contract.findings.filter(visit__state=VisitState.CONCLUDED)
    signed = contract.versions.filter(state=ContractVersionState.SIGNED)
    return {
        "contractversion": _keys(signed.values_list("pk", flat=True)),
        "contractsignature": _keys(signed.values_list("signatures__pk", flat=True)),
        "servicereport": _keys(contract.reports.filter(state=ReportState.ACCEPTED).values_list("pk", flat=True)),
        "acceptanceact": _keys(contract.acts.filter(state=ActState.ACCEPTED).values_list("pk", flat=True)),
        "visit": _keys(contract.visits.filter(state=VisitState.CONCLUDED).values_list("pk", flat=True)),
        "finding": _keys(findings.values_list("pk", flat=True)),
        "findingreply": _keys(findings.values_list("replies__pk", flat=True)),
        "findingresult": _keys(findings.values_list("results__pk", flat=True)),
        "qualityevaluation": _keys(
            contract.quality_evaluations.filter(state=QualityState.PUBLISHED).values_list("pk", flat=True)
        ),
    }


def _keys(found: Iterable[Any]) -> frozenset[str]:
    return frozenset(str(key) for key in found if key is not None)
