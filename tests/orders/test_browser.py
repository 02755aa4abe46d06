"""Needs and orders in a real browser: no barrier that axe-core knows, a phone's width, a decision made on a phone."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from procurement.domain.planning import needs, orders
from procurement.domain.planning.programmes import put_measure, put_programme
from procurement.domain.planning.refusals import enter_refusal
from procurement.models import LackRefusal, OrderDecision
from tests.browser.conftest import browse, chromium, enter
from tests.browser.obstacles import obstacles
from tests.factories.orders import (
    MARCH,
    item_values,
    make_budget_act,
    make_commissioner,
    make_draft_decision,
    make_needs,
    make_taken_decision,
)
from tests.factories.registry import make_catalogue

__all__ = ["browse", "chromium", "enter"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("in_march"),
]

DESK = "/cabinet/commissioning/"


@pytest.fixture
def everything(places, official) -> dict[str, str]:
    """Return one address of every page of needs and orders, by what it shows."""
    words = make_catalogue()
    programme = put_programme(
        hromada_id=places.dykanska.pk,
        user=official,
        values={
            "title": "Комплексна програма соціального захисту населення «Турбота» на 2026–2028 роки",
            "year_from": 2026,
            "year_to": 2028,
            "act_number": "312",
            "act_on": date(2025, 12, 18),
        },
        now=MARCH,
    )
    for year in (2026, 2027):
        values = {"text": "Догляд вдома за самотніми людьми", "year": year, "service_type": words.home_care}
        put_measure(programme_id=programme.pk, user=official, values={**values, "amount": 540_000 + year}, now=MARCH)
    overdue = make_budget_act(user=official)
    decided = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 12), number="7-14/VIII")
    wrong = make_taken_decision(decided, official, programme=programme)
    draft = orders.correct_decision(decision_id=wrong.pk, user=official, reason="Не та сума.", now=MARCH)
    orders.put_item(
        decision_id=draft.pk,
        user=official,
        values=item_values(service_type=words.shelter, group=None, recipients=3, volume=None, amount=None),
    )
    right = orders.take_decision(decision_id=draft.pk, user=official, now=MARCH)
    due = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 3, 2), number="9-2/VIII", now=MARCH)
    unfinished = make_draft_decision(due, official, now=MARCH, decided_on=date(2027, 3, 12), body="")
    whole = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 20), number="10", now=MARCH)
    ready = make_draft_decision(whole, official, now=MARCH, decided_on=date(2027, 3, 12))
    neighbour = make_commissioner(places.odeska)
    act = make_budget_act(user=neighbour, hromada=places.odesa_hromada)
    make_taken_decision(act, neighbour, now=MARCH, decided_on=date(2027, 3, 5), outcome="not_order", grounds="Є свій.")
    published = make_needs(
        official,
        figures=(("Особи похилого віку", 1117), ("Діти-сироти", 3), ("Усього", 1120), ("Переселенці", None)),
        services=(("home_care", 40, 38), ("shelter", 50, 12), ("counselling", None, 30)),
        now=MARCH,
    )
    needs_draft = needs.correct_assessment(assessment_id=published.pk, user=official, reason="Описка.", now=MARCH)
    for number in range(6):
        enter_refusal(
            hromada_id=places.dykanska.pk,
            user=official,
            service_type=words.early_intervention,
            refused_on=date(2027, 2, 1) + timedelta(days=number),
            now=MARCH,
        )
    refusal = LackRefusal.objects.first()
    figure = needs_draft.figures.first()
    return {
        "orders": "/orders/",
        "orders, narrowed": "/orders/?oblast=UA53000000000028050&state=overdue",
        "orders, nothing": "/orders/?q=ззз",
        "orders in English": "/en/orders/",
        "hromada": f"/orders/{places.dykanska.code}/",
        "hromada in English": f"/en/orders/{places.dykanska.code}/",
        "hromada, nothing known": f"/orders/{places.poltava_hromada.code}/",
        "budgets": f"{DESK}budgets/",
        "budget, new": f"{DESK}budgets/new/",
        "budget": f"{DESK}budgets/{overdue.pk}/",
        "budget, correction": f"{DESK}budgets/{overdue.pk}/correct/",
        "draft": f"{DESK}decisions/{unfinished.pk}/",
        "about the decision": f"{DESK}decisions/{unfinished.pk}/about/",
        "service": f"{DESK}decisions/{unfinished.pk}/services/new/",
        "file": f"{DESK}decisions/{unfinished.pk}/file/",
        "check": f"{DESK}decisions/{ready.pk}/publish/",
        "taken": f"{DESK}decisions/{right.pk}/",
        "superseded": f"{DESK}decisions/{wrong.pk}/",
        "decision, correction": f"{DESK}decisions/{right.pk}/correct/",
        "needs": f"{DESK}needs/",
        "needs, draft": f"{DESK}needs/{needs_draft.pk}/",
        "needs, about": f"{DESK}needs/{needs_draft.pk}/about/",
        "needs, group": f"{DESK}needs/{needs_draft.pk}/groups/{figure.pk}/",
        "needs, remove": f"{DESK}needs/{needs_draft.pk}/groups/{figure.pk}/remove/",
        "needs, service": f"{DESK}needs/{needs_draft.pk}/services/new/",
        "needs, check": f"{DESK}needs/{needs_draft.pk}/publish/",
        "needs, published": f"{DESK}needs/{published.pk}/",
        "programmes": f"{DESK}programmes/",
        "programme": f"{DESK}programmes/{programme.pk}/",
        "measure": f"{DESK}programmes/{programme.pk}/measures/new/",
        "refusals": f"{DESK}refusals/",
        "refusal": f"{DESK}refusals/new/",
        "refusal, told": f"{DESK}refusals/{refusal.pk}/told/",
    }


def test_pages_have_no_barrier_known_to_axe_and_fit_the_screen(everything, enter, sign_in, official):
    page = enter(sign_in(official)).new_page()
    wrong = {}
    for name, address in everything.items():
        assert page.goto(address).status == 200, name
        if problems := obstacles(page):
            wrong[name] = problems

    assert wrong == {}


def test_decision_is_made_on_a_phone_without_scripts(places, official, act, enter, sign_in):
    page = enter(sign_in(official), java_script_enabled=False).new_page()
    page.goto(f"/en{DESK}budgets/")
    page.get_by_role("button", name="Enter the decision").click()
    page.get_by_role("link", name="Say whether services are ordered.").click()
    page.get_by_label("To order services", exact=False).first.check()
    page.get_by_label("Date of the decision").fill("2027-03-12")
    page.get_by_label("Number of the decision").fill("17")
    page.get_by_label("Who decided").fill("Виконавчий комітет")
    page.get_by_label("Address of the decision").fill("не адреса")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Number of the decision")).to_have_value("17")
    page.get_by_label("Address of the decision").fill("https://dykanska.example/17")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a service").click()
    page.get_by_label("Service").select_option(label="Home care")
    page.get_by_label("social order", exact=True).check()
    page.get_by_label("Sum, UAH").fill("540 000,50")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Check and publish").click()
    expect(page.get_by_text("marked 11 days late")).to_be_visible()
    page.get_by_role("button", name="Publish the decision").click()

    expect(page.get_by_text("The decision is published.")).to_be_visible()
    assert OrderDecision.objects.get().state == "taken"
