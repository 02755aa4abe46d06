"""The section `contracts`: what both sides signed, version by version, and how a contract ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.letters import absolute
from procurement.contract_enums import ContractState
from procurement.enums import Channel
from procurement.models import Contract, ContractLine, ContractVersion
from procurement.queries.orders_needs import shown

from . import parties
from .awards import award_of
from .delivered import accepted_until, acts_and_payments, milestones_of, reports_of
from .events import DELIVERY, Event
from .planning import breakdown_of
from .reading import Process, decisions_of
from .tender import CATEGORIES, ORDER, classification
from .values import Json, document, moment, money, number, period, place, pruned, release_id, unit


def contracted(process: Process, contract: Contract) -> Iterator[Event]:
    """Yield all that happened to a concluded contract: signed, amended, fulfilled, paid, ended."""
    versions = list(contract.versions.all())
    befores = [None, *versions[:-1]]
    for version, before in zip(versions, befores, strict=True):
        yield _signed(process, contract, version, before)
    yield from _given_anew(process, contract)
    yield from milestones_of(process, contract)
    yield from reports_of(process, contract)
    yield from acts_and_payments(process, contract)
    if contract.state in ContractState.ended and contract.ended_at is not None:
        yield _ended(process, contract, contract.ended_at)


def _given_anew(process: Process, contract: Contract) -> Iterator[Event]:
    """Yield each later decision that gives the lot of the contract anew: from then on the contract follows it."""
    for decision in decisions_of(process):
        if contract.award and contract.concluded_at and decision.at > contract.concluded_at:
            told = {"id": contract.number, "awardID": award_of(process, contract, decision.at)}
            yield Event(decision.at, ("contractUpdate",), {"contracts": [told]})


# --- signed ----------------------------------------------------------------------------------------------------------


def _signed(process: Process, contract: Contract, version: ContractVersion, before: ContractVersion | None) -> Event:
    at = _at(contract, version)
    event = Event(at, ("contract",) if before is None else ("contractAmendment",), {})
    supplier = event.take("supplier", parties.supplier(contract, process.number))
    told = _contract(process, contract, version, before)
    event.told = {"contracts": [told]}
    if before is None:
        told.update(_first(contract))
        if contract.award is None:
            event.tags = ("award", "contract")
            event.told["awards"] = [_direct_award(contract, version, supplier)]
        if process.competition is None:
            event.told["tender"] = _direct_tender(process, contract, version, event)
    else:
        told["amendments"] = [_amendment(process, contract, version, before)]
    breakdown = breakdown_of(contract, version, before, process.lines)
    if breakdown:
        payer = event.take("sourceParty", parties.buyer(contract.commissioner, contract.hromada))
        entries = [{**one, "sourceParty": payer} for one in breakdown]
        event.told["planning"] = {"budget": {"budgetBreakdown": entries}}
        event.tags = (*event.tags, "planning" if process.competition is None and before is None else "planningUpdate")
    return event


def _at(contract: Contract, version: ContractVersion) -> datetime:
    """Return when a version became public: the first one with the conclusion."""
    moments = [at for at in (version.signed_at, contract.concluded_at) if at]
    return max(moments) if version.number == 1 else moments[0]


def _contract(process: Process, contract: Contract, version: ContractVersion, before: ContractVersion | None) -> Json:
    lines = list(version.lines.all())
    kept = {line.number for line in lines}
    gone = [one for one in (before.lines.all() if before else ()) if one.number not in kept]
    return pruned(
        {
            "id": contract.number,
            "awardID": award_of(process, contract, _at(contract, version)),
            "title": version.title,
            "period": period(version.service_from, version.service_to),
            "value": money(version.sum),
            "items": [*(_item(process, contract, one) for one in lines), *(_taken_out(one) for one in gone)],
            "agreedMetrics": _metrics(lines),
            "documents": _documents(contract, version),
        }
    )


def _first(contract: Contract) -> Json:
    return pruned(
        {
            "status": "active",
            "dateSigned": moment(contract.concluded_on),
            "description": contract.ground_text,
        }
    )


def _item(process: Process, contract: Contract, line: ContractLine) -> Json:
    service = line.service_type
    told = {
        "id": str(line.number),
        "description": line.title,
        "classification": classification(process, service.slug) if service else None,
        "quantity": None if line.volume is None else number(line.volume),
        "unit": unit(line.unit, line.tariff),
        "relatedLot": str(line.lot.number) if line.lot and process.competition else None,
        "deliveryLocation": place(contract.hromada.code, contract.hromada.label),
    }
    return pruned(told)


def _taken_out(line: ContractLine) -> Json:
    """Return a service that an amendment took out: lists of OCDS lose nothing, so nothing of it is left to give."""
    return {"id": str(line.number), "description": line.title, "quantity": 0}


def _metrics(lines: list[ContractLine]) -> list[Json]:
    """Return for how many people it was agreed; few people are not told."""
    told = [
        pruned(
            {
                "id": f"line-{line.number}",
                "measure": value,
                "unit": {"name": pgettext("unit of measure", "people")},
                "notes": line.group.name_uk if line.group else "",
            }
        )
        for line in lines
        if (value := shown(line.recipients).value) is not None
    ]
    return [{"id": "recipients", "title": _("Recipients of the service"), "observations": told}] if told else []


def _documents(contract: Contract, version: ContractVersion) -> list[Json]:
    page = absolute(reverse("procurement:contract", args=[contract.number]))
    paper = absolute(reverse("procurement:contract_version_pdf", args=[contract.number, version.number]))
    at = _at(contract, version)
    title = _("Contract, version %(number)s") % {"number": version.number}
    return [
        document("page", "contractNotice", _("Page of the contract"), page, contract.concluded_at, format="text/html"),
        document(f"version-{version.number}", "contractSigned", title, paper, at, format="application/pdf"),
    ]


def _amendment(process: Process, contract: Contract, version: ContractVersion, before: ContractVersion) -> Json:
    ground = version.ground.text if version.ground else ""
    moved = version.sum - before.sum
    changes = _("Sum before %(before)s UAH, now %(now)s UAH") % {"before": before.sum, "now": version.sum}
    return pruned(
        {
            "id": str(version.number),
            "date": moment(_at(contract, version)),
            "rationale": " ".join(filter(None, (ground, version.citation, version.reason))),
            "description": changes if moved else "",
            "amendsReleaseID": release_id(process.ocid, _at(contract, before)),
            "releaseID": release_id(process.ocid, _at(contract, version)),
        }
    )


# --- without a competition here --------------------------------------------------------------------------------------


def _direct_award(contract: Contract, version: ContractVersion, supplier: Json) -> Json:
    return pruned(
        {
            "id": str(contract.number),
            "title": version.title,
            "description": contract.ground_text,
            "status": "active",
            "date": moment(contract.concluded_on),
            "value": money(version.sum),
            "suppliers": [supplier],
        }
    )


def _direct_tender(process: Process, contract: Contract, version: ContractVersion, event: Event) -> Json:
    """Return the little that is known of how the provider was chosen: by what channel, on what ground."""
    body = event.take("procuringEntity", parties.buyer(contract.commissioner, contract.hromada))
    titled = contract.identifier or _("Procedure in another system")
    elsewhere = contract.identifier_url
    return pruned(
        {
            "id": process.number,
            "title": version.title,
            "description": _("Invented for demonstration") if contract.is_demo else "",
            "status": "complete",
            "procuringEntity": body,
            "procurementMethodDetails": str(Channel(contract.channel).label),
            "procurementMethodRationale": " ".join(filter(None, (contract.ground_text, contract.identifier))),
            "mainProcurementCategory": "services",
            "additionalProcurementCategories": [CATEGORIES.get(Channel(contract.channel), ORDER)],
            "documents": [document("procedure", "tenderNotice", titled, elsewhere, None)] if elsewhere else [],
        }
    )


# --- the end ---------------------------------------------------------------------------------------------------------


def _ended(process: Process, contract: Contract, at: datetime) -> Event:
    accepted: Decimal = accepted_until(contract, at)
    done = {
        "endDate": moment(contract.ended_on),
        "endDateDetails": " ".join(
            filter(None, (contract.end_ground.text if contract.end_ground else "", contract.end_reason))
        ),
        "finalValue": money(accepted),
        "finalValueDetails": _("Accepted by acts; of it %(paid)s UAH were paid by the end")
        % {"paid": contract.end_paid},
    }
    told = {
        "id": contract.number,
        "awardID": award_of(process, contract, at),
        "status": "terminated",
        DELIVERY: pruned(done),
    }
    return Event(at, ("contractTermination",), {"contracts": [told]})
