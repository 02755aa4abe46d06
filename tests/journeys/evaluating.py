"""What the official, members of a commission and bidders do in the journeys of an evaluation."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import expect

from portal.accounts.models import Organisation
from portal.site.management.commands.second_factor_code import code_of
from procurement.domain.evaluation.interests import declare
from procurement.domain.evaluation.minutes import sign_minutes
from procurement.domain.evaluation.score_cells import places_of
from procurement.domain.evaluation.scoring import file_sheet, keep_scores
from procurement.models import CommissionMember, CompetitionCommission
from tests.factories.accounts import SECRET
from tests.journeys.bidding import Bidder, Follower
from tests.journeys.joining import Person
from tests.journeys.opening import AREA, World
from tests.journeys.ordering import Commissioner, received

TELEPHONE = {"is_mobile": True, "has_touch": True}
WIDTH, HEIGHT = 390, 844
# by criterion: points and the reason for them
Given = Mapping[str, tuple[str, str]]


def address_for(email: str, path: str) -> str:
    """Return the address that the last letter to somebody names; `path` is how it goes on, as a pattern."""
    return re.search(rf"https?://\S+{path}", received(email)[-1])[0]


def statuses(person: Person, addresses: Collection[str]) -> dict[str, int]:
    """Ask for the pages as the person who is signed in and return what each is answered with."""
    return {one: person.page.request.get(one, timeout=60_000).status for one in addresses}


def fits(person: Person) -> None:
    """Let no page, once it is there, be wider than the telephone that it is read on."""
    person.page.wait_for_load_state()
    assert person.page.evaluate("document.documentElement.scrollWidth") <= WIDTH, person.page.url


# --- the official ----------------------------------------------------------------------------------------------------


class Evaluator(Commissioner):
    """The official who sees the evaluation through, before a large screen."""

    def give_to(self, commission: CompetitionCommission, title: str) -> None:
        """Give the competition to the commission and begin; the list of stages is where everything goes on from."""
        self.open_desk(title)
        self.follow(_("Choose the commission"))
        self.main.locator(f"[name=commission][value='{commission.pk}']").check()
        self.press(_("Give it to this commission"))
        self.sees(_("The commission is given to the competition."))
        self.page.wait_for_url("**/evaluation/")
        self.hub = self.page.url
        self.press(_("Begin the evaluation"))
        self.sees(_("The evaluation has begun. The members declare their interests now."))

    def open_stage(self, code: str) -> None:
        self.page.goto(self.hub)
        self.main.locator(f"#stage-{code} a").first.click()

    def go_on(self, code: str, said: Any = "") -> None:
        """Press the button of a stage, and read what is said then."""
        self.page.goto(self.hub)
        self.main.locator(f"#stage-{code} button").click()
        self.sees(said)

    def is_kept_from(self, code: str, *reasons: str) -> None:
        """Try to end a stage and be told why it cannot end."""
        self.go_on(code)
        for reason in reasons:
            expect(self.main.get_by_role("alert")).to_contain_text(reason)

    def decide_recusal(self, member: CommissionMember, answer: str, reason: str) -> None:
        self.open_stage("declarations")
        self.main.locator(".part-block", has_text=member.name).get_by_role("link").click()
        self.sees(member.name)
        self.main.locator(f"[name=answer][value={answer}]").check()
        self.fill(reason=reason)
        self.press(_("Decide"))
        self.sees(_("Decided. The member and those who evaluate are told."))

    def record_sitting(self, at: datetime, came: Collection[CommissionMember]) -> None:
        """Write down who came; who is recused cannot be ticked."""
        self.open_stage("sittings")
        self.follow(_("Record a sitting"))
        self.fill(at=at, place="мала зала", agenda="Допуск, оцінювання")
        there = {str(one.pk) for one in came}
        for box in self.every("[name=present]:enabled"):
            box.set_checked(box.get_attribute("value") in there)
        self.press(_("Record"))
        self.sees(_("The sitting is recorded."))

    def take_up(self, applicant: str) -> None:
        """Open the checks of a proposal; the portal's own findings stand beside each."""
        self.open_stage("admission")
        self.main.locator(".tasks").get_by_role("link", name=applicant).click()

    def mark(self, **results: str) -> None:
        """Mark what is named, and everything else as met."""
        for box in self.every("[name^='result-'][value=met]"):
            code = (box.get_attribute("name") or "").removeprefix("result-")
            self.main.locator(f"[name='result-{code}'][value='{results.get(code, 'met')}']").check()

    def ask_to_clarify(self, *fields: str, text: str, until: datetime) -> None:
        self.press(_("Save and ask for a clarification"))
        for path in fields:
            box = self.page.locator(f"[name=named][value='{path}']")
            box.wait_for(state="attached")
            if not box.is_visible():
                self.main.locator("details", has=box).locator("summary").click()
            box.check()
        self.fill(text=text, due_at=until)
        self.press(_("Send the request"))
        self.sees(_("The request is sent; the decision waits for the answer."))

    def admit(self) -> None:
        self.press(_("Save and admit"))
        self.sees(_("The proposal is admitted."))

    def draw_up_minutes(self) -> None:
        self.open_stage("minutes")
        self.press(_("Draw up the minutes"))
        self.sees(_("The minutes are drawn up. The members were asked to sign."))

    def decide_on_winners(self, number: str, on: datetime) -> None:
        self.fill(act_number=number, act_on=f"{on:%Y-%m-%d}")
        self.press(_("Decide and publish the results"))
        self.sees(_("The decision is taken and published with the results."))


# --- members ---------------------------------------------------------------------------------------------------------


class Member(Person):
    """A member of the commission before a telephone."""

    def enter(self, email: str) -> None:
        """Come by the link of the letter and sign in, with a code of the application too."""
        self.home = address_for(email, rf"{AREA}competitions/\d+/")
        self.page.goto(self.home)
        self.sign_in(email)
        self.page.locator("#id_code").fill(code_of(SECRET))
        self.press(_("Sign in"))
        self.page.wait_for_url(self.home)

    def come_back(self) -> None:
        self.page.goto(self.home)
        fits(self)

    def declare(self, ties: Mapping[int, tuple[str, str]] | None = None) -> None:
        """Declare no tie, or to which organisation (its key) of what kind and in what words."""
        self.come_back()
        self.follow(_("Declare your interests"))
        self.page.wait_for_url("**/declaration/")
        fits(self)
        self.main.locator("#ties-yes" if ties else "#ties-no").check()
        for key, (kind, words) in (ties or {}).items():
            self.named(f"kind-{key}").select_option(kind)
            self.named(f"text-{key}").fill(words)
        self.press(_("Declare"))
        self.sees(_("Your declaration is recorded."))

    def raise_recusal(self, member: CommissionMember, organisation: Organisation, ground: str, reason: str) -> None:
        self.come_back()
        self.follow(_("Say that another member is tied to an applicant"))
        self.named("member").select_option(str(member.pk))
        self.named("organisation").select_option(str(organisation.pk))
        self.main.locator(f"[name=ground][value={ground}]").check()
        self.named("reason").fill(reason)
        self.press(_("Propose"))
        self.sees(_("The recusal is proposed. Until it is decided, the member sees no proposal."))

    def score(self, given: Mapping[int, Given]) -> None:
        """Score the proposals one after another by their numbers, then file the whole sheet."""
        self.come_back()
        self.follow(_("Score the proposals"))
        self.follow(_("Begin scoring"))
        for number, cells in given.items():
            self.page.wait_for_url(re.compile(rf"/sheet/1/{number}/$"))
            fits(self)
            for code, (points, reason) in cells.items():
                place = self.main.locator(f"[data-portal-path='1:{number}:{code}']")
                place.locator(".mark", has=self.page.locator(f"input[value='{points}']")).click()
                place.locator("textarea").fill(reason)
            self.main.locator(".save-bar button").click()
        self.page.wait_for_url(re.compile(r"/sheet/$"))
        fits(self)
        self.press(_("File all my scores"))
        self.sees(_("Your scores are filed. Now you see what the others have filed."))

    def write_note(self, cell: str, text: str) -> None:
        self.come_back()
        self.follow(_("Compare with the others and discuss"))
        form = self.main.locator("form", has=self.page.locator(f"[name=note][value='{cell}']"))
        form.locator("textarea").fill(text)
        form.get_by_role("button").click()
        self.sees(_("The note is written down."))

    def sign(self, email: str, opinion: str = "") -> None:
        """Come by the letter that the minutes are drawn up, read them and sign."""
        self.page.goto(address_for(email, rf"{AREA}competitions/\d+/"))
        self.follow(_("Read and sign the minutes"))
        self.page.wait_for_url("**/minutes/")
        fits(self)
        self.named("opinion").fill(opinion)
        self.press(pgettext("minutes", "Sign"))
        self.sees(_("You signed the minutes."))


def declare_nothing(world: World, members: Collection[CommissionMember], now: datetime) -> None:
    for member in members:
        declare(competition_id=world.competition.pk, user=member.user, ties=[], now=now)


def score_everything(world: World, member: CommissionMember, given: Mapping[int, Given], now: datetime) -> None:
    """Fill in a member's sheet and file it, as its pages do."""
    sheet = world.round.sheets.select_related("member").get(member=member)
    cells = {cell: _told(cell, given) for cell in places_of(sheet)}
    kept = keep_scores(sheet_id=sheet.pk, user=member.user, version=sheet.version, cells=cells, now=now)
    assert not kept.refused
    file_sheet(sheet_id=sheet.pk, user=member.user, version=kept.sheet.version, now=now)


def _told(cell: str, given: Mapping[int, Given]) -> dict[str, str]:
    _lot, number, code = cell.split(":")
    points, reason = given[int(number)][code]
    return {"points": points, "reason": reason}


def sign_as(world: World, members: Collection[CommissionMember], now: datetime) -> None:
    minutes = world.round.minutes.get()
    for member in members:
        sign_minutes(minutes_id=minutes.pk, user=member.user, opinion="", now=now)


# --- who applied, and who looks on -----------------------------------------------------------------------------------


def enter_by_letter(bidder: Bidder, email: str, page: str, *, signed_in: bool = False) -> None:
    """Come to a page of one's proposal by the link of the last letter."""
    address = address_for(email, rf"/cabinet/proposals/[\w-]+/{page}/")
    bidder.page.goto(address)
    if not signed_in:
        bidder.sign_in(email)
    bidder.page.wait_for_url(address)
    fits(bidder)


def count_again(reader: Follower, folder: Path) -> tuple[bytes, bytes]:
    """Take the script and its two files from the page of results; return what it writes and what was published."""
    for name in ("rank.py", "scores.csv", "rubric.json", "ranking.csv"):
        address = reader.main.locator(f"a[href$='/{name}']").first.get_attribute("href")
        folder.joinpath(name).write_bytes(reader.page.request.get(address, timeout=60_000).body())
    command = [sys.executable, "-I", "rank.py", "scores.csv", "rubric.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return done.stdout, folder.joinpath("ranking.csv").read_bytes()
