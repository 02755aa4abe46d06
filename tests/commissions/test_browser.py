"""Commissions in a real browser: no barrier that axe-core knows, a phone's width, a commission made on a phone."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from procurement.models import CommissionMember, CompetitionCommission, MemberInterest, Recusal
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN
from tests.factories.accounts import make_person
from tests.factories.evaluation import make_commission, make_member

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, AREA = "/cabinet/commissioning/", "/cabinet/commission/"


@pytest.fixture
def addresses(hall):
    """Return one address of every page of commissions, by who opens it and what it shows."""
    hall.round("admission")
    member, former = hall.members[3], hall.members[4]
    for place, state in ((member, "proposed"), (hall.members[2], "confirmed")):
        Recusal.objects.create(
            competition=hall.competition,
            member=place,
            organisation=hall.applicants[0],
            source="match" if state == "proposed" else "declared",
            state=state,
            ground="contract",
            evidence=[{"kind": "contract", "tie": "contract", "words": "Організація члена мала договір з учасником."}],
            proposed_at=hall.now,
            decided_at=None if state == "proposed" else hall.now,
            decided_by=None if state == "proposed" else hall.official,
            reason="" if state == "proposed" else "Спільний проект торік.",
        )
    CommissionMember.objects.filter(pk=former.pk).update(until=date(2027, 2, 1))
    MemberInterest.objects.create(
        member=hall.members[0], kind="relative", name="ГО «Турбота»", code="40001660", told_at=hall.now
    )
    draft = make_commission(
        members=3, state="draft", appointed_at=None, act_number="", act_on=None, title="Комісія з догляду вдома"
    )
    waiting = make_member(draft, name="Мороз Лідія Петрівна")
    CommissionMember.objects.filter(pk=waiting.pk).update(user=None, invited_at=timezone.now())
    ready = make_commission(members=5, state="draft", appointed_at=None, title="Комісія з кризового реагування")
    own, call = f"{DESK}commissions/", f"{DESK}competitions/{hall.competition.pk}/"
    recusal = Recusal.objects.get(state="proposed")
    return {
        "official": {
            "list": own,
            "new": f"{own}new/",
            "draft": f"{own}{draft.pk}/",
            "act": f"{own}{draft.pk}/act/",
            "member, new": f"{own}{draft.pk}/members/new/",
            "check": f"{own}{ready.pk}/appoint/",
            "appointed": f"{own}{hall.commission.pk}/",
            "later member": f"{own}{hall.commission.pk}/members/new/",
            "end": f"{own}{hall.commission.pk}/members/{hall.members[0].pk}/end/",
            "assign": f"{call}commission/",
            "recusals": f"{call}recusals/",
            "recusal": f"{call}recusals/{recusal.pk}/",
            "raise": f"{call}recusals/raise/",
            "sittings": f"{call}sittings/",
            "sitting": f"{call}sittings/new/",
        },
        "chair": {
            "interests": f"{AREA}interests/",
            "recusals of the chair": f"{AREA}competitions/{hall.competition.pk}/recusals/",
            "recusal of the chair": f"{AREA}competitions/{hall.competition.pk}/recusals/{recusal.pk}/",
            "raise of the chair": f"{AREA}competitions/{hall.competition.pk}/recusals/raise/",
        },
        "everybody": {
            "public list": "/commissions/",
            "public page": f"/commissions/{hall.commission.pk}/",
        },
    }


def test_pages_have_no_barrier_known_to_axe_and_fit_a_phone(addresses, hall, enter, sign_in):
    people = {"official": hall.official, "chair": hall.members[0].user, "everybody": make_person()}
    wrong = {}
    for who, pages in addresses.items():
        page = enter(sign_in(people[who])).new_page()
        for name, address in pages.items():
            assert page.goto(address).status == 200, name
            page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
            page.evaluate(AXE)
            if problems := page.evaluate(RUN):
                wrong[name] = problems
            if (width := page.evaluate("() => document.documentElement.scrollWidth")) > PHONE[0]:
                wrong[f"{name}, width"] = width

    assert wrong == {}


def test_commission_is_made_on_a_phone_without_scripts(hall, enter, sign_in):
    page = enter(sign_in(hall.official), java_script_enabled=False).new_page()
    page.goto(f"/en{DESK}")
    page.get_by_role("link", name="Commissions", exact=True).click()
    page.get_by_role("link", name="Begin a commission").click()
    page.get_by_label("Name of the commission").fill("Конкурсна комісія з догляду")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Give the number of the appointing act.").click()
    page.get_by_label("Number of the appointing act").fill("17")
    page.get_by_label("Date of the appointing act").fill("2026-01-12")
    page.get_by_label("Who appointed").fill("Виконавчий комітет")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a member").first.click()
    for role in ("chair", "secretary", "member", "member", "member"):
        page.get_by_label("Surname, name and patronymic").fill("Шевчук Оксана Іванівна")
        page.get_by_label("E-mail").fill(make_person().email)
        page.get_by_label(role, exact=True).check()
        page.get_by_label("Body or organisation").fill("Відділ освіти")
        page.get_by_role("button", name="Save and name another").click()
    page.get_by_role("link", name="Back without saving").click()
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Publish the commission").click()

    expect(page.get_by_text("The commission is appointed.")).to_be_visible()
    assert CompetitionCommission.objects.get(act_number="17").state == "appointed"
