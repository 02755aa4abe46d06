"""A daughter looks for care for her mother on a small telephone: three who fit, what they cost and why, on paper."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.site.bootstrap import make_site
from registry.domain.records import ContactRecord, ServiceRecord
from search.indexing import rebuild
from tests.entitlement.rules import load_rules
from tests.factories.registry import make_catalogue, make_provider, make_territories
from tests.journeys.joining import Person, pdf_words
from tests.journeys.recording import Recorder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEED = "дагляд вдома в Диканьці"
WHO = {"ГО «Тепла оселя»": "", "ГО «Турбота поруч»": "120,50", "ФОП Надія": "95"}


@pytest.fixture
def helpers(transactional_db, request) -> None:
    """Put three who give care at home in Dykanka into the register: one free of charge, two for a tariff."""
    make_site()
    load_rules()
    places, words = make_territories(), make_catalogue()
    for number, (name, price) in enumerate(WHO.items()):
        priced = {"price_mode": "free"}
        if price:
            priced = {
                "price_mode": "tariff",
                "price": Decimal(price.replace(",", ".")),
                "price_unit": "person_hour",
                "price_on": date(2026, 9, 1),
            }
        care = ServiceRecord(
            words.home_care.pk,
            content="Прибирання, приготування їжі, купівля ліків.",
            area_kind="hromadas",
            area_ids=frozenset({places.dykanska.pk}),
            group_ids=frozenset({words.older_people.pk}),
            delivery_form_ids=frozenset({words.at_home.pk}),
            at_sites=(0,),
            **priced,
        )
        make_provider(name=name, services=[care], contacts=[ContactRecord("phone", f"+38053519000{number}")])
    rebuild(request.getfixturevalue("live"))


def test_citizen_finds_three_with_price_and_reason_and_prints_them(browse, helpers):
    somebody = Person(browse(360, 780, is_mobile=True, has_touch=True))
    page, record = somebody.page, Recorder("citizen")

    page.goto("/")
    record.picture(page, "home")
    page.locator("#q").fill(NEED)
    page.locator(".ask button").click()

    hits = page.locator(".hit")
    expect(hits).to_have_count(3)
    expect(page.locator(".chips")).to_contain_text("Диканька")
    for name, price in WHO.items():
        hit = hits.filter(has_text=name)
        expect(hit).to_contain_text(price or _("free of charge"))
        expect(hit.locator(".why")).not_to_be_empty()
        expect(hit.locator("a[href^='tel:+38']")).to_be_visible()
    record.picture(page, "found")

    for name in WHO:
        hits.filter(has_text=name).get_by_role("checkbox").check()
    record.picture(page, "ticked")
    page.locator("[data-portal-compare] button[type=submit]").click()

    expect(page).to_have_url(re.compile(r"/compare/\?service=.+&service=.+&service="))
    for name in WHO:
        somebody.sees(name)
    somebody.sees(_("no data"))
    record.picture(page, "side-by-side")

    paper = pdf_words(page.pdf(format="A4"))
    for name, price in WHO.items():
        assert name in paper
        assert not price or price in paper
    assert "+38" in paper or "053" in paper


def test_citizen_learns_what_is_free(browse, helpers):
    somebody = Person(browse(360, 780, is_mobile=True, has_touch=True))
    page, record = somebody.page, Recorder("citizen-entitlement")

    page.goto("/search/?q=догляд вдома")
    page.locator(".hit h3 a").first.click()
    page.locator("main a[href*='/entitlement/?service=']").first.click()
    record.picture(page, "questions")
    for name, told in {"age": "78", "income": "4500", "family": "1"}.items():
        somebody.named(name).fill(told)
    page.locator("main form button[type=submit]").last.click()

    # the verdict, her figure and the clause it goes by
    answer = page.locator("main")
    for words in (_("free of charge"), "4\u00a0500", "2671-VIII"):
        expect(answer).to_contain_text(str(words), ignore_case=True)
    record.picture(page, "answer")
    assert page.context.cookies() == []
