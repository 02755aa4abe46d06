"""The body that orders services: known by its code, changed with a trace in the log."""

import pytest

from portal.accounts.models import Organisation
from portal.kernel.models import LogEntry
from procurement.models import Commissioner
from tests.factories.accounts import make_organisation
from tests.factories.registry import next_edrpou

pytestmark = pytest.mark.django_db
BODIES = "/cabinet/commissioning/bodies/"
CONTACTS = {"address": "селище Диканька, вул. Незалежності, 133", "phone": "+380535191234", "email": "", "website": ""}


def test_body_is_entered_by_its_code(office):
    code = next_edrpou()

    answer = office.client.post(
        f"{BODIES}new/", {"code": f" {code} ", "name": "Відділ соціального захисту", **CONTACTS}
    )

    made = Commissioner.objects.get(organisation__code=code)
    assert (answer.url, made.hromada, made.organisation.name) == (
        BODIES,
        office.places.dykanska,
        "Відділ соціального захисту",
    )
    entry = LogEntry.objects.get(tag="procurement:commissioner:enter")
    assert "+380" not in entry.payload


def test_known_organisation_keeps_its_name(office):
    known = make_organisation(code=next_edrpou(), name="Департамент соціальної політики")

    office.client.post(f"{BODIES}new/", {"code": known.code, "name": "Інакше", **CONTACTS})

    assert Commissioner.objects.get(organisation=known).organisation.name == "Департамент соціальної політики"


@pytest.mark.parametrize("code", ["", "123", "12345679", "abcdefgh"])
def test_wrong_code_is_refused_beside_its_field_and_loses_nothing(office, code):
    answer = office.client.post(f"{BODIES}new/", {"code": code, "name": "Відділ", **CONTACTS})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"code"}
    assert CONTACTS["address"] in answer.content.decode()


def test_body_is_entered_once(office):
    known = Commissioner.objects.get()

    answer = office.client.post(f"{BODIES}new/", {"code": known.organisation.code, "name": "Ще раз", **CONTACTS})

    assert answer.context["form"].errors.keys() == {"code"}
    assert Organisation.objects.filter(code=known.organisation.code).count() == 1


def test_body_changes_how_it_is_reached(office):
    body = Commissioner.objects.get()

    office.client.post(f"{BODIES}{body.pk}/", {**CONTACTS, "email": "new@dykanka.example"})

    body.refresh_from_db()
    assert body.email == "new@dykanka.example"
    assert LogEntry.objects.filter(tag="procurement:commissioner:change").count() == 1


def test_body_of_another_hromada_is_not_there(office, sign_in):
    client = sign_in(office.users["neighbour"])
    body = Commissioner.objects.get()

    assert client.get(f"{BODIES}{body.pk}/").status_code == 404
    assert client.post(f"{BODIES}{body.pk}/", CONTACTS).status_code == 404
    assert client.get(BODIES, {"hromada": office.places.dykanska.code}).status_code == 404
