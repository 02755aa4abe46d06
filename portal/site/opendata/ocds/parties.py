"""Who takes part: bodies of hromadas and providers, known by their EDRPOU; a natural person is not named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from portal.accounts.models import Organisation
from procurement.models import Commissioner, Contract, Proposal
from procurement.queries.applicants import printed_name
from procurement.queries.contracts.public import contractor_name
from registry.models import Territory

from .values import Json, ocid_of, pruned

EDRPOU: Final = "UA-EDR"
COUNTRY: Final = "Україна"
# scheme of ours → field, choices, what says nothing
_CLASSES: Final = (
    ("UA-PORUCH-LEGAL-FORM", "legal_form", LegalForm, LegalForm.OTHER),
    ("UA-PORUCH-OWNERSHIP", "ownership_form", OwnershipForm, OwnershipForm.UNKNOWN),
    ("UA-PORUCH-SECTOR", "sector", Sector, Sector.UNKNOWN),
)


def reference(party: Json) -> Json:
    return {"id": party["id"], "name": party["name"]}


def buyer(body: Commissioner, hromada: Territory, content: Mapping[str, Any] | None = None) -> Json:
    """Return the body that orders, reached as the announcement says where there is one."""
    told = _organisation(body.organisation, body.organisation.name, local=ocid_of(f"buyer-{hromada.code}"))
    contact = (content or {}).get("contact") or {}
    told["address"] = pruned(
        {
            "streetAddress": body.address,
            "locality": hromada.label,
            "region": hromada.oblast.label if hromada.oblast else "",
            "countryName": COUNTRY,
        }
    )
    told["contactPoint"] = pruned(
        {
            "name": contact.get("name"),
            "email": contact.get("email") or body.email,
            "telephone": contact.get("phone") or body.phone,
            "url": body.website,
        }
    )
    return pruned(told)


def applicant(proposal: Proposal, competition: str) -> Json:
    """Return who submitted an opened proposal; to be asked once a decision was published."""
    name = printed_name(proposal.organisation, proposal.number)
    return _organisation(proposal.organisation, name, local=_local(competition, proposal.number))


def partner(name: str, competition: str, number: int, place: int) -> Json:
    """Return one of those who applied together with the applicant; minutes know the name alone."""
    return {"id": ocid_of(f"{competition}-proposal-{number}-partner-{place}"), "name": name}


def supplier(contract: Contract, competition: str) -> Json:
    """Return the provider of a contract, known as in its proposal where there was one."""
    if contract.award is None:
        return _organisation(
            contract.contractor, contractor_name(contract), local=ocid_of(f"{contract.number}-provider")
        )
    number = contract.award.proposal.number
    return _organisation(
        contract.contractor, printed_name(contract.contractor, number), local=_local(competition, number)
    )


def _local(competition: str, number: int | None) -> str:
    return ocid_of(f"{competition}-proposal-{number}")


def _organisation(one: Organisation, name: str, *, local: str) -> Json:
    """Return a party; `local` is its identifier within the process where it has no EDRPOU."""
    if one.person_type == PersonType.NATURAL_PERSON:
        return {"id": local, "name": name}
    code = one.code or ""
    classes = [
        {"scheme": scheme, "id": f"{field}-{value}", "description": str(choices(value).label)}
        for scheme, field, choices, silent in _CLASSES
        if (value := getattr(one, field)) != silent
    ]
    return pruned(
        {
            "id": f"{EDRPOU}-{code}" if code else local,
            "name": name,
            "identifier": pruned({"scheme": EDRPOU, "id": code, "legalName": one.name}) if code else None,
            "details": {"classifications": classes} if classes else None,
        }
    )
