"""How the journey of the social order ends: the clock closes, nobody has read anything, and witnesses see it opened."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.core import mail
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.kernel import audit, due
from portal.kernel.models import LogEntry
from procurement.domain.proposals.saving import OVER
from procurement.domain.proposals.steps import TOO_LATE
from procurement.models import Competition, Proposal
from tests.journeys.bidding import Bidder, Curious, Follower
from tests.journeys.ordering import FIRST, HROMADA, SECOND, Commissioner, bring_the_post
from tests.passing_time import PassingTime
from tests.sealing.test_dump import Marks, found_in, told

LATE = "Думка, що прийшла запізно"
DESTROYED = (
    "The working copy was destroyed at the end, so that nobody can read or change it. Your own copy is the file you "
    "took away; the receipt proves what was submitted."
)


def come_too_late(first: Bidder, second: Bidder, accounts: dict[str, Any], time: PassingTime) -> None:
    """Let the end come while both are at it: nothing is accepted, and what was typed stays before their eyes."""
    closes = Competition.objects.get().closes_at
    time.move_to(closes - timedelta(minutes=5))
    first.come_back(accounts["first"].email)
    first.open_section("service")
    second.come_back(accounts["second"].email)
    second.follow(_("What has changed"))
    second.press(_("I have read it"))
    second.fill_section("service", {"service/quality": "Опитування щотижня."})
    second.main.locator("a[href$='/check/']").last.click()
    again = second.main.get_by_role("button", name=_("Submit in place of what was submitted"))
    expect(again).to_be_visible()

    time.move_to(closes)
    first.named("service/quality").fill(LATE)
    first.press(_("Save and continue"))
    state = first.page.locator("[data-portal-state]")
    expect(state).to_contain_text(str(OVER))
    expect(state).to_contain_text(state.get_attribute("data-refused"))
    expect(first.named("service/quality")).to_have_value(LATE)
    again.click()
    second.sees(TOO_LATE)
    for bidder in (first, second):
        bidder.page.goto(bidder.home)
        bidder.sees(_("Proposals are closed. Yours lies sealed until the opening."))
        expect(bidder.main).not_to_contain_text(_(DESTROYED))
    assert Proposal.objects.get(organisation__name=SECOND).revisions.count() == 2


def close_by_the_clock(first: Bidder, reader: Follower, number: str, time: PassingTime) -> None:
    reader.open_competition(number)
    reader.sees(_("Proposals are not accepted any more."))
    assert Competition.objects.get().state == "published"
    assert not [done for done in due.run(time.now()) if done.error]
    bring_the_post(time.now)

    competition = Competition.objects.get()
    assert (competition.state, competition.closed_at) == ("closed", competition.closes_at)
    assert not [one for one in Proposal.objects.all() if one.draft or one.draft_key]
    first.page.reload()
    first.sees(_(DESTROYED))
    assert LogEntry.objects.filter(tag="procurement:competition:close").count() == 1
    assert audit.verify() is None


def nothing_is_told(curious: Curious, number: str, marks: Marks) -> None:
    """Look for what the proposals say in every table and file, in letters, and wherever an administrator can look."""
    competition = Competition.objects.get(number=number)
    desk = f"/cabinet/commissioning/competitions/{competition.pk}/"
    own = [f"/competitions/{number}/{path}" for path in ("", "notice.pdf", "calendar.ics", "versions/2/")]
    own += [desk, f"{desk}questions/", f"{desk}opening/", "/competitions/", "/competitions/feed.atom"]
    own += [f"/api/v1/competitions/{number}", "/api/v1/competitions", "/api/v1/orders", f"/orders/{HROMADA}/"]
    private = []
    for proposal in Proposal.objects.all():
        file, page = proposal.files.first().pk, f"/cabinet/proposals/{proposal.pk}/"
        own += [f"{desk}opening/{proposal.pk}/", f"{desk}opening/{proposal.pk}/{file}/"]
        private += [page, f"{page}section/service/", f"{page}check/", f"{page}export.json", f"{page}files/{file}/"]
        private += [f"{page}receipts/1/", f"{page}receipts/1.pdf", f"{page}file/"]
    other = [*curious.offered(), "/registry/export.json", "/cabinet/"]
    other += [f"/search/?q={mark.partition('-')[0]}" for mark in marks]
    read = {address: curious.reads(address) for address in (*own, *other)}

    assert [address for address in private if curious.asks(address).status != HTTPStatus.NOT_FOUND] == []
    assert [address for address, text in read.items() if found_in(text.encode(), marks)] == []
    assert [address for address in own if FIRST in read[address] or SECOND in read[address]] == []
    assert [letter.subject for letter in mail.outbox if found_in(str(letter.message()).encode(), marks)] == []
    assert told(marks) == set()


def open_before_witnesses(
    official: Commissioner, reader: Follower, number: str, accounts: dict[str, Any], time: PassingTime, marks: Marks
) -> None:
    time.move_to(Competition.objects.get().opening_at + timedelta(minutes=1))
    official.enter(accounts["official"].email, accounts["codes"]["official"])
    official.open_proposals("Ганна Стеценко", "голова комісії")
    official.follow(f"1. {FIRST}")
    official.sees(f"{marks.title}: прибирання.")
    assert marks.inside in official.download(f"{marks.document}.pdf").decode(errors="replace")
    official.page.go_back()
    official.follow(f"2. {SECOND}")
    official.sees("Диканька і хутори")

    reader.open_competition(number)
    reader.sees("Ганна Стеценко")
    # whoever searches finds now what the act made readable; files stay encrypted for good
    assert told(marks) == {marks.title, marks.document}
    expect(reader.page.locator("body")).not_to_contain_text(marks.title)
