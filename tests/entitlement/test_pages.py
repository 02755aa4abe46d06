"""The questionnaire: what it asks and answers, and that nothing of it stays anywhere."""

import logging
import re

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from registry.models import IncomeBand
from registry.queries.memory import forget
from registry.views.entitlement import entitlement
from tests.entitlement.rules import verdict, words
from tests.factories.accounts import make_official
from tests.factories.registry import make_catalogue, make_provider, make_territories

ANSWERS = {
    "service": "home-care",
    "urgent": "no",
    "groups": ["none"],
    "disability": "none",
    "age": "70",
    "capacity": "lost_working_capacity",
    "income": "12 345,67",
    "family": "2",
    "provider": "public",
    "day": "2026-11-26",
}
PAGE = "/en/entitlement/"
# the rules in five and the names of acts; the services and what the frame of every page asks for are remembered
ASKED = 6


@pytest.fixture
def page(shipped, client) -> Client:
    forget()
    client.get(PAGE)
    yield client
    forget()


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\N{NO-BREAK SPACE}", " ")


def test_form_asks_without_an_account_and_a_cookie(page):
    response = page.get(PAGE, {"service": "home-care", "group": "violence-survivors"})
    body = response.content.decode()

    assert response.status_code == 200
    assert '<option value="home-care" selected>' in body
    assert re.search(r'value="violence-survivors"[^>]*checked', body)
    assert 'method="post"' in body
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in body
    assert body.count("I do not know") >= 5


def test_answer_tells_verdict_figure_threshold_clause_and_who_decides(page):
    said = text(page.post(PAGE, ANSWERS))

    assert "Partly paid, by income" in said
    assert (
        "Your figure is 6,172.84 UAH a month for each person of the family: from 2 to 4 subsistence minimums." in said
    )
    assert "2,595 UAH since 1 January 2026 not verified" in said
    assert "2 minimums are 5,190 UAH; 4 minimums are 10,380 UAH." in said
    assert "ст. 28" in said
    assert "the rule of decree 429 about the differentiated fee is not in the reference table" in said
    assert "the social-protection unit of your hromada or raion decides" in said
    assert "This holds for state and communal providers" not in said


def test_answer_repeats_what_was_said_and_what_was_not(page):
    said = text(page.post(PAGE, ANSWERS | {"family": "", "groups": []}))

    assert "Cannot be computed" in said
    assert "How many people are in the family I do not know" in said
    assert "Does any of this hold for the person who needs the service? I do not know" in said
    assert "Income of the whole family in an average month, UAH 12,345.67 UAH" in said


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"groups": ["violence-survivors"]}, "People of a category that you named get it free, whatever the income."),
        ({"disability": "1"}, "People of a category that you named get it free, whatever the income."),
        ({"urgent": "yes"}, "Help that is needed at once is free, whatever the income."),
        ({"service": "shelter"}, "This service is free for everybody, whatever the income."),
        ({"income": "100"}, "Your figure is 50 UAH a month for each person of the family: up to 2 subsistence"),
        ({"income": "90000"}, "more than 4 subsistence minimums"),
        ({"income": "10380"}, "Your figure lies exactly on the edge of two bands."),
        ({"income": ""}, "It may be: free of charge; partly paid, by income; paid in full."),
        ({"provider": "non_state"}, "The terms of the provider itself: look at its card or ask it."),
        ({"provider": ""}, "This holds for state and communal providers."),
        ({"day": "2019-07-01"}, "The rules of that day: the law in force began on 1 January 2020"),
        ({"income": "90000"}, "If a law names you there, the service is free: ask who decides."),
    ],
)
def test_answer_gives_its_reason(page, changed, wanted):
    response = page.post(PAGE, ANSWERS | changed)

    assert response.status_code == 200
    assert wanted in text(response)


def test_answer_is_not_kept_anywhere(page, caplog):
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = page.post(PAGE, ANSWERS)

    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert not [query["sql"] for query in queries if "12345" in query["sql"]]
    assert "12 345" not in caplog.text
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_report_of_a_failure_hides_every_answer(shipped):
    request = RequestFactory().post(PAGE, ANSWERS)

    entitlement(request)

    assert request.sensitive_post_parameters == "__ALL__"


def test_form_of_another_site_is_refused(page):
    assert page.post(PAGE, ANSWERS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert page.post(PAGE, ANSWERS, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(
    ("changed", "field", "wanted"),
    [
        ({"groups": ["none", "orphans"]}, "q-groups", "Choose either"),
        ({"disability": "child"}, "q-disability", "A child with disability is younger than 18."),
        ({"age": "10", "disability": "2"}, "q-disability", "A group of disability is for people of 18 and older."),
        ({"disability": "2", "capacity": "working_age"}, "q-capacity", "With a group of disability choose"),
        ({"income": "багато"}, "id_income", "Write the sum in digits"),
        ({"family": "0"}, "id_family", "Write 1 or more"),
        ({"day": "31.02.2026"}, "id_day", "Enter a valid date."),
        ({"service": "x"}, "id_service", "Select a valid choice."),
    ],
)
def test_mistaken_answer_comes_back_with_its_fault(page, changed, field, wanted):
    response = page.post(PAGE, ANSWERS | changed)
    body = response.content.decode()

    assert response.status_code == 422
    assert f'<a href="#{field}">' in body
    assert f'id="{field}"' in body
    assert wanted in text(response)
    assert 'value="70"' in body or changed.get("age")


def test_answers_can_be_changed(page):
    answer = page.post(PAGE, ANSWERS | {"place": "UA53080130000079450"}).content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer))

    body = page.post(PAGE, {**sent, "change": "1"}).content.decode()

    assert 'value="12 345,67"' in body
    assert '<option value="home-care" selected>' in body
    assert re.search(r'name="groups" value="none"[^>]*checked', body)
    assert 'name="place" value="UA53080130000079450"' in body


def test_service_leads_to_the_search_near_the_place(page):
    body = page.post(PAGE, ANSWERS | {"place": "UA53080130000079450"}).content.decode()

    assert "/en/search/?service=home-care&amp;place=UA53080130000079450" in body
    assert "/en/help/refusal/" in body


def test_place_that_is_no_code_is_dropped(page):
    assert "<script" not in page.post(PAGE, ANSWERS | {"place": '"><script>'}).content.decode().split("<main")[1]


@pytest.mark.parametrize("service", ["home-care", ""])
def test_number_of_queries_does_not_grow_with_services(page, django_assert_num_queries, service):
    with django_assert_num_queries(ASKED):
        page.post(PAGE, ANSWERS | {"service": service})


def test_all_services_stand_together_by_reason(page):
    body = page.post(PAGE, ANSWERS | {"service": ""}).content.decode()

    assert body.count('<article class="verdict') == 2
    assert body.count("/en/search/?service=") == 29
    assert len(body) < 60_000


def test_page_is_in_ukrainian_first(page):
    body = page.post("/entitlement/", ANSWERS | {"service": "", "groups": ["orphans"]}).content.decode()

    assert '<html lang="uk">' in body
    assert "Діти-сироти й діти, позбавлені батьківського піклування" in body


def test_cards_and_the_catalogue_lead_here(db, client):
    make_territories()
    make_catalogue()
    entry = make_provider()

    assert "/entitlement/?service=home-care" in client.get(entry.get_absolute_url()).content.decode()
    assert (
        "/entitlement/?service=shelter"
        in client.get(reverse("registry:service_type", args=["shelter"])).content.decode()
    )


def test_administrator_corrects_a_band_with_its_ground(shipped, sign_in):
    administrator: User = make_official("administrator")
    client, band = sign_in(administrator), IncomeBand.objects.get(slug="income-up-to-2")
    for name in ("free_of_charge", "income_bands", "fee_rules", "payment_terms", "staffing_norms", "case_loads"):
        assert client.get(reverse(f"desk_{name}:index")).status_code == 200
    form = client.get(reverse("desk_income_bands:edit", args=[band.pk])).context["form"]
    values = {name: value for name, value in form.initial.items() if value is not None and value is not False}

    sent = values | {"to_minimums": "3", "edit_ground": "2671-VIII, ст. 28, редакція від 16.07.2026"}
    response = client.post(reverse("desk_income_bands:edit", args=[band.pk]), sent)

    assert response.status_code == 302, response.context["form"].errors
    assert words(verdict(income=6656)) == "not computed"
    band.refresh_from_db()
    assert (band.to_minimums, band.edited_at is not None) == (3, True)


def test_rows_of_payment_are_edited_by_administrators_alone(shipped, sign_in):
    client, band = sign_in(make_official("registrar")), IncomeBand.objects.get(slug="income-up-to-2")

    assert client.get(reverse("desk_income_bands:index")).status_code == 200
    assert client.get(reverse("desk_income_bands:edit", args=[band.pk])).status_code in (302, 403)
