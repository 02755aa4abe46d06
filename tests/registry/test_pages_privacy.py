"""One walk through every public page: nothing private is on any of them, in either language."""

import pytest
from django.test import Client

from portal.site.bootstrap import make_site
from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.templatetags.register import dialled, opening, web_address
from tests.factories.registry import make_carer, make_catalogue, make_provider, make_territories, next_edrpou

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

SECRETS = (
    "Приватна Особа",
    "Таємна",
    "вул. Схована",
    "38599",
    "Тихий дім",
    "49.8299",
    "1112233",
    "secret@example.org",
    "2934567891",
)


@pytest.fixture
def addresses() -> list[str]:
    make_site()
    places, words = make_territories(), make_catalogue()
    for _ in range(6):
        make_carer(name="Приватна Особа Таємна")
    shelter = make_provider(
        code=next_edrpou(),
        name="ГО «Прихисток»",
        sites=[
            SiteRecord(
                label="Тихий дім",
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                postal_index="38599",
                street="вул. Схована",
                latitude=49.8299,
                longitude=34.5399,
                confidential=True,
            )
        ],
        contacts=[
            ContactRecord("phone", "+380991112233", private=True),
            ContactRecord("email", "secret@example.org", private=True),
        ],
        services=[ServiceRecord(words.shelter.pk, at_sites=(0,), area_kind="country")],
    )
    trader = make_provider(
        person_type="sole_proprietor", legal_form="sole_proprietor", name="ФОП Відкритий", rnokpp="2934567891"
    )
    return [
        "/",
        "/registry/",
        "/registry/?sort=newest",
        *(f"/registry/?q={word}" for word in ("Таємна", "Схована", "Тихий", "2934567891", "1112233")),
        "/registry/?hromada=UA53080130000079450",
        f"/registry/{shelter.number}/",
        f"/registry/{shelter.number}/history/",
        f"/registry/{shelter.number}/history/?on=2026-11-22",
        f"/registry/{trader.number}/",
        f"/registry/{trader.number}/history/?on=2026-11-22",
        "/services/",
        "/services/shelter/",
        "/services/home-care/",
        "/territories/",
        "/territories/?q=Дик",
        "/territories/UA53000000000028050/",
        "/territories/UA53080130000079450/",
    ]


def test_no_public_page_tells_a_secret(client: Client, addresses):
    for address in addresses:
        asked = address.partition("?q=")[2]
        for prefix in ("", "/en"):
            response = client.get(prefix + address)
            assert response.status_code == 200, address
            page = response.content.decode()
            # what was typed comes back in the field and in the condition; no more than that
            found = [secret for secret in SECRETS if secret != asked and secret in page]
            assert found == [], address


def test_search_for_a_secret_finds_nobody(client: Client, addresses):
    for address in addresses:
        if "?q=" in address and "territories" not in address:
            assert client.get(address).context["total"] == 0, address


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+38 (05351) 9-00-00", "+380535190000"),
        ("(05741) 4-58-42", "0574145842"),
        ("15 47, цілодобово", "1547"),
        ("0 800 500 335 дод. 2", "0800500335"),
        ("приймальня", ""),
    ],
)
def test_phone_is_dialled_as_a_telephone_takes_it(typed, number):
    assert dialled(typed) == number


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("https://example.org/x", "https://example.org/x"),
        ("example.org", "https://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("немає", ""),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(typed, link):
    assert web_address(typed) == link


def test_days_alike_are_told_together():
    work, all_day = [["09:00", "18:00"]], [["00:00", "24:00"]]
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    assert len(opening(dict.fromkeys(week, all_day))) == 1
    assert [hours for _days, hours in opening(dict.fromkeys(week[:5], work) | {"sat": [["10:00", "15:00"]]})] == [
        "09:00–18:00",
        "10:00–15:00",
    ]
    assert len(opening({"mon": work, "wed": work})) == 2
    assert opening({"note": "за домовленістю"}) == [("", "за домовленістю")]
    assert opening({}) == []
