"""Concluded contracts for programs: what the pages say, with the same parameters."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from portal.accounts.enums import OwnershipForm
from procurement.api import PageNumbers, Spoken, spoken_language
from procurement.contract_enums import ContractState
from procurement.enums import Channel
from procurement.interfaces.contract_filters import read_contract_filter
from procurement.interfaces.contract_json import contract_json, row_json
from procurement.interfaces.contract_page import ContractPage
from procurement.queries.contracts.public import concluded, for_list, public_contracts
from registry.views.paging import Pages

router = Router()


class ContractsWanted(Spoken):
    """Parameters of the register of contracts; unknown values are named in `problems` and left aside."""

    q: str = Field("", description="words of the title, the parties, the place or the number")
    state: str = Field("", description=", ".join(ContractState.public))
    channel: str = Field("", description=", ".join(Channel.values))
    service: str = Field("", description="slug")
    year: str = Field("", description="the year of conclusion")
    oblast: str = Field("", description="КАТОТТГ code")
    hromada: str = Field("", description="КАТОТТГ code; wins over the oblast")
    provider: str = Field("", description="EDRPOU or number of the register")
    ownership: str = Field("", description=f"of the provider: {', '.join(OwnershipForm.values)}")
    page: str = Field("", description="from 1, twenty results each")


class ContractRow(Schema):
    """Sums are texts in hryvnias with kopiikas; `services` are slugs, spaces between them."""

    number: str
    own_number: str
    state: str
    channel: str
    hromada_code: str
    hromada: str
    oblast: str
    commissioner: str
    commissioner_code: str | None
    provider: str
    provider_code: str | None
    title: str
    services: str
    concluded_on: str
    service_from: str | None
    service_to: str | None
    version: int
    first_sum_uah: str
    sum_uah: str
    accepted_uah: str
    paid_uah: str
    remaining_uah: str
    ended_on: str | None
    end_paid_uah: str | None
    competition: str
    identifier: str
    is_demo: bool
    url: str


class ContractAnswer(ContractRow):
    """Numbers of people under five, and those that give one away, are null; `…_hidden` says why."""

    state_label: str
    channel_label: str
    standing: str
    ground: str
    identifier_url: str
    end_ground: str
    end_reason: str
    figures: dict[str, Any]
    lines: list[dict[str, Any]]
    funding: list[dict[str, Any]]
    versions: list[dict[str, Any]]
    milestones: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    acts: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    risks: list[dict[str, Any]]
    evaluations: list[dict[str, Any]]
    dossier: str


class ContractsAnswer(Schema):
    total: int
    results: list[ContractRow]
    pages: PageNumbers
    problems: dict[str, str]


@router.get("contracts", response=ContractsAnswer, summary="List concluded contracts", url_name="contracts")
def contracts(request: HttpRequest, wanted: Query[ContractsWanted]) -> dict[str, Any]:
    with translation.override(spoken_language(wanted.lang)):
        read = read_contract_filter(request.GET)
        rows = read.rows(public_contracts())
        pages = Pages(rows.count(), read.page, settings.REGISTER_PAGE_SIZE, str)
        results = [row_json(one) for one in for_list(rows)[pages.start : pages.stop]]
        numbers = {"number": pages.number, "count": pages.count, "size": pages.size}
        return {"total": pages.total, "results": results, "pages": numbers, "problems": read.problems}


@router.get("contracts/{number}", response=ContractAnswer, summary="Read one contract", url_name="contract")
def contract(request: HttpRequest, number: str, wanted: Query[Spoken]) -> dict[str, Any]:
    del request
    found = concluded(number)
    if found is None:
        raise HttpError(404, "There is no concluded contract with this number.")
    with translation.override(spoken_language(wanted.lang)):
        return contract_json(ContractPage(found, timezone.now()))
