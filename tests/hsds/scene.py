"""Providers with every price, hours, areas, access, free places; a branch, a suspended service, a hidden address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.enums import ServiceStanding, SiteKind
from registry.models import Availability, RegisterEntry, Service
from tests.factories.registry import NOW, make_carer, make_catalogue, make_provider, make_territories

TODAY = date(2026, 11, 22)


@dataclass
class Scene:
    """A centre with three services, a shelter that is its branch, and a carer whom nobody sees."""

    centre: RegisterEntry
    branch: RegisterEntry
    carer: RegisterEntry

    def key(self, entry: RegisterEntry, place: int) -> str:
        return f"s-{entry.number}-{place}"


def make_scene() -> Scene:
    centre, branch, carer = make_centre(), make_branch(), make_carer()
    RegisterEntry.objects.filter(pk=branch.pk).update(parent=centre)
    RegisterEntry.objects.filter(pk=centre.pk).update(verified_on=TODAY - timedelta(days=2))
    return Scene(centre, branch, carer)


def make_centre() -> RegisterEntry:
    places, words = make_territories(), make_catalogue()
    where = {"hromada_id": places.dykanska.pk, "oblast_id": places.poltavska.pk}
    hours = {"mon": [["08:00", "12:00"], ["13:00", "24:00"]], "tue": [["08:00", "12:00"]], "note": "Без вихідних"}
    sites = [
        SiteRecord(
            kind=SiteKind.SERVICE,
            territory_id=places.dykanka.pk,
            postal_index="38500",
            street="вул. Незалежності",
            building="133",
            room="5",
            latitude=49.8213,
            longitude=34.5321,
            hours=hours,
            access={words.ramp.pk: True, words.toilet.pk: False},
            **where,
        ),
        SiteRecord(kind=SiteKind.SERVICE, label="Куток", hours={"note": "За домовленістю"}, **where),
    ]
    contacts = [
        ContactRecord("phone", "+380535190000", "приймальня"),
        ContactRecord("email", "cnsp@example.org"),
        ContactRecord("website", "https://example.org/"),
        ContactRecord("head", "Відома Керівниця"),
    ]
    centre = make_provider(name="КУ «Центр»", sites=sites, contacts=contacts, services=_services(), demo=True)
    free = centre.services.first()
    assert free is not None
    Availability.objects.create(
        service=free, free_places=4, waiting=7, reported_at=NOW, expires_on=TODAY + timedelta(days=14)
    )
    return centre


def _services() -> list[ServiceRecord]:
    places, words = make_territories(), make_catalogue()
    return [
        ServiceRecord(
            words.home_care.pk,
            title="Догляд щодня",
            content="Прибирання.",
            conditions="Заява.",
            price_mode="tariff",
            price=Decimal("61.07"),
            price_unit="person_hour",
            price_on=date(2026, 9, 1),
            capacity=40,
            capacity_on=date(2026, 11, 1),
            urgent=True,
            meets_standard=True,
            area_kind="hromadas",
            area_ids=frozenset({places.dykanska.pk, places.poltava_hromada.pk}),
            delivery_form_ids=frozenset({words.at_home.pk}),
            group_ids=frozenset({words.older_people.pk}),
            hours={"wed": [["09:00", "18:00"]]},
            at_sites=(0, 1),
        ),
        ServiceRecord(words.counselling.pk, price_mode="free", area_kind="country", at_sites=(1,)),
        ServiceRecord(words.early_intervention.pk),
    ]


def make_branch() -> RegisterEntry:
    places, words = make_territories(), make_catalogue()
    hidden = SiteRecord(
        kind=SiteKind.SERVICE,
        territory_id=places.dykanka.pk,
        hromada_id=places.dykanska.pk,
        oblast_id=places.poltavska.pk,
        postal_index="38511",
        street="вул. Прихована",
        latitude=49.8111,
        longitude=34.5111,
        confidential=True,
    )
    branch = make_provider(
        name="ГО «Прихисток»",
        ownership_form="private",
        sector="non_state",
        sites=[hidden],
        contacts=[ContactRecord("phone", "+380507778899", private=True)],
        services=[ServiceRecord(words.shelter.pk, price_mode="differentiated", at_sites=(0,))],
    )
    Service.objects.filter(entry=branch).update(
        standing=ServiceStanding.SUSPENDED, standing_ground="Доказ закінчився", suspended_until=date(2026, 12, 1)
    )
    return branch
