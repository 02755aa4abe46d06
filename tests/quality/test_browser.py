"""Quality in a real browser: no barrier that axe-core knows, a phone's width, answers of a recipient on a phone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from procurement.contract_enums import SurveyState
from procurement.domain.quality.codes import make_codes
from procurement.domain.quality.evaluations import publish
from procurement.domain.quality.replies import reply
from procurement.domain.quality.surveys import close_survey, keep_codes
from procurement.models import SurveyBallot
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN
from tests.factories.quality import add_ballots, make_evaluation, make_group, make_survey, rate_all

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AREA = "/cabinet/quality/"


@pytest.fixture
def running(house):
    """Return a survey that takes answers today."""
    evaluation = make_evaluation(house.contract)
    rate_all(evaluation, dignity=None)
    today = timezone.localdate()
    return make_survey(evaluation, opened_on=today, closes_on=today + timedelta(days=30))


@pytest.fixture
def published(house):
    """Return an evaluation with a survey of thirty answers and a reply."""
    evaluation = make_evaluation(house.contract)
    rate_all(evaluation, "81.37", dignity="64.02", complaints=None)
    make_group(evaluation, house.official)
    survey = make_survey(evaluation)
    for number, answer in ((21, "yes"), (6, "rather-yes"), (3, "no")):
        add_ballots(survey, number, needs=answer, attitude="yes", better="partly")
    assert close_survey(survey_id=survey.pk, user=house.official, now=house.now).state == SurveyState.CLOSED
    publish(evaluation_id=evaluation.pk, user=house.official, now=house.now)
    text = "Дякуємо за оцінку. Строки поправимо до вересня."
    reply(evaluation_id=evaluation.pk, text=text, user=house.provider, key=uuid4(), now=house.now)
    return evaluation


@pytest.fixture
def addresses(published, running):
    """Return one address of every page of quality, by who opens it and what it shows."""
    at = f"{AREA}{running.evaluation_id}/"
    parts = ("", "about/", "group/", "ratings/", "ratings/dignity/", "survey/", "survey/paper/", "publish/", "abandon/")
    return {
        "official": {
            "home": AREA,
            "new": f"{AREA}new/?kind=external",
            **{part or "task list": f"{at}{part}" for part in parts},
        },
        "provider": {
            "desk": AREA,
            "new internal": f"{AREA}new/?kind=internal",
            "reply": f"{AREA}{published.pk}/reply/",
        },
        "everybody": {"list": "/quality/", "evaluation": f"/quality/{published.pk}/", "survey, code": "/survey/"},
    }


def test_pages_have_no_barrier_known_to_axe_and_fit_a_phone(addresses, house, enter, sign_in):
    people = {"official": house.official, "provider": house.provider, "everybody": house.provider}
    wrong = {}
    for who, pages in addresses.items():
        page = enter(sign_in(people[who])).new_page()
        for name, address in pages.items():
            assert page.goto(address).status == 200, name
            page.evaluate(AXE)
            if problems := page.evaluate(RUN):
                wrong[name] = problems
            if (width := page.evaluate("() => document.documentElement.scrollWidth")) > PHONE[0]:
                wrong[f"{name}, width"] = width

    assert wrong == {}


def test_recipient_answers_on_a_phone_without_scripts(house, running, browse):
    (code,) = make_codes(1)
    keep_codes(survey_id=running.pk, codes=[code], user=house.official, now=timezone.now())
    window = browse(*PHONE, java_script_enabled=False)
    page = window.new_page()

    page.goto("/en/survey/")
    page.get_by_label("Code from the slip of paper").fill(code.lower())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("group", name="Does the service fit your needs?").get_by_label("Rather yes").check()
    page.get_by_role("button", name="Send the answers").click()

    expect(page.get_by_role("heading", name="Thank you: your answers are taken")).to_be_visible()
    assert SurveyBallot.objects.get().answers == {"needs": "rather-yes"}
    assert window.cookies() == []
