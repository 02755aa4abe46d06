"""A provider entered at the desk: with its number and history, once, or refused beside the field."""

import pytest
from django.urls import reverse

from registry.models import RegisterEntry
from tests.desk.editing import GROUND
from tests.factories.registry import next_edrpou


def new_entry(client, **typed):
    url = reverse("desk_entries:add")
    values = {
        "person_type": "legal_entity",
        "code": next_edrpou(),
        "name": "ГО «Нова»",
        "legal_form": "public_association",
        "ownership_form": "private",
        "sector": "non_state",
        "place": "Диканька",
        "street": "вул. Шкільна",
        "phone": "+380535120000",
        "ground": GROUND,
    }
    return client.post(url, {name: value for name, value in {**values, **typed}.items() if value is not None})


def test_new_provider_enters_with_number_address_and_history(desk):
    response = new_entry(desk.clients["registrar"])

    entry = RegisterEntry.objects.get(organisation__name="ГО «Нова»")
    assert response.url == reverse("desk_entries:entry", args=[entry.number])
    assert (entry.territory, entry.oblast) == (desk.places.dykanka, desk.places.poltavska)
    assert list(entry.contacts.values_list("kind", "value")) == [("phone", "+380535120000")]
    assert entry.changes.get().ground == GROUND


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"code": "43970361"}, ["code"]),
        ({"code": ""}, ["code"]),
        ({"code": "", "rnokpp": "3184710691"}, ["rnokpp", "code"]),
        ({"person_type": "sole_proprietor"}, ["code", "rnokpp"]),
        ({"legal_form": "carer_professional"}, ["legal_form"]),
        ({"place": "Одеса (UA51100270010076757)"}, ["place"]),
        ({"included_on": "2199-01-01"}, ["included_on"]),
        ({"head_number": "9999999"}, ["head_number"]),
        ({"name": ""}, ["name"]),
        ({"ground": ""}, ["ground"]),
    ],
)
def test_faulty_new_provider_is_refused_beside_its_field(desk, typed, fields):
    before = RegisterEntry.objects.count()

    response = new_entry(desk.clients["registrar"], **typed)

    assert sorted(response.context["form"].errors) == sorted(fields)
    assert RegisterEntry.objects.count() == before


def test_organisation_that_is_in_the_register_is_not_included_again(desk):
    response = new_entry(desk.clients["registrar"], code=desk.entry.organisation.code)

    assert list(response.context["form"].errors) == ["code"]
    assert desk.entry.number in str(response.context["form"].errors)


def test_carer_gets_a_closed_card_and_the_number_is_never_shown(desk):
    client = desk.clients["registrar"]

    response = new_entry(
        client,
        person_type="natural_person",
        legal_form="carer_nonprofessional",
        code="",
        rnokpp="3184710691",
        name="Особа Приватна",
    )

    entry = RegisterEntry.objects.get(organisation__rnokpp="3184710691")
    assert entry.is_open is False
    assert "3184710691" not in client.post(response.url).content.decode()
