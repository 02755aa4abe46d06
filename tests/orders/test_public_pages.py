"""What everybody reads: who decided, who is overdue, why on that day, and no small group anywhere."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from portal.kernel.models import DeadlineRule
from procurement.domain.planning import needs, orders
from procurement.domain.planning.budgets import correct_budget_act
from procurement.domain.planning.programmes import put_measure, put_programme
from procurement.domain.planning.refusals import enter_refusal
from procurement.models import BudgetAct
from tests.factories.orders import (
    MARCH,
    budget_facts,
    item_values,
    make_budget_act,
    make_commissioner,
    make_needs,
    make_taken_decision,
)
from tests.factories.registry import make_catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("in_march")]
DAY = timedelta(days=1)
LIST = "/en/orders/"
DYKANSKA = "/en/orders/UA53080130000079450/"


def page_of(address, client=None):
    response = (client or Client()).get(address)
    assert response.status_code == 200
    text = response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2].partition("</main>")[0]).split())


# --- the list ----------------------------------------------------------------------------------------------------------


def test_overdue_is_said_plainly_and_first(places, official):
    make_taken_decision(make_budget_act(hromada=places.odesa_hromada), make_commissioner(places.odeska))
    make_budget_act(user=official)

    page = page_of(LIST)

    assert "overdue by 12 days no decision is published" in page
    acts = page[page.index("Budgets and decisions") :]
    assert acts.index("Диканська громада") < acts.index("Одеська громада")
    assert "Of 1 hromada nobody has entered the budget of 2027" in page
    assert "On the adopted budget of 2027 the decision is due by 1 March 2027" in page


def test_overdue_is_said_in_ukrainian_by_default(places, official):
    make_budget_act(user=official)

    assert Client().get("/orders/").status_code == 200


def test_hromadas_that_missed_the_day_are_listed(places, official):
    make_budget_act(user=official)
    neighbour = make_commissioner(places.odeska)
    late = make_budget_act(user=neighbour, hromada=places.odesa_hromada)
    make_taken_decision(late, neighbour, now=MARCH, decided_on=date(2027, 3, 5))
    in_time = make_budget_act(hromada=places.poltava_hromada)
    make_taken_decision(in_time, make_commissioner(places.poltava_hromada))

    page = page_of(LIST)
    missed = page[page.index("Hromadas that missed the day") : page.index("Budgets and decisions")]

    assert "Диканська громада Полтавська область Not published 1 decision Days overdue 12 Decided late –" in missed
    assert "Одеська громада Одеська область Not published – Days overdue – Decided late 1" in missed
    assert "Полтавська громада" not in missed
    assert "4 days late decided to order services" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Диканська", "Одеська"}),
        ("?oblast=UA53000000000028050", {"Диканська"}),
        ("?q=оде", {"Одеська"}),
        ("?q=%00%22%3E", set()),
        ("?state=overdue", {"Диканська"}),
        ("?state=not_order", {"Одеська"}),
        ("?state=in_time", {"Одеська"}),
        ("?state=late", set()),
        ("?year=2026", set()),
        ("?year=x&oblast=x&state=x&page=x&missed=-1", {"Диканська", "Одеська"}),
        ("?page=99999999&missed=99", {"Диканська", "Одеська"}),
    ],
)
def test_list_is_narrowed_and_odd_addresses_give_the_page(places, official, query, shown):
    make_budget_act(user=official)
    act = make_budget_act(hromada=places.odesa_hromada)
    make_taken_decision(act, make_commissioner(places.odeska), outcome="not_order", grounds="Потреби немає.")

    page = page_of(LIST + query)

    acts = page[page.index("Budgets and decisions") :]
    assert {name for name in ("Диканська", "Одеська") if f"{name} громада" in acts} == shown


def test_term_that_is_not_set_is_said_and_nobody_is_overdue(places, official):
    DeadlineRule.objects.filter(code="order-decision").update(unit="", month=None, day=None)
    make_budget_act(user=official)

    page, own = page_of(LIST), page_of(DYKANSKA)

    assert "the term is not set in the reference table no decision yet" in page
    assert "Hromadas that missed the day" not in page
    assert "By when to decide is not set in the reference table, so there is no date." in own
    assert "Why there is no date" in own


def test_parts_of_the_list_are_paged_apart(places, official, settings):
    settings.REGISTER_PAGE_SIZE = 1
    make_budget_act(user=official)
    make_budget_act(hromada=places.odesa_hromada)

    response = Client().get(f"{LIST}?missed=2")

    assert 'href="?year=2027&amp;missed=2&amp;page=2"' in response.content.decode()
    assert "max-age=60" in response["Cache-Control"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_as_often_for_three_as_for_one(places, item_count, django_assert_num_queries):
    for place in [places.dykanska, places.odesa_hromada, places.poltava_hromada][:item_count]:
        make_budget_act(hromada=place)
    Client().get(LIST)

    with django_assert_num_queries(11):
        Client().get(LIST)


# --- one hromada -------------------------------------------------------------------------------------------------------


def test_page_of_a_hromada_tells_everything_with_its_reason(places, official, act):
    make_taken_decision(act, official)
    programme = put_programme(
        hromada_id=places.dykanska.pk,
        user=official,
        values={
            "title": "Програма «Турбота»",
            "year_from": 2026,
            "year_to": 2028,
            "act_number": "3",
            "act_on": date(2025, 12, 1),
        },
        now=MARCH,
    )
    values = {"text": "Догляд вдома", "year": 2027, "amount": 540_000}
    put_measure(programme_id=programme.pk, user=official, values=values, now=MARCH)

    page = page_of(DYKANSKA)

    for words in (
        "Budget of 2027 adopted 19 December 2026, № 5-12/VIII",
        "in time decided to order services",
        "The decision is due by 1 March 2027",
        "The act fixes the date itself: 1 March 2027.",
        "Not checked against the current edition.",
        "Rules: Social order.",
        "14 January 2027, № 17",
        "Home care Older people",
        "social order",
        "1,800 (година)",
        "540,000 UAH",
        "Програма «Турбота»",
        "Догляд вдома",
    ):
        assert words in page, words


def test_superseded_versions_stay_readable(places, official, act):
    decision = make_taken_decision(act, official)
    draft = orders.correct_decision(decision_id=decision.pk, user=official, reason="Не той номер.", now=MARCH)
    orders.describe_decision(decision_id=draft.pk, user=official, values={"number": "18"})
    orders.take_decision(decision_id=draft.pk, user=official, now=MARCH)
    correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Описка.", now=MARCH)

    page = page_of(DYKANSKA)

    assert page.index("№ 18") < page.index("Earlier versions") < page.index("№ 5-12/VIII") < page.index("№ 17")
    assert "Описка." in page
    assert "Не той номер." in page


def test_drafts_are_seen_by_nobody(places, official, act):
    draft = orders.start_decision(act_id=act.pk, user=official, now=MARCH)
    orders.describe_decision(decision_id=draft.pk, user=official, values={"number": "Таємний-1"})
    make_needs(official, figures=(("Таємна група", 77),), publish=False)

    page = page_of(DYKANSKA)

    assert "Таємн" not in page
    assert "no decision is published" in page


def test_small_groups_are_nowhere_on_the_page(places, official, act):
    words = make_catalogue()
    make_needs(
        official,
        figures=(("Особи похилого віку", 117), ("Діти-сироти", 3), ("Усього", 120), ("Переселенці", None)),
        services=(("home_care", 40, 38), ("shelter", 50, 2)),
    )
    for _turn in range(4):
        enter_refusal(
            hromada_id=places.dykanska.pk,
            user=official,
            service_type=words.counselling,
            refused_on=date(2027, 2, 1),
            now=MARCH,
        )
    decision = orders.start_decision(act_id=act.pk, user=official, now=MARCH)
    orders.put_item(decision_id=decision.pk, user=official, values=item_values(recipients=4, volume=None))
    values = {
        "outcome": "order",
        "decided_on": date(2027, 1, 14),
        "number": "17",
        "body": "Виконком",
        "url": "https://a.example",
    }
    orders.describe_decision(decision_id=decision.pk, user=official, values=values)
    orders.take_decision(decision_id=decision.pk, user=official, now=MARCH)

    page = page_of(DYKANSKA)

    assert "Діти-сироти People fewer than 5" in page
    assert "Усього People not shown" in page
    assert "Переселенці People not known" in page
    assert "Home care Need 40 Receive not shown Go without fewer than 5" in page
    assert "Shelter Need 50 Receive fewer than 5 Go without not shown" in page
    assert "Counselling refusals since 1 January 2027: fewer than 5" in page
    assert "Recipients fewer than 5" in page


def test_earlier_needs_are_shown_without_refusals(places, official):
    first = make_needs(official, services=(("home_care", 60, 20),), now=MARCH)
    draft = needs.correct_assessment(assessment_id=first.pk, user=official, reason="Описка в таблиці.", now=MARCH)
    needs.publish_assessment(assessment_id=draft.pk, user=official, now=MARCH)

    page = page_of(DYKANSKA)

    assert "Описка в таблиці." in page
    assert page.count("Refused, nobody gives it") == 2
    assert "Earlier assessments" in page


def test_hromada_without_anything_says_that_it_is_not_known(places):
    page = page_of(DYKANSKA)

    assert "Nobody has entered a budget of this hromada, so whether it decided is not known." in page
    assert "The hromada has not published an assessment of needs." in page


@pytest.mark.parametrize(
    ("code", "leads"),
    [
        ("UA53080130010081044", "/en/orders/UA53080130000079450/"),
        ("UA53000000000028050", "/en/orders/?oblast=UA53000000000028050"),
        ("UA80000000000093317", "/en/orders/?oblast=UA80000000000093317"),
    ],
)
def test_other_units_lead_to_where_orders_are(places, code, leads):
    assert Client().get(f"/en/orders/{code}/")["Location"] == leads


@pytest.mark.parametrize("code", ["x", "UA00000000000000000", "UA53080000000016371", "UA530801300000794501"])
def test_unknown_place_is_not_found(places, code):
    assert Client().get(f"/en/orders/{code}/").status_code == 404


def test_register_leads_to_the_orders_of_the_hromada(places):
    assert f'href="{DYKANSKA}"' in Client().get("/en/territories/UA53080130000079450/").content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_of_a_hromada_asks_as_often_for_three_as_for_one(places, official, item_count, django_assert_num_queries):
    words = make_catalogue()
    kinds = [words.shelter, words.counselling, words.early_intervention][:item_count]
    for number in range(item_count):
        act = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 4) + number * DAY, number="1")
        draft = make_taken_decision(act, official)
        correction = orders.correct_decision(decision_id=draft.pk, user=official, reason="Так.", now=MARCH)
        orders.put_item(decision_id=correction.pk, user=official, values=item_values(service_type=kinds[number]))
        orders.take_decision(decision_id=correction.pk, user=official, now=MARCH)
        found = make_needs(official, figures=(("Група", 9),) * item_count, now=MARCH)
        fresh = needs.correct_assessment(assessment_id=found.pk, user=official, reason="Так.", now=MARCH)
        needs.publish_assessment(assessment_id=fresh.pk, user=official, now=MARCH)
        enter_refusal(
            hromada_id=places.dykanska.pk,
            user=official,
            service_type=kinds[number],
            refused_on=date(2027, 2, 1),
            now=MARCH,
        )
    assert BudgetAct.objects.count() == item_count
    Client().get(DYKANSKA)

    with django_assert_num_queries(16):
        Client().get(DYKANSKA)
