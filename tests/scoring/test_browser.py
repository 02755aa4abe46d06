"""The member's desk in a real browser: scores that survive a lost network, no barrier, nothing wider than a phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from procurement.domain.evaluation.minutes import make_minutes
from procurement.enums import RoundState
from procurement.models import ConsensusNote
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN
from tests.factories.evaluation import fill_sheets, make_round
from tests.scoring.worlds import sheet_of

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def says(page, name: str) -> None:
    """Wait until the state line says these words of its own, whatever the language."""
    line = page.locator("[data-portal-state]")
    words = re.escape(line.get_attribute(f"data-{name}")).replace(r"\{time\}", ".+")
    expect(line).to_have_text(re.compile(words))


def member_url(round_, part=""):
    return f"/cabinet/commission/competitions/{round_.competition_id}/{part}"


def test_scores_given_without_a_network_are_on_the_server_when_it_is_back(enter, sign_in):
    round_ = make_round(proposals=2, members=3)
    sheet = sheet_of(round_)
    window = enter(sign_in(sheet.member.user))
    page = window.new_page()
    page.goto(member_url(round_, "sheet/1/1/"))
    row = page.locator("[data-portal-path='1:1:experience']")

    row.locator(".mark").nth(3).click()
    says(page, "saved")
    expect(page.locator("[data-portal-sum]")).to_have_text("1")
    window.set_offline(True)
    row.locator("textarea").fill("Шість років.")
    row.locator("textarea").blur()
    says(page, "offline")
    window.set_offline(False)
    says(page, "saved")

    score = sheet.scores.get()
    assert (score.criterion, score.points, score.reason) == ("experience", 3, "Шість років.")


def test_two_windows_are_asked_which_points_stay(enter, sign_in):
    round_ = make_round(proposals=1, members=1)
    window = enter(sign_in(sheet_of(round_).member.user))
    one, other = window.new_page(), window.new_page()
    for page in (one, other):
        page.goto(member_url(round_, "sheet/1/1/"))
    one.locator("[data-portal-path='1:1:staff'] .mark").nth(4).click()
    says(one, "saved")

    other.locator("[data-portal-path='1:1:staff'] .mark").nth(1).click()
    expect(other.locator("[data-portal-conflicts]")).to_be_visible()
    other.locator("[data-portal-conflicts] .button").click()

    expect(other.locator("[data-portal-path='1:1:staff'] input").nth(1)).to_be_checked()
    assert sheet_of(round_).scores.get().points == 1


# a slow network, and how many saves were under way at once
SLOW = """() => {
  const ask = window.fetch;
  let going = 0;
  window.beside = 0;
  window.fetch = async (...all) => {
    going += 1;
    window.beside = Math.max(window.beside, going);
    const answer = await ask(...all);
    await new Promise((done) => setTimeout(done, 150));
    going -= 1;
    return answer;
  };
}"""


def test_who_writes_faster_than_the_network_is_not_asked_about_own_words(enter, sign_in):
    round_ = make_round(proposals=1, members=1)
    page = enter(sign_in(sheet_of(round_).member.user)).new_page()
    page.goto(member_url(round_, "sheet/1/1/"))
    page.evaluate(SLOW)

    for row in page.locator("[data-portal-path]").all():
        row.locator(".mark").nth(3).click()
        row.locator("textarea").fill("Шість років.")
    says(page, "saved")
    assert page.evaluate("window.beside") == 1
    page.locator(".save-bar button").click()
    page.wait_for_url("**/sheet/")

    assert set(sheet_of(round_).scores.values_list("points", "reason")) == {(3, "Шість років.")}


def test_pages_have_no_barrier_and_fit_a_phone(enter, sign_in):
    wrong = {}
    for client, address in pages(sign_in):
        page = enter(client).new_page()
        page.goto(address)
        page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
        page.evaluate(AXE)
        if problems := page.evaluate(RUN):
            wrong[address] = problems
        if page.evaluate("() => document.documentElement.scrollWidth") > PHONE[0]:
            wrong[f"{address} width"] = page.evaluate("() => document.documentElement.scrollWidth")
        page.context.close()

    assert wrong == {}


def pages(sign_in):
    """Return each page of the desk in the states that it has, with who looks at it."""
    scored = make_round(proposals=2, members=3, lots=2)
    member = sign_in(sheet_of(scored).member.user)
    yield member, "/cabinet/commission/"
    for part in ("", "declaration/", "proposals/1/", "sheet/", "sheet/1/1/"):
        yield member, member_url(scored, part)
    official = sign_in(scored.competition.created_by)
    yield official, f"/cabinet/commissioning/competitions/{scored.competition_id}/discussion/"
    round_ = discussed()
    chair = sign_in(sheet_of(round_).member.user)
    yield chair, member_url(round_, "scores/")
    note(round_)
    make_minutes(round_id=round_.pk, user=round_.competition.created_by, now=round_.began_at + timedelta(days=2))
    yield chair, member_url(round_, "minutes/")


def discussed():
    round_ = make_round(proposals=3, members=5)
    fill_sheets(round_, {(2, 0, "experience"): "0", (3, 1, "cost"): "1"})
    type(round_).objects.filter(pk=round_.pk).update(state=RoundState.DISCUSSION, discussed_at=round_.scoring_since)
    round_.refresh_from_db()
    return round_


def note(round_):
    lot, proposal = round_.competition.lots.get(), round_.competition.proposals.get(number=2)
    told = {"round": round_, "lot": lot, "proposal": proposal, "criterion": "experience", "text": "Узгоджено."}
    ConsensusNote.objects.create(**told, at=round_.began_at, by=round_.competition.created_by)
