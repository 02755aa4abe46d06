"""A hromada gives money to projects by rules of its own: another date, another form, a defence, several winners."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.kernel import audit, due
from portal.kernel.models import DeadlineRule
from portal.site.bootstrap import make_site
from procurement.models import Award, Clarification, Competition, Defence, Proposal
from registry.templatetags.register import money
from tests.journeys.bidding import Follower
from tests.journeys.evaluating import (
    HEIGHT,
    TELEPHONE,
    WIDTH,
    Member,
    count_again,
    declare_nothing,
    enter_by_letter,
    fits,
    score_everything,
    sign_as,
)
from tests.journeys.funding import (
    ASKED,
    CLEARED_GOAL,
    FIRST,
    GIVEN,
    GOAL,
    INDICATOR,
    LIMIT,
    SECOND,
    THIRD,
    TITLE,
    Applicant,
    Funder,
    make_accounts,
    make_experts,
    read_the_register,
    submit_project,
    take_the_money,
    timetable,
)
from tests.journeys.joining import pdf_words
from tests.journeys.opening import World
from tests.journeys.ordering import bring_the_post, received
from tests.passing_time import PassingTime
from tests.projects.world import make_local_rules

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# projects of a budget year are called before 1 October of the year before: the table of terms says so
CALLED = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
UNCLEAR = "Скільки людей матиме роботу і до якого дня?"
HALL, TALK = "Диканька, мала зала", "Запитали, хто триматиме майстерню далі."


@pytest.fixture
def accounts(transactional_db, live_server, settings, tmp_path, passing_time) -> dict[str, Any]:
    """Make the rules of the hromada; return who has an account (`make_accounts`)."""
    settings.PORTAL_BASE_URL = live_server.url
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    passing_time.move_to(CALLED)
    make_site()
    make_local_rules(project_window=30)
    return make_accounts(CALLED)


@pytest.fixture
def people(browse, accounts, patience):
    """Return the official signed in, two applicants and the chair before telephones, and a reader."""

    def telephone():
        return browse(WIDTH, HEIGHT, **TELEPHONE)

    found = {
        "official": Funder(browse(1280, 900)),
        "first": Applicant(telephone()),
        "second": Applicant(telephone()),
        "chair": Member(telephone()),
        "reader": Follower(browse(1280, 900)),
    }
    for person in found.values():
        person.page.set_default_timeout(30_000)
    found["official"].enter(accounts["official"].email)
    return found


def test_projects_are_chosen_defended_and_funded(people, accounts, passing_time, tmp_path):
    official, first, second, chair, reader = people.values()

    number = call(official, passing_time)
    write_a_project(first, reader, number, accounts)
    apply_too(accounts, passing_time)
    world = open_projects(official, accounts, passing_time)
    declare_interests(official, chair, world, passing_time)
    correct_and_admit(official, first, world, passing_time)
    defend(official, chair, world, passing_time)
    score(official, chair, world, passing_time)
    sign_minutes(official, chair, world, passing_time)
    decide(official, world, passing_time)
    read_the_results(reader, number, tmp_path)
    take_the_money(first, second, accounts, passing_time)
    read_the_register(reader, number)

    assert audit.verify() is None


# --- the announcement and the projects -------------------------------------------------------------------------------


def own_date() -> DeadlineRule:
    return DeadlineRule.objects.get(code="project-announcement")


def call(official: Funder, time: PassingTime) -> str:
    """Announce; projects of this very year would come too late by the date of their own that such a call has."""
    official.begin_call(TITLE, "social-project")
    official.describe_project_call()
    closes = time.now().replace(second=0, microsecond=0) + timedelta(days=31)
    official.do_task(_("Timetable"), **timetable(closes, "2026-12-01", "2026-12-30"))
    expect(official.main.get_by_role("alert")).to_contain_text(own_date().action_label)
    assert Competition.objects.get().closes_at is None

    official.fill(service_from="2027-05-01", service_to="2027-09-30")
    official.press(_("Save and continue"))
    official.sees(_("The timetable is saved."))
    return official.announce()


def write_a_project(first: Applicant, reader: Follower, number: str, accounts: dict[str, Any]) -> None:
    """Write the whole form before a telephone, row by row, and submit it; nobody sees that."""
    _organisation, person = accounts[FIRST]
    first.begin(number, person.email)
    fits(first)
    first.write_project()
    first.submit()
    fits(first)
    reader.open_competition(number)
    for words in (TITLE, money(LIMIT), own_date().action_label):
        reader.sees(words)
    expect(reader.page.locator("body")).not_to_contain_text(FIRST)


def apply_too(accounts: dict[str, Any], time: PassingTime) -> None:
    competition = Competition.objects.get()
    for name in (SECOND, THIRD):
        submit_project(competition, name, accounts[name], time.now())


def open_projects(official: Funder, accounts: dict[str, Any], time: PassingTime) -> World:
    """Let the clock close the competition, open it, and read what was sealed: the sums that the form itself counts."""
    competition = Competition.objects.get()
    time.move_to(competition.opening_at + timedelta(minutes=1))
    assert not [done for done in due.run(time.now()) if done.error]
    bring_the_post(time.now)
    assert set(Proposal.objects.values_list("state", "content")) == {("submitted", None)}
    official.enter(accounts["official"].email, accounts["codes"][0])
    official.open_proposals("Ганна Стеценко", "голова комісії")
    time.move_to(time.now() + timedelta(minutes=5))
    official.follow(f"1. {FIRST}")
    for words in (GOAL, INDICATOR, "Навчання ремесла", "Верстати", "240 000", "210 000", "20 000"):
        official.sees(words)
    competition.refresh_from_db()
    return World(accounts["official"], [accounts[name] for name in ASKED], competition, make_experts())


# --- the evaluation --------------------------------------------------------------------------------------------------


def declare_interests(official: Funder, chair: Member, world: World, time: PassingTime) -> None:
    official.give_to(world.commission, TITLE)
    world.competition.refresh_from_db()
    bring_the_post(time.now)
    chair.enter(world.members[0].user.email)
    chair.declare()
    declare_nothing(world, world.members[1:], time.now())
    official.record_sitting(time.now(), world.members)
    official.go_on("declarations", _("Proposals are checked now."))


def correct_and_admit(official: Funder, first: Applicant, world: World, time: PassingTime) -> None:
    """Find a fault of form, have it corrected in the field that is named, and be able to ask for nothing more."""
    official.take_up(FIRST)
    official.mark(form="unclear")
    official.ask_to_correct("project/goal", UNCLEAR)
    asked = Clarification.objects.get()
    assert asked.due_at - asked.asked_at >= timedelta(days=3)
    bring_the_post(time.now)
    enter_by_letter(first, world.bidders[0][1].email, "clarification")
    first.sees(UNCLEAR)
    assert first.named("project/problem").count() == 0
    first.answer("project/goal", CLEARED_GOAL)
    first.press(_("Send the answer"))
    first.sees(_("The answer is sent."))

    official.take_up(FIRST)
    official.sees(CLEARED_GOAL)
    assert official.main.locator("[name=ask]").count() == 0
    official.mark()
    official.admit()
    for name in (SECOND, THIRD):
        official.take_up(name)
        official.mark()
        official.admit()
    official.go_on("admission", _("The members score now, each alone."))
    bring_the_post(time.now)
    assert world.round.sheets.count() == len(world.members)


def defend(official: Funder, chair: Member, world: World, time: PassingTime) -> None:
    """Have every project defended: applicants are written to, the member sees when, nothing goes on before."""
    for place, name in enumerate(ASKED, 1):
        official.appoint_defence(name, time.now() + timedelta(minutes=10 * place), HALL)
    bring_the_post(time.now)
    assert all(HALL in received(person.email)[-1] for _organisation, person in world.bidders)
    chair.come_back()
    chair.sees(HALL)
    official.is_kept_from("scoring", _("Write down first how the defence of every admitted proposal went."))
    time.move_to(time.now() + timedelta(minutes=31))
    for name in ASKED:
        official.record_defence(name, f"{TALK} {name}")
    assert set(Defence.objects.values_list("state", flat=True)) == {"held"}


def score(official: Funder, chair: Member, world: World, time: PassingTime) -> None:
    chair.score(GIVEN)
    for member in world.members[1:]:
        score_everything(world, member, GIVEN, time.now())
    official.go_on("scoring", _("The scoring is over. The commission discusses the scores."))


def sign_minutes(official: Funder, chair: Member, world: World, time: PassingTime) -> None:
    official.open_stage("minutes")
    official.press(_("Draw up the minutes"))
    official.sees(_("The minutes are drawn up. The members were asked to sign."))
    for words in (UNCLEAR, f"{TALK} {THIRD}"):
        official.sees(words)
    bring_the_post(time.now)
    chair.sign(world.members[0].user.email)
    sign_as(world, world.members[1:], time.now())
    assert world.round.state == "minuted"


def decide(official: Funder, world: World, time: PassingTime) -> None:
    """Give what there is from the top: the second asks for more than is left, the third for less."""
    official.open_stage("decision")
    official.decide_on_winners("44", time.now())
    given = dict(Award.objects.values_list("proposal__organisation__name", "amount"))
    assert given == {name: ASKED[name] for name in (FIRST, THIRD)}
    bring_the_post(time.now)
    world.competition.refresh_from_db()
    assert world.competition.state == "awarded"


# --- what follows ----------------------------------------------------------------------------------------------------


def read_the_results(reader: Follower, number: str, folder: Any) -> None:
    """Find on the page who gets what and why the second gets nothing; make the ranking again."""
    reader.open_competition(number)
    reader.follow(_("Results: ranking, scores, reasons"))
    for name, asked in ASKED.items():
        place = reader.main.locator(".place", has_text=name)
        expect(place).to_contain_text(money(asked))
    expect(reader.main.locator(".place.won")).to_have_count(2)
    words = {"asked": money(ASKED[SECOND]), "budget": money(LIMIT)}
    reader.sees(
        _("It reaches the threshold, but those above it take up the budget: it asks for %(asked)s of %(budget)s.")
        % words
    )
    for said in (UNCLEAR, GIVEN[3]["contribution"][1]):
        reader.sees(said)
    theirs, published = count_again(reader, folder)
    assert theirs == published
    rows = csv.DictReader(io.StringIO(published.decode()))
    assert [(row["proposal"], row["outcome"]) for row in rows] == [
        ("1", "winner"),
        ("2", "over_budget"),
        ("3", "winner"),
    ]
    minutes = pdf_words(reader.page.request.get(f"/competitions/{number}/minutes.pdf", timeout=60_000).body())
    assert TALK in minutes
