"""The search that finds nothing or a part, or cannot answer, and a lack that is told to the hromada."""

from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client

from portal.site.bootstrap import make_site
from search.interfaces import asking
from search.models import AskedQuery, UnmetNeed
from search.queries.asked import unmet_needs
from tests.search.asking import (
    DYKANSKA,
    POLTAVSKA,
    text_of,
)

pytestmark = pytest.mark.django_db


def test_search_without_its_engine_says_so_and_leads_on(client: Client, db):
    make_site()

    response = client.get(f"/search/?q=сиділка&place={POLTAVSKA}")

    page = text_of(response)
    assert response.status_code == 200
    assert 'href="/registry/"' in page
    assert page.count('href="tel:102"') == 2
    assert 'value="сиділка"' in page
    assert response["Cache-Control"] == "no-store"
    assert AskedQuery.objects.count() == 0
    assert client.get("/registry/").status_code == 200


def test_search_that_finds_a_part_says_what_is_not_met(client: Client, world):
    response = client.get("/search/?q=догляд+вдома+притулок")

    assert response.context["lines"] == []
    partly = {line.provider: line.missing for line in response.context["partly"]}
    assert partly == {"Диканський центр": ["притулок"], "ГО «Прихисток»": ["догляд вдома"]}
    page = text_of(response)
    assert 'href="tel:102"' in page
    assert f"{AskedQuery.objects.get().outcome}" == "relaxed"


def test_search_that_finds_nothing_leads_to_people_and_to_the_hromada(client: Client, world):
    response = client.get("/search/?q=ракета&service=home-care&urgent=1")

    page = text_of(response)
    assert response.context["lines"] == []
    assert page.count('href="tel:102"') == 2
    assert "/search/missing/?" in page


def test_search_counts_only_questions_that_words_did_not_meet(client: Client, world):
    for address in (
        "/search/?q=догляд",
        "/search/?q=ракета+вертоліт",
        "/search/?q=ракета+вертоліт",
        "/search/?q=вертоліт&form=home",
        f"/search/?place={DYKANSKA}",
    ):
        client.get(address)

    assert list(AskedQuery.objects.values_list("words", "place", "count")) == [("ракета вертоліт", "", 2)]


def test_search_is_shown_even_when_counting_fails(client: Client, world, monkeypatch):
    def fail(*_args):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(asking, "note_question", fail)

    assert client.get("/search/?q=вертоліт").status_code == 200


def test_unmet_need_is_counted_once_a_day_from_one_network(client: Client, world):
    told = {"place": DYKANSKA, "service": "shelter", "words": "притулок"}

    first = client.post("/search/missing/", told, follow=True)
    client.post("/search/missing/", {**told, "words": "де сховатися"})
    Client(REMOTE_ADDR="198.51.100.7").post("/search/missing/", told)

    assert first.redirect_chain == [("/search/missing/thanks/", 302)]
    assert [(need.place, need.service, need.times) for need in unmet_needs(date(2020, 1, 1), least=1)] == [
        (DYKANSKA, "shelter", 2)
    ]


def test_unmet_need_leaves_no_trace_of_the_visitor(client: Client, world):
    response = client.post("/search/missing/", {"place": DYKANSKA, "service": "shelter"})

    assert not response.cookies


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"place": "UA99", "service": "shelter"},
        {"place": DYKANSKA, "service": "nonsense"},
        {"place": DYKANSKA, "words": "подзвоніть 0671234567"},
    ],
)
def test_unmet_need_asks_for_what_is_lacking(client: Client, world, told):
    response = client.post("/search/missing/", told)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert UnmetNeed.objects.count() == 0


def test_unmet_need_is_not_taken_from_another_site(world):
    visitor = Client(enforce_csrf_checks=True)
    told = {"place": DYKANSKA, "service": "shelter"}

    for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        assert visitor.post("/search/missing/", told, headers=said).status_code == 403
    assert UnmetNeed.objects.count() == 0

    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert visitor.post("/search/missing/", told, headers=own).status_code == 302
