"""A small public world: providers, a decided and a fresh competition, a contract with everything of it."""

from datetime import date, timedelta
from typing import Any

from procurement.models import Contract
from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.enums import SiteKind
from tests.factories import monitoring, quality
from tests.factories.contracts import make_act, make_contract, make_report, pay
from tests.factories.procurement import make_published, make_question
from tests.factories.registry import make_carer, make_catalogue, make_provider, make_territories
from tests.results_pages.decided import DAY, make_appeal, make_decided

TODAY = date(2027, 7, 14)


def make_full_provider(name: str = "КУ «Центр»", **fields: Any) -> Any:
    """Return a provider with an open and a confidential address, public and private contacts, two services."""
    places, words = make_territories(), make_catalogue()
    where = {"hromada_id": places.dykanska.pk, "oblast_id": places.poltavska.pk}
    sites = [
        SiteRecord(
            kind=SiteKind.LEGAL,
            street="вул. Соборна",
            building="3",
            latitude=49.8,
            longitude=34.5,
            hours={"mon": [["08:00", "17:00"]]},
            **where,
        ),
        SiteRecord(kind=SiteKind.SERVICE, street="вул. Прихована", confidential=True, **where),
    ]
    return make_provider(
        name=name,
        sites=sites,
        contacts=[ContactRecord("phone", "+380800000000"), ContactRecord("phone", "+380507778899", private=True)],
        services=[
            ServiceRecord(
                words.home_care.pk, content="Догляд.", at_sites=(0,), group_ids=frozenset({words.older_people.pk})
            ),
            ServiceRecord(words.shelter.pk, at_sites=(1,)),
        ],
        **fields,
    )


def make_full_contract(**fields: Any) -> Contract:
    """Return a contract in force with a report, acts, a payment, a visit with a finding, a risk card, an evaluation."""
    contract = make_contract(**fields)
    report = make_report(contract)
    act = make_act(contract, report=report, deducted="10.00")
    pay(act, "1000.00")
    raised = {"compared_with": "award", "base": "1000.00", "sum": "1500.00", "raised": "500.00", "above": "50.0"}
    monitoring.make_risk_card(contract, data=raised)
    visit = monitoring.make_visit(contract)
    finding = monitoring.make_finding(visit)
    monitoring.reply(finding)
    monitoring.judge(finding)
    quality.make_published(contract, user=contract.created_by)
    contract.refresh_from_db()
    return contract


def make_world() -> None:
    make_full_provider()
    make_carer()
    competition = make_decided(proposals=2)
    make_appeal(competition, at=competition.decisions.get().at + DAY)
    fresh = make_published()
    make_question(fresh, now=fresh.published_at + timedelta(days=1))
    make_full_contract()
