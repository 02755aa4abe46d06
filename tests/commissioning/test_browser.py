"""The desk of who orders services in a real browser: no barrier, a phone's width, a call made without a script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.kernel.models import RuleProfile
from procurement.enums import CompetitionState
from procurement.models import Competition, ServiceSpecification
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.obstacles import obstacles
from tests.browser.test_axe import AXE, RUN
from tests.commissioning.conftest import HOME
from tests.commissioning.test_opening import people
from tests.factories.ordering import make_commissioner, make_order_decision, make_specification
from tests.factories.procurement import make_call, make_published, make_question
from tests.factories.registry import make_catalogue
from tests.factories.rule_profiles import make_ground, make_profile
from tests.sealing.worlds import close, make_bid, make_competition

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESKTOP = (1280, 900)


@pytest.fixture
def everything(office) -> dict[str, str]:
    """Return one address of every page of the desk, by what it shows."""
    user, now = office.official, office.now
    make_profile(policy={}, proposals_window=15, question_end=3)
    words, decision = make_catalogue(), make_order_decision(now=now)
    bare = office.client.post(
        f"{HOME}competitions/new/",
        {"procedure": "social-order", "commissioner": make_commissioner().pk, "title": "Денний догляд дітей"},
    ).url
    draft = f"{HOME}competitions/{make_call(user=user, now=now, lots=2).pk}/"
    running = make_published(user=user, now=now - timedelta(days=2), title="Догляд вдома осіб похилого віку")
    make_question(running)
    ended = make_published(user=user, now=now - timedelta(days=2))
    office.client.post(
        f"{HOME}competitions/{ended.pk}/cancel/",
        {"ground": make_ground("cancellation").pk, "reason": "Видатки бюджету на послугу зменшено."},
    )
    start = now - timedelta(days=30)
    waiting, opened = (make_competition(now=start, closes_at=start + timedelta(days=20)) for _one in range(2))
    for one in (waiting, opened):
        make_bid(one).submit(start + timedelta(days=1))
        close(one)
    office.client.post(f"{HOME}competitions/{opened.pk}/opening/", people(("Олена Коваль", "голова"), open="1"))
    # the small competitions brought national rules without terms, which would take the place of the shipped ones
    RuleProfile.objects.filter(title="Правила").update(procedure="small")
    pages = {
        "desk": HOME,
        "choosing": f"{HOME}?choose=1",
        "bodies": f"{HOME}bodies/",
        "body": f"{HOME}bodies/{make_commissioner().pk}/",
        "new body": f"{HOME}bodies/new/",
        "specifications": f"{HOME}specifications/",
        "first choice": f"{HOME}specifications/new/?item={decision.items.first().pk}",
        "second choice": f"{HOME}specifications/new/?group={words.older_people.pk}&service_type={words.home_care.pk}",
        "specification": f"{HOME}specifications/{make_specification().pk}/",
        "used specification": f"{HOME}specifications/{running.lots.get().specification_id}/",
        "competitions": f"{HOME}competitions/",
        "beginning": f"{HOME}competitions/new/",
        "bare draft": bare,
        "bare check": f"{bare}check/",
        "bare timetable": f"{bare}timetable/",
        "tasks in English": f"/en{draft}",
        "cancelled": f"{HOME}competitions/{ended.pk}/",
        "waiting": f"{HOME}competitions/{waiting.pk}/",
        "opening": f"{HOME}competitions/{waiting.pk}/opening/",
        "opened": f"{HOME}competitions/{opened.pk}/opening/",
        "proposal": f"{HOME}competitions/{opened.pk}/opening/{opened.proposals.get().pk}/",
    }
    parts = ("", "decision/", "about/", "lots/", "timetable/", "conditions/", "documents/", "form/", "check/")
    pages |= {f"draft {path}": f"{draft}{path}" for path in (*parts, "announce/", "discard/")}
    steps = ("", "change/", "extend/", "cancel/", "questions/", "questions/1/")
    return pages | {f"running {path}": f"{HOME}competitions/{running.pk}/{path}" for path in steps}


def test_pages_have_no_barrier_known_to_axe_and_fit_the_screen(office, enter, everything):
    page = enter(office.client).new_page()
    said, found = [], {}
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
    for name, address in everything.items():
        page.goto(address)
        if problems := obstacles(page):
            found[name] = problems

    assert (found, said) == ({}, [])


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_pages_with_faults_have_no_barrier_known_to_axe(office, enter, size):
    make_profile(policy={}, proposals_window=60)
    draft = f"{HOME}competitions/{make_call(user=office.official, now=office.now, closes_in=timedelta(90)).pk}/"
    one = make_specification()
    page = enter(office.client, size).new_page()
    found = {}

    def look(name: str) -> None:
        expect(page.locator(".error-summary")).to_be_visible()
        page.evaluate(AXE)
        problems = page.evaluate(RUN)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if problems or width > size[0]:
            found[name] = (problems, width)

    page.goto(f"{draft}timetable/")
    page.locator("[name='closes_at']").fill((office.now + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M"))
    page.locator(".save-bar .button").click()
    look("timetable")
    page.goto(f"{HOME}specifications/{one.pk}/")
    page.locator("[name='ceiling']").fill("999999")
    page.locator(".save-bar .button").click()
    look("specification")
    page.goto(f"{draft}lots/")
    page.locator("[name='lot-0-ceiling']").fill("багато")
    page.locator(".save-bar .button").click()
    look("lots")
    page.goto(f"{HOME}competitions/new/")
    page.locator("form.answers .button, main form .button").last.click()
    look("beginning")

    assert found == {}


def test_specification_and_call_are_made_on_a_phone_without_a_script(office, enter):
    words, decision = make_catalogue(), make_order_decision(now=office.now)
    item = decision.items.get(service_type=words.home_care)
    page = enter(office.client, java_script_enabled=False).new_page()

    page.goto(f"{HOME}specifications/new/?item={item.pk}")
    page.locator("[name='group']").select_option(str(words.older_people.pk))
    page.locator("main form .button").click()
    page.get_by_label("Вдома").check()
    page.locator("main form .button").click()
    page.locator("[name='volume']").fill("1 800")
    page.locator("[name='tariff']").fill("180")
    page.locator("[name='content']").fill("Прибирання, приготування їжі.")
    page.locator(".save-bar .button").click()
    made = ServiceSpecification.objects.get()
    assert (made.order_item, str(made.ceiling)) == (item, "324000.00")

    page.goto(f"{HOME}competitions/new/?decision={decision.pk}")
    page.locator("[name='procedure'][value='social-order']").check()
    page.locator("[name='commissioner']").first.check()
    page.locator("[name='title']").fill("Догляд вдома")
    page.locator("main form .button").click()
    page.get_by_role("link", name="Lots").or_(page.locator("a[href$='/lots/']")).first.click()
    page.locator("[name='lot-0-specification']").select_option(str(made.pk))
    page.locator(".save-bar .button").click()
    competition = Competition.objects.get()
    assert (competition.lots.get().specification, competition.decision) == (made, decision)
    assert competition.state == CompetitionState.DRAFT
