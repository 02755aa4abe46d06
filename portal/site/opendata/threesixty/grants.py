"""Grants: what the public register of projects says of the awards of decisions in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from portal.accounts.enums import PersonType
from portal.accounts.letters import absolute
from portal.accounts.models import Organisation
from portal.kernel.pieces import pieces
from portal.site.opendata.ocds.parties import EDRPOU
from portal.site.opendata.ocds.values import CURRENCY, GAZETTEER, moment, number, ocid_of, pruned
from procurement.interfaces.project_register import ProjectLine, lines_of
from procurement.models import Award, Competition
from procurement.queries.projects import for_list, funded_projects
from registry.interfaces.exporting.dictionary import LICENCE_URL

VERSION: Final = "1.4"
CHUNK: Final = 200


def package(*, today: date) -> dict[str, Any]:
    """Return the package of all grants; it is valid from the first grant on, for the standard knows no empty one."""
    return {"version": VERSION, "license": LICENCE_URL, "grants": list(grants(today=today))}


def grants(*, today: date) -> Iterator[dict[str, Any]]:
    """Yield the grants by competition, lot and proposal; an award that names no sum is none."""
    del today
    rows = funded_projects().filter(amount__isnull=False)
    order = ("decision__competition__number", "lot__number", "proposal__number", "pk")
    keys = list(rows.order_by(*order).values_list("pk", flat=True))
    for some in pieces(keys, CHUNK):
        with translation.override(settings.LANGUAGE_CODE):
            found = for_list(Award.objects.filter(pk__in=some)).order_by(*order)
            told = [_grant(line) for line in lines_of(found)]
        yield from told


def _grant(line: ProjectLine) -> dict[str, Any]:
    award, decision = line.award, line.award.decision
    competition = decision.competition
    url = absolute(line.url)
    own_number = award.proposal.number
    return pruned(
        {
            "id": f"{settings.THREESIXTY_PREFIX}-{competition.number}-{award.lot.number}-{own_number}",
            "title": line.title,
            "description": line.goal or line.title,
            "currency": CURRENCY,
            # the rows of the register of projects have a sum, see `grants`
            "amountAwarded": None if award.amount is None else number(award.amount),
            "awardDate": decision.act_on.isoformat(),
            "url": url,
            "plannedDates": _planned(line),
            **_recipient(line, f"{settings.THREESIXTY_PREFIX}-{competition.number}-{own_number}"),
            "fundingOrganization": [_organisation(competition.commissioner.organisation, "")],
            "grantProgramme": [{"code": str(competition.number), "title": competition.title}],
            "beneficiaryLocation": [_place(competition)],
            "fromOpenCall": "Yes",
            "classifications": _classifications(award),
            "relatedActivity": [ocid_of(str(competition.number))],
            "dateModified": moment(award.answered_at or decision.at),
            "dataSource": url,
        }
    )


def _planned(line: ProjectLine) -> list[dict[str, Any]]:
    days = {"startDate": line.starts, "endDate": line.ends}
    told = {name: day.isoformat() for name, day in days.items() if day}
    return [told] if told else []


def _recipient(line: ProjectLine, local: str) -> dict[str, Any]:
    organisation = line.award.proposal.organisation
    if organisation.person_type == PersonType.NATURAL_PERSON:
        return {"recipientIndividual": {"id": local, "name": line.applicant}}
    return {"recipientOrganization": [_organisation(organisation, local)]}


def _organisation(one: Organisation, local: str) -> dict[str, Any]:
    """Return an organisation by its EDRPOU; `local` stands for one that has none."""
    known = f"{EDRPOU}-{one.code}" if one.code else local
    return pruned({"id": known or f"{settings.THREESIXTY_PREFIX}-{one.name}", "name": one.name})


def _place(competition: Competition) -> dict[str, Any]:
    hromada = competition.hromada
    return {"name": hromada.label, "countryCode": "UA", "geoCode": hromada.code, "geoCodeType": GAZETTEER}


def _classifications(award: Award) -> list[dict[str, Any]]:
    """Return service and group of the lot, by the slugs of the catalogue; many projects have neither."""
    told: dict[str, Any] = award.lot.snapshot
    return [
        pruned({"vocabulary": f"PORUCH-{name.upper()}", "code": told[f"{name}_slug"], "title": told.get(name)})
        for name in ("service", "group")
        if told.get(f"{name}_slug")
    ]
