"""What tests of the search's pages share: a register that is indexed, and how a page is read."""

from html import unescape

import pytest

from portal.site.bootstrap import make_site
from registry.domain.records import ServiceRecord, SiteRecord
from search.indexing import rebuild
from tests.factories.registry import make_catalogue, make_provider, make_territories

POLTAVSKA = "UA53000000000028050"
DYKANSKA = "UA53080130000079450"


@pytest.fixture
def world(live):
    """Fill the register with a centre that gives home care and a shelter for the whole country, and index it."""
    make_site()
    places, words = make_territories(), make_catalogue()
    make_provider(name="Диканський центр")
    make_provider(
        name="ГО «Прихисток»",
        sites=[
            SiteRecord(
                hromada_id=places.odesa_hromada.pk,
                oblast_id=places.odeska.pk,
                territory_id=places.odesa.pk,
                latitude=46.48,
                longitude=30.73,
            )
        ],
        services=[ServiceRecord(words.shelter.pk, urgent=True, price_mode="free", area_kind="country", at_sites=(0,))],
    )
    rebuild(live)
    return places, words


@pytest.fixture
def many(live):
    """Return a function that puts so many centres into the register and indexes them."""

    def fill(number: int) -> None:
        for _ in range(number):
            make_provider()
        rebuild(live)

    return fill


def text_of(response) -> str:
    return unescape(" ".join(response.content.decode().split()))


def titles(response, name: str = "lines") -> list[str]:
    return [line.provider for line in response.context[name]]
