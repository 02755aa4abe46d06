"""Every address of the three cabinets of contracts, tried by people whom it does not concern: nothing opens, nothing is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from procurement.contract_enums import ActState, ContractState, ReportState, VisitState
from procurement.models import Contract, ContractNotice, ContractTemplate, Milestone, QualityEvaluation
from tests.factories.contracts import (
    CONCLUDED,
    make_act,
    make_budget_line,
    make_contract,
    make_report,
    make_typed_ground,
    pay,
)
from tests.factories.monitoring import make_finding, make_risk_card, make_visit
from tests.factories.ordering import make_official_who_orders
from tests.factories.procurement import make_bidder
from tests.factories.quality import make_evaluation
from tests.factories.registry import make_territories

pytestmark = pytest.mark.django_db

SPACES = ("contracting", "contractor", "quality")
SECRET = "Потаємнослівно"
# a script that is the same for everybody
OPEN = {"contracting:visit_worker"}
CLOSED = {302, 403, 404, 405}


@pytest.fixture
def things(db):
    """Return by name of a parameter what it may be of: all of it is in preparation, and each thing has its secret."""
    draft = make_contract(ContractState.DRAFT, title=SECRET)
    running = make_contract(
        title=f"{SECRET} чинний", provider=(draft.contractor, draft.contractor.mandates.first().person)
    )
    report = make_report(running, state=ReportState.RETURNED, done=SECRET, reason=SECRET)
    act = make_act(running, state=ActState.CLAIMED, note=SECRET, reason=SECRET)
    paid = pay(make_act(running, units="1"), note=SECRET)
    visit = make_visit(running, VisitState.HELD, notes=SECRET, place=SECRET)
    finding = make_finding(visit, text=SECRET)
    milestone = Milestone.objects.create(contract=draft, number=1, title=SECRET, due_on=draft.service_to)
    notice = ContractNotice.objects.create(
        contract=running,
        number=1,
        kind="warning",
        ground=make_typed_ground("notice"),
        text=SECRET,
        sent_at=CONCLUDED,
        sent_by=running.created_by,
        answer_by=(CONCLUDED + timedelta(days=20)).date(),
        key=uuid4(),
    )
    template = ContractTemplate.objects.create(
        code="own", number=1, title_uk=SECRET, definition={"sections": []}, hromada=draft.hromada
    )
    quality = make_evaluation(running, conclusion=SECRET, recommendations=SECRET)
    return {
        "contracts": [draft, running],
        "report_id": [report],
        "act_id": [act],
        "payment": [paid],
        "milestone_id": [milestone],
        "visits": [visit],
        "findings": [finding],
        "notices": [notice],
        "risks": [make_risk_card(running)],
        "templates": [template],
        "budget-lines": [make_budget_line(draft.hromada, title=SECRET)],
        "quality": [quality],
    }


def addresses(things: dict) -> list[tuple[str, str]]:
    """Return every address of the three name spaces with its name, filled with the things that it is about."""
    found = []
    for space in SPACES:
        _prefix, resolver = get_resolver().namespace_dict[space]
        for pattern in resolver.url_patterns:
            name = f"{space}:{pattern.name}"
            found += [(name, reverse(name, kwargs=values)) for values in fillings(space, pattern, things)]
    return found


def fillings(space: str, pattern, things: dict) -> list[dict]:
    names = list(pattern.pattern.converters)
    if not names:
        return [{}]
    rest = {"number": 1, "award": 1, "code": "timeliness", "payment": things["payment"][0].pk}
    first = names[0]
    if first == "pk":
        rows = things["quality"] if space == "quality" else things[kind_of(space, str(pattern.pattern))]
    elif first in things:
        rows = things[first]
    else:
        return [{name: rest[name] for name in names}]
    return [{first: row.pk, **{name: rest[name] for name in names[1:]}} for row in rows]


def kind_of(space: str, route: str) -> str:
    """Say what the key of a route is of: «visits/<int:pk>/» of a visit; a bare one in the provider's cabinet, a contract."""
    head = route.split("/", maxsplit=1)[0]
    return "contracts" if head.startswith("<") else head


def try_all(browser: Client, things: dict) -> list[str]:
    """Return what opened or told anything, by GET and by POST."""
    faults = []
    for name, address in addresses(things):
        if name in OPEN:
            continue
        bare = not any(part.isdigit() for part in address.split("/"))
        for method in (browser.get, browser.post):
            response = method(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            if SECRET in body.decode(errors="replace"):
                faults.append(f"{name} tells")
            if response.status_code not in CLOSED and not (bare and response.status_code in (200, 400, 422)):
                faults.append(f"{name} {response.status_code}")
    return faults


def count_rows() -> tuple:
    return tuple(model.objects.count() for model in (Contract, ContractNotice, Milestone, QualityEvaluation))


def test_stranger_is_asked_to_sign_in_and_told_nothing(things):
    before, walked = count_rows(), addresses(things)

    assert len(walked) > 60
    assert {"contracting:pay", "contractor:report", "quality:publish", "contracting:visit_send"} <= {*dict(walked)}
    for name, address in walked:
        if name not in OPEN:
            assert Client().get(address).status_code in (302, 404), name
    assert try_all(Client(), things) == []
    assert count_rows() == before


def test_who_is_not_concerned_finds_closed_doors(sign_in, things):
    before = count_rows()

    for person in (make_bidder()[1], make_official_who_orders(make_territories().odeska)):
        assert try_all(sign_in(person), things) == [], person
    assert count_rows() == before


def test_provider_of_the_contract_reads_neither_draft_nor_notes(sign_in, things):
    """From the offer on it reads its contract; a draft, an unconcluded visit and its findings are not its own."""
    draft, running = things["contracts"]
    browser = sign_in(running.contractor.mandates.first().person)

    for name in ("contract", "sign", "reports", "acts", "findings"):
        assert browser.get(reverse(f"contractor:{name}", args=[draft.pk])).status_code in (403, 404), name
    assert browser.get(reverse("contractor:finding", args=[things["findings"][0].pk])).status_code in (403, 404)
    for name in ("contract", "visits", "lines"):
        assert browser.get(reverse(f"contracting:{name}", args=[running.pk])).status_code in (302, 403, 404), name
