"""The first page of the cabinet: what is to be done for one's organisations, and nothing of others."""

import pytest

from portal.accounts.mandates import claim_organisation
from registry.models import Application
from tests.cabinet.submission import page_of
from tests.factories.accounts import make_person
from tests.factories.applications import NOW, make_draft, make_submitted
from tests.factories.registry import make_provider

pytestmark = pytest.mark.django_db


def test_home_tells_what_to_do(asked):
    card = asked.client.get("/cabinet/").context["home"].cards[0]

    assert [task.url for task in card.tasks] == [asked.url("correction/")]
    assert [line.application for line in card.open] == [asked.draft]


def test_home_of_nobody_leads_to_a_claim(sign_in):
    page = page_of(sign_in(make_person()).get("/cabinet/"))

    assert "/cabinet/claim/" in page


def test_home_shows_nothing_of_an_organisation_that_is_only_claimed(sign_in):
    entry = make_provider(name="КУ «Чужий центр»")
    person = make_person()
    claim_organisation(
        user=person,
        code=entry.organisation.code,
        name="",
        scope="representative",
        statement="Я директор.",
        evidence=None,
        now=NOW,
    )

    home = sign_in(person).get("/cabinet/").context["home"]

    assert (home.cards, len(home.waiting)) == ([], 1)
    sent = {"organisation": entry.organisation_id, "kind": "amendment"}
    assert sign_in(person).post("/cabinet/applications/start/", sent).url == "/cabinet/"
    assert not Application.objects.exists()


@pytest.mark.parametrize("item_count", [1, 3])
def test_home_asks_the_same_number_of_questions(sign_in, item_count, django_assert_num_queries):
    from tests.factories.accounts import make_mandate

    person = make_person()
    for _number in range(item_count):
        entry = make_provider()
        make_mandate(person, entry.organisation)
        make_draft("exclusion", organisation=entry.organisation, user=person)
        make_submitted("amendment", organisation=entry.organisation, user=person)
    client = sign_in(person)
    client.get("/cabinet/")

    with django_assert_num_queries(19):
        client.get("/cabinet/")
