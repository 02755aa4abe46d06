"""How a draft begins: an inclusion, a change of what stands in the register, an exclusion; for those who may."""

import pytest

from portal.accounts.mandates import claim_organisation
from registry.models import Application
from tests.cabinet.posting import post
from tests.cabinet.submission import page_of
from tests.factories.accounts import make_person
from tests.factories.applications import NOW, make_draft, make_representative, save
from tests.factories.registry import make_provider, next_edrpou

pytestmark = pytest.mark.django_db


def test_start_begins_a_draft_and_goes_on_with_it(sign_in):
    entry = make_provider()
    client = sign_in(make_representative(entry.organisation))

    first = client.post("/cabinet/applications/start/", {"organisation": entry.organisation_id, "kind": "amendment"})
    again = client.post("/cabinet/applications/start/", {"organisation": entry.organisation_id, "kind": "amendment"})

    draft = Application.objects.get()
    assert (first.url, again.url) == (f"/cabinet/applications/{draft.pk}/", first.url)


@pytest.mark.parametrize("kind", ["inclusion", "initiative", "nonsense", ""])
def test_start_refuses_what_makes_no_sense(sign_in, kind):
    entry = make_provider()
    client = sign_in(make_representative(entry.organisation))

    response = client.post("/cabinet/applications/start/", {"organisation": entry.organisation_id, "kind": kind})

    assert response.url == "/cabinet/"
    assert not Application.objects.exists()


def test_start_for_another_organisation_begins_nothing(cabinet):
    entry = make_provider()

    for key in (entry.organisation_id, 999_999_999):
        sent = {"organisation": key, "kind": "amendment"}
        assert cabinet.client.post("/cabinet/applications/start/", sent).status_code in (302, 404)

    assert not Application.objects.filter(organisation=entry.organisation).exists()


def test_organisation_made_by_a_claim_applies_before_the_claim_is_confirmed(cabinet, sign_in):
    person = make_person()
    claim = claim_organisation(
        user=person,
        code=next_edrpou(),
        name="ГО «Нова»",
        scope="representative",
        statement="Я голова.",
        evidence=None,
        now=NOW,
    )
    client = sign_in(person)

    home = client.get("/cabinet/")
    assert [card.claim for card in home.context["home"].cards] == [claim]
    sent = {"organisation": claim.organisation_id, "kind": "inclusion"}
    address = client.post("/cabinet/applications/start/", sent).url
    assert client.get(address).status_code == 200


@pytest.fixture
def amendment(cabinet, sign_in):
    entry = make_provider(name="КУ «Центр»")
    cabinet.user = make_representative(entry.organisation)
    cabinet.client = sign_in(cabinet.user)
    cabinet.draft = make_draft("amendment", organisation=entry.organisation, user=cabinet.user)
    return cabinet


def test_amendment_is_prefilled_and_shows_old_beside_new(amendment):
    assert "КУ «Центр»" in page_of(amendment.client.get(amendment.url("organisation/")))
    save(amendment.draft, {"organisation/short_name": "Центр «Турбота»", "contacts/1/value": "+380 44 111 22 33"})

    changes = amendment.client.get(amendment.url("changes/"))

    told = {(change.old, change.new) for change in changes.context["changes"]}
    assert ("+380535190000", "+380 44 111 22 33") in told
    assert "Центр «Турбота»" in page_of(changes)
    assert "+380 44 111 22 33" in page_of(amendment.client.get(amendment.url("check/")))


def test_exclusion_has_its_own_page_and_no_others(cabinet, sign_in):
    entry = make_provider()
    cabinet.client = sign_in(user := make_representative(entry.organisation))
    cabinet.draft = make_draft("exclusion", organisation=entry.organisation, user=user)

    for path in ("organisation/", "sites/", "contacts/", "services/", "criteria/", "changes/"):
        assert cabinet.client.get(cabinet.url(path)).status_code == 404
    response = post(
        cabinet, "exclusion/", {"exclusion/reason": "Припиняємо діяльність.", "exclusion/from": "2026-12-31"}
    )

    assert response.status_code == 302
    assert cabinet.content["exclusion/from"] == "2026-12-31"
