"""What people do who take a side exit: decide otherwise, vote, refuse, complain, and read what was decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import expect

from portal.site.management.commands.second_factor_code import code_of
from procurement.models import ProcedureGround, Proposal
from tests.factories.accounts import SECRET
from tests.journeys.bidding import Bidder, Follower
from tests.journeys.evaluating import Evaluator, Given, Member, fits, score_everything
from tests.journeys.opening import AREA
from tests.journeys.ordering import DESK, TITLE
from tests.journeys.scenes import Scene


class Decider(Evaluator):
    """The official who decides how the competition goes on when it does not go straight."""

    def begin(self, scene: Scene) -> None:
        self.enter(scene.official.email)
        self.hub = f"{DESK}competitions/{scene.competition.pk}/evaluation/"

    def choose_ground(self, slug: str, reason: str = "") -> ProcedureGround:
        """Choose a typed ground, and say why in words."""
        ground = ProcedureGround.objects.get(slug=slug)
        self.main.locator(f"[name=ground][value='{ground.pk}']").check()
        if reason:
            self.fill(reason=reason)
        return ground

    def is_refused(self, field: str) -> None:
        """Find the summary of errors with a link to the field, and nothing typed lost."""
        expect(self.main.get_by_role("alert").locator(f"a[href*='{field}']")).to_be_visible()

    def cancel(self, slug: str, reason: str) -> ProcedureGround:
        """Cancel as the desk leads to it; without a ground it is refused and the reason stays typed."""
        self.open_desk(TITLE)
        self.follow(_("Cancel the competition"))
        self.fill(reason=reason)
        self.press(_("Cancel the competition"))
        self.is_refused("ground")
        expect(self.named("reason")).to_have_value(reason)
        ground = self.choose_ground(slug)
        self.press(_("Cancel the competition"))
        self.sees(_("The competition is cancelled."))
        return ground

    def refuse_admission(self, applicant: str, slug: str, reason: str) -> None:
        self.take_up(applicant)
        self.mark(documents="not_met")
        self.press(_("Save and refuse admission"))
        self.page.wait_for_url("**/refuse/")
        self.choose_ground(slug, reason)
        self.press(_("Refuse admission"))
        self.sees(_("The proposal is not admitted."))

    def decide_anew(self, number: str, on: datetime, slug: str, reason: str) -> None:
        """Take a decision that supersedes the one in force."""
        self.choose_ground(slug, reason)
        self.fill(act_number=number, act_on=f"{on:%Y-%m-%d}")
        self.press(_("Take a decision in place of the earlier one"))
        self.sees(_("The decision is taken and published with the results."))

    def judge(self, remedy: str, answer: str) -> None:
        """Take an appeal up and uphold it."""
        self.press(_("Consider the appeal"))
        self.sees(_("The appeal is taken into consideration."))
        self.main.locator("[name=outcome][value=uphold]").check()
        self.main.locator(f"[name=remedy][value={remedy}]").check()
        self.fill(answer=answer)
        self.press(_("Publish the decision on the appeal"))
        self.sees(_("The decision on the appeal is published."))

    def repeat_the_round(self, scene: Scene, given: Mapping[int, Given], now: datetime) -> None:
        """Go on to the minutes anew: what was declared and admitted stands, the commission sits and scores again."""
        self.go_on("declarations", _("Proposals are checked now."))
        self.record_sitting(now, scene.members)
        self.go_on("admission", _("The members score now, each alone."))
        for member in scene.members:
            score_everything(scene, member, given, now)
        self.go_on("scoring", _("The scoring is over. The commission discusses the scores."))
        self.draw_up_minutes()


class Chair(Member):
    """Who presides over the commission, before a telephone."""

    def begin(self, scene: Scene) -> None:
        self.home = f"{AREA}competitions/{scene.competition.pk}/"
        self.page.goto(self.home)
        self.sign_in(scene.members[0].user.email)
        self.page.locator("#id_code").fill(code_of(SECRET))
        self.press(_("Sign in"))
        self.page.wait_for_url(f"**{self.home}")
        fits(self)

    def vote(self, lot: int, order: Sequence[int], reason: str) -> None:
        """Tell equal proposals apart by the casting vote."""
        self.come_back()
        self.follow(_("Compare with the others and discuss"))
        self.page.wait_for_url("**/scores/")
        fits(self)
        form = self.main.locator(f"#tie-{lot} form")
        form.locator("[name=kind][value=casting]").check()
        for place, number in enumerate(order, start=1):
            form.locator(f"[name=place-{number}]").select_option(str(place))
        form.locator("[name=reason]").fill(reason)
        form.get_by_role("button").click()
        self.sees(_("The order of the equal proposals is recorded."))

    def sign_here(self) -> None:
        """Read the minutes from the own page and sign them."""
        self.come_back()
        self.follow(_("Read and sign the minutes"))
        self.page.wait_for_url("**/minutes/")
        fits(self)
        self.press(pgettext("minutes", "Sign"))
        self.sees(_("You signed the minutes."))


class Participant(Bidder, Follower):
    """Somebody who speaks for a provider and follows the competition, before a telephone."""

    def open_own(self, proposal: Proposal) -> None:
        self.home = f"/cabinet/proposals/{proposal.pk}/"
        self.page.goto(self.home)
        self.sign_in(proposal.created_by.email)
        self.page.wait_for_url(f"**{self.home}")
        fits(self)

    def answer_award(self, *, reason: str = "") -> None:
        """Accept the award on the page that is open, or refuse it with a reason."""
        if not reason:
            self.press(_("Accept the award"))
            self.sees(_("The award is accepted. The contract comes next."))
            return
        self.main.locator("summary", has_text=str(_("Refuse the award"))).click()
        self.named("reason").fill(reason)
        self.main.locator("[name=refuse]").click()
        self.sees(_("The award is refused. The commissioner decides anew."))
        fits(self)

    def appeal(self, scope: str, text: str, asked: str) -> None:
        """Complain on the page of appeals that is open."""
        self.main.locator(f"[name=scope][value={scope}]").check()
        self.named("text").fill(text)
        self.named("remedy_asked").fill(asked)
        self.press(_("File the appeal"))
        self.sees(_("The appeal is filed. You are written to at each step."))
        fits(self)


class Onlooker(Follower):
    """Anybody who reads what was decided and checks it by the code on the paper."""

    def open_results(self, number: str, decision: int = 0) -> None:
        """Open the results as they are now, or as an earlier decision published them."""
        self.page.goto(f"/competitions/{number}/results/{f'{decision}/' if decision else ''}")
        self.page.reload()

    def verify(self, number: str, decision: int, *, current: bool, words: Any) -> None:
        """Follow the verification code of a decision from the results."""
        self.open_results(number)
        self.main.locator(f"#decision-{decision} a[href*='/verify/']").click()
        self.page.wait_for_url("**/verify/*/")
        expect(self.main.locator(".tag").first).to_have_text(str(_("Valid") if current else _("Superseded")))
        self.sees(words)

    def finds_superseded(self, scene: Scene, winner: str) -> None:
        """Read the first decision as it was published; its code and that of the second say which is in force."""
        self.open_results(scene.number)
        self.main.locator("#decision-1 h3 a").click()
        self.sees(_("This is what decision %(number)s said. It is not in force any more.") % {"number": 1})
        self.sees(winner)
        superseded = _("It is superseded: decision %(number)d is in force.") % {"number": 2}
        self.verify(scene.number, 1, current=False, words=superseded)
        self.verify(scene.number, 2, current=True, words=_("The decision is in force."))
