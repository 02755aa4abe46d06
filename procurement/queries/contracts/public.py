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
    Contract,
    ContractLine,
    ContractNotice,
    ContractVersion,
    Deduction,
    Finding,
    Payment,
    QualityEvaluation,
    ReportRow,
    RiskCard,
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


# --- the parts of one contract ---------------------------------------------------------------------------------------


def versions_of(contract: Contract) -> list[ContractVersion]:
    """Return the versions that both have signed, the first one first, with their lines and signatures."""
    lines = ContractLine.objects.select_related("service_type", "group").order_by("number")
    rows = contract.versions.filter(state=ContractVersionState.SIGNED).select_related("ground", "code")
    return list(rows.prefetch_related(Prefetch("lines", lines), "signatures").order_by("number"))


def reports_of(contract: Contract) -> list[ServiceReport]:
    """Return the accepted reports with their rows; numbers of people in them are for `people.public_rows` alone."""
    rows = ReportRow.objects.select_related("group").order_by("line", "group__order", "pk")
    found = contract.reports.filter(state=ReportState.ACCEPTED).prefetch_related(Prefetch("rows", rows))
    return list(found.order_by("number"))


def acts_of(contract: Contract) -> list[AcceptanceAct]:
    """Return the accepted acts with lines, deductions and payments, in their order."""
    rows = contract.acts.filter(state=ActState.ACCEPTED).select_related("corrects", "report", "code")
    payments = Payment.objects.select_related("funding__line").order_by("paid_on", "pk")
    return list(
        rows.prefetch_related(
            "lines",
            Prefetch("deductions", Deduction.objects.select_related("ground").order_by("pk")),
            Prefetch("payments", payments),
        ).order_by("number")
    )


def visits_of(contract: Contract) -> list[Visit]:
    """Return the concluded visits, in their order."""
    return list(contract.visits.filter(state=VisitState.CONCLUDED).order_by("held_on", "number"))


def findings_of(contract: Contract) -> list[Finding]:
    """Return the findings of concluded visits with all replies and results."""
    rows = contract.findings.filter(visit__state=VisitState.CONCLUDED).select_related("visit", "kind")
    return list(rows.prefetch_related("replies", "results").order_by("number"))


def notices_of(contract: Contract) -> list[ContractNotice]:
    return list(contract.notices.select_related("ground").prefetch_related("findings").order_by("number"))


def risks_of(contract: Contract) -> list[RiskCard]:
    """Return the risk cards of the contract, those that hold first, each with its rule and replies."""
    rows = contract.risks.select_related("rule", "contract__hromada").prefetch_related("replies")
    return sorted(rows.order_by("-found_at", "-pk"), key=lambda one: one.gone_at is not None)


def evaluations_of(contract: Contract) -> list[QualityEvaluation]:
    """Return the published evaluations made for this contract, the latest first; superseded ones are among them."""
    rows = published_evaluations().filter(contract=contract)
    rows = rows.select_related("service_type", "superseded_by", "organisation", "indicators").prefetch_related(
        "replies"
    )
    return list(rows.order_by("-period_to", "-pk"))


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
