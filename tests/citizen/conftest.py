"""A small register of which much and little is known, for those who choose among its services."""

from datetime import date

import pytest

from portal.site.bootstrap import make_site
from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.models import AccessFeature, SiteAccess
from search.indexing import rebuild
from tests.browser.conftest import browse, chromium
from tests.factories.registry import make_catalogue, make_provider, make_territories
from tests.search.indexes import live

__all__ = ["browse", "chromium", "live"]

SECRET = "вул. Схована"


def feature(slug: str) -> AccessFeature:
    return AccessFeature.objects.get_or_create(slug=slug, defaults={"name_uk": slug, "name_en": slug})[0]


@pytest.fixture
def register(db):
    """A centre of which much is known, a shelter with a confidential address, and one of which nothing is known."""
    places, words = make_territories(), make_catalogue()
    doors = feature("wide-doors")
    centre = make_provider(
        name="Диканський центр",
        sites=[
            SiteRecord(
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                street="вул. Незалежності",
                building="133",
                latitude=49.8213,
                longitude=34.5321,
                hours={"mon": [["08:00", "17:00"]]},
                access={words.ramp.pk: True, doors.pk: True, words.toilet.pk: False},
            )
        ],
    )
    SiteAccess.objects.filter(site__entry=centre, feature=words.ramp).update(checked_on=date(2026, 10, 5))
    shelter = make_provider(
        name="ГО «Прихисток»",
        legal_form="public_association",
        ownership_form="private",
        sites=[
            SiteRecord(
                territory_id=places.poltava.pk,
                hromada_id=places.poltava_hromada.pk,
                oblast_id=places.poltavska.pk,
                street=SECRET,
                building="7",
                latitude=49.5901,
                longitude=34.5502,
                confidential=True,
                access={words.ramp.pk: False},
            )
        ],
        contacts=[ContactRecord("phone", "+380500000001"), ContactRecord("phone", "+380500000002", private=True)],
        services=[ServiceRecord(words.shelter.pk, urgent=True, price_mode="free", area_kind="country", at_sites=(0,))],
    )
    bare = make_provider(
        name="КУ «Нічого не відомо»", sites=[], contacts=[], services=[ServiceRecord(words.counselling.pk)]
    )
    return centre, shelter, bare


@pytest.fixture
def searched(register, live):
    """The same register with a search over it."""
    make_site()
    rebuild(live)
    return register


def key(entry, place: int = 1) -> str:
    return f"s-{entry.number}-{place}"
