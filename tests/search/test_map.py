"""The map of the search: outlines of ours, and nothing confidential on it."""

import pytest
from django.test import Client

from portal.site.bootstrap import make_site
from registry.domain.records import ContactRecord, SiteRecord
from search.indexing import rebuild
from tests.factories.registry import make_provider, make_territories

pytestmark = pytest.mark.django_db


def test_outlines_are_degrees_of_all_oblasts(client: Client):
    response = client.get("/search/outlines.json")

    features = response.json()["features"]
    points = [point for one in features for (ring,) in one["geometry"]["coordinates"] for point in ring]
    assert len(features) == 27
    assert min(lon for lon, _lat in points) > 22
    assert max(lon for lon, _lat in points) < 41
    assert min(lat for _lon, lat in points) > 44
    assert max(lat for _lon, lat in points) < 53
    assert response["Cache-Control"] == "public, max-age=60"


def test_points_of_confidential_places_are_on_no_map(client: Client, live):
    make_site()
    places = make_territories()
    make_provider(
        sites=[
            SiteRecord(
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                street="вул. Схована",
                latitude=49.8213,
                longitude=34.5321,
                confidential=True,
            )
        ],
        contacts=[ContactRecord("phone", "+380991112233", private=True)],
    )
    rebuild(live)

    page = client.get("/search/?q=догляд").content.decode()

    assert "hit" in page
    assert "data-portal-at" not in page
    assert "Схована" not in page
    assert "1112233" not in page
