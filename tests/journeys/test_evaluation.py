"""A commission evaluates: what was sealed is opened, who is tied sees nothing, and anybody makes the ranking again."""

import csv
import io
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.kernel import audit
from portal.site.bootstrap import make_site
from procurement.domain.evaluation.minutes import gaps_before_minutes
from procurement.domain.evaluation.quorum import quorum_of
from procurement.domain.seal.proving import prove_opening
from procurement.models import Clarification, Opening, Proposal
from tests.journeys.bidding import Bidder, Follower
from tests.journeys.evaluating import (
    HEIGHT,
    TELEPHONE,
    WIDTH,
    Evaluator,
    Member,
    count_again,
    declare_nothing,
    enter_by_letter,
    fits,
    score_everything,
    sign_as,
    statuses,
)
from tests.journeys.joining import pdf_words
from tests.journeys.opening import AREA, World, make_world
from tests.journeys.ordering import FIRST, SECOND, TITLE, bring_the_post
from tests.passing_time import PassingTime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GONE, THERE = {HTTPStatus.NOT_FOUND}, {HTTPStatus.OK}
CRITERIA = ("provider-criteria", "finances", "experience", "staff", "recipients", "cost")
UNCLEAR = "Скільки повних років організація надає цю послугу?"
CLEARED = "Сім років станом на день подання, виписка додана."
WORKED = "Працювала в організації до минулого року"
HEARSAY = "Чув, що колись працював з ними"
WEAK, STRONG = "Звітів про надані послуги немає.", "Звіти за шість років додано."
NOTE = "Обговорили: звіти є лише за два роки, оцінки залишено."
OPINION = "Досвід варто було оцінити вище."
# proposal 2 by the chair and by the secretary: they lie far apart in one criterion
FAIR = {code: ("3", f"Підтверджено: {code}.") for code in CRITERIA}
BEST = {**{code: ("4", f"Понад вимоги: {code}.") for code in CRITERIA}, "cost": ("2", "Дорожче за інших.")}
CHAIR = {1: BEST, 2: {**FAIR, "experience": ("1", WEAK)}}
SECRETARY = {1: BEST, 2: {**FAIR, "experience": ("4", STRONG)}}
OTHERS = ({1: BEST, 2: FAIR}, {1: FAIR, 2: FAIR}, {1: {**FAIR, "staff": ("4", "Стажування.")}, 2: FAIR})


@pytest.fixture
def world(transactional_db, live_server, settings, tmp_path, passing_time) -> World:
    settings.PORTAL_BASE_URL = live_server.url
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    make_site()
    return make_world(passing_time, title=TITLE, bidders={FIRST: "178,00", SECOND: "170,00"}, members=6)


@pytest.fixture
def people(browse, world, patience):
    """Return the official signed in, three members and two bidders before telephones, and a reader."""

    def telephone():
        return browse(WIDTH, HEIGHT, **TELEPHONE)

    found = {
        "official": Evaluator(browse(1280, 900)),
        "chair": Member(telephone()),
        "secretary": Member(telephone()),
        "recused": Member(telephone()),
        "winner": Bidder(telephone()),
        "loser": Bidder(telephone()),
        "reader": Follower(browse(1280, 900)),
    }
    for person in found.values():
        person.page.set_default_timeout(30_000)
    found["official"].enter(world.official.email)
    return found


def test_commission_evaluates_and_anybody_counts_again(people, world, passing_time, tmp_path):
    official, chair, _secretary, recused, winner, loser, reader = people.values()

    open_what_was_sealed(official, world, passing_time)
    declare_interests(people, world, passing_time)
    clarify_and_admit(official, chair, recused, winner, world, passing_time)
    nearly_lose_the_quorum(official, chair, world, passing_time)
    score_alone(people, world, passing_time)
    agree_and_sign(people, world, passing_time)
    nothing_is_public_yet(chair, recused, reader, world)
    decide(official, world, passing_time)
    read_the_results(reader, world)
    theirs, published = count_again(reader, tmp_path)
    assert theirs == published
    reader.sees(sha256(theirs).hexdigest())
    stands_in_the_minutes(reader, published.decode(), world)
    read_why_one_lost(loser, world)
    assert set(statuses(recused, world.private).values()) == GONE
    assert audit.verify() is None


# --- before anybody scores -------------------------------------------------------------------------------------------


def open_what_was_sealed(official: Evaluator, world: World, time: PassingTime) -> None:
    sealed = Proposal.objects.filter(competition=world.competition)
    assert set(sealed.values_list("state", "content")) == {("submitted", None)}
    official.open_proposals("Ганна Стеценко", "голова комісії")
    assert set(sealed.values_list("state", flat=True)) == {"opened"}
    assert prove_opening(Opening.objects.get(competition=world.competition)).holds
    official.sees(_("Receipt by receipt"))
    time.move_to(time.now() + timedelta(minutes=5))


def declare_interests(people: dict, world: World, time: PassingTime) -> None:
    """Six declare, three of them before telephones and one of these a tie; the official confirms the recusal."""
    official, chair, secretary, recused = (people[one] for one in ("official", "chair", "secretary", "recused"))
    official.give_to(world.commission, TITLE)
    world.competition.refresh_from_db()
    bring_the_post(time.now)
    members = world.members
    for person, place in ((chair, 0), (secretary, 1), (recused, 5)):
        person.enter(members[place].user.email)
    assert set(statuses(chair, world.private[2:]).values()) == GONE
    chair.declare()
    secretary.declare()
    recused.declare({world.bidders[0][0].pk: ("employer", WORKED)})
    declare_nothing(world, members[2:5], time.now())
    assert set(statuses(recused, world.private).values()) == GONE

    official.open_stage("declarations")
    official.sees(WORKED)
    official.decide_recusal(members[5], "confirm", "Працювала в учасника.")
    official.go_on("declarations", _("Proposals are checked now."))
    assert set(statuses(recused, world.private).values()) == GONE


def clarify_and_admit(
    official: Evaluator, chair: Member, recused: Member, winner: Bidder, world: World, time: PassingTime
) -> None:
    official.take_up(FIRST)
    official.mark(requirements="unclear")
    until = time.now() + timedelta(days=2)
    official.ask_to_clarify("experience/years", "service/quality", text=UNCLEAR, until=until)
    bring_the_post(time.now)
    answer(winner, world.bidders[0][1].email)
    bring_the_post(time.now)

    official.take_up(FIRST)
    official.sees(CLEARED)
    expect(official.main.locator("ins").first).to_have_text("7")
    official.mark()
    official.admit()
    official.take_up(SECOND)
    official.mark()
    official.admit()
    chair.come_back()
    chair.follow(f"1. {FIRST}")
    chair.sees("Опитування щотижня.")
    fits(chair)
    assert set(statuses(recused, world.private).values()) == GONE


def answer(bidder: Bidder, email: str) -> None:
    """Answer the request before a telephone: nothing but the named fields can be changed."""
    enter_by_letter(bidder, email, "clarification")
    bidder.sees(UNCLEAR)
    assert bidder.named("service/place").count() == 0
    bidder.answer("experience/years", "7")
    bidder.answer("service/quality", "Опитування щотижня.")
    bidder.named("note").fill(CLEARED)
    bidder.press(_("Send the answer"))
    bidder.sees(_("The answer is sent."))
    fits(bidder)
    asked = Clarification.objects.get()
    assert (asked.state, asked.answers["experience/years"]) == ("answered", {"before": "6", "after": "7"})


def nearly_lose_the_quorum(official: Evaluator, chair: Member, world: World, time: PassingTime) -> None:
    """Six are appointed and four needed: with one recused, one more named and one away there is no quorum."""
    members = world.members
    chair.raise_recusal(members[4], world.bidders[1][0], "contract", HEARSAY)
    assert (quorum_of(world.round).able, quorum_of(world.round).needed) == (4, 4)
    official.open_stage("declarations")
    official.sees(_("One more recusal, and there is no quorum."))
    official.record_sitting(time.now(), members[:3])
    official.is_kept_from("admission", _("A recusal waits for a decision. Decide it first: it says who scores."))
    official.decide_recusal(members[4], "dismiss", "Нічим не підтверджено.")

    rule = quorum_of(world.round).words
    assert _("It is a local rule, unverified: the portal has not found it in the text of the act.") in rule
    official.is_kept_from("admission", rule)
    assert world.round.state == "admission"
    official.record_sitting(time.now(), [*members[:3], members[4]])
    kept = world.round.sittings.get(number=2).quorum
    assert (kept["able"], kept["present"], kept["needed"], kept["is_quorate"]) == (5, 4, 4, True)
    official.go_on("admission", _("The members score now, each alone."))


# --- scores, minutes, decision ---------------------------------------------------------------------------------------


def score_alone(people: dict, world: World, time: PassingTime) -> None:
    """Five score: two before telephones, three by the same steps; nobody sees another's points before filing own."""
    official, chair, secretary, recused = (people[one] for one in ("official", "chair", "secretary", "recused"))
    members = world.members
    score_everything(world, members[2], OTHERS[0], time.now())
    scores = f"{AREA}competitions/{world.competition.pk}/scores/"
    assert set(statuses(chair, [scores]).values()) == GONE
    official.open_stage("scoring")
    expect(official.main).not_to_contain_text(BEST["staff"][1])
    chair.score(CHAIR)
    chair.sees(BEST["staff"][1])
    secretary.score(SECRETARY)
    for member, given in zip(members[3:5], OTHERS[1:], strict=True):
        score_everything(world, member, given, time.now())
    assert world.round.sheets.filter(state="filed").count() == 5
    assert set(statuses(recused, world.private).values()) == GONE
    official.go_on("scoring", _("The scoring is over. The commission discusses the scores."))


def agree_and_sign(people: dict, world: World, time: PassingTime) -> None:
    """Nothing is drawn up before the commission has said why its scores lie apart; then those sign who came."""
    official, chair, secretary = (people[one] for one in ("official", "chair", "secretary"))
    (gap,) = gaps_before_minutes(world.round)
    official.open_stage("minutes")
    official.sees(gap)
    chair.write_note("1:2:experience", NOTE)
    fits(chair)
    official.draw_up_minutes()
    for words in (NOTE, STRONG, FIRST):
        official.sees(words)
    bring_the_post(time.now)
    members = world.members
    chair.sign(members[0].user.email)
    secretary.sign(members[1].user.email, OPINION)
    assert world.round.state == "discussion"
    sign_as(world, (members[2], members[4]), time.now())
    assert world.round.state == "minuted"
    bring_the_post(time.now)


def nothing_is_public_yet(chair: Member, recused: Member, reader: Follower, world: World) -> None:
    assert set(statuses(chair, world.private).values()) == THERE
    assert set(statuses(recused, world.private).values()) == GONE
    assert set(statuses(reader, world.public).values()) == GONE


def decide(official: Evaluator, world: World, time: PassingTime) -> None:
    official.open_stage("decision")
    for words in (FIRST, OPINION):
        official.sees(words)
    official.decide_on_winners("21", time.now())
    bring_the_post(time.now)
    world.competition.refresh_from_db()
    assert world.competition.state == "awarded"


# --- what everybody reads --------------------------------------------------------------------------------------------


def read_the_results(reader: Follower, world: World) -> None:
    """Find the results from the page of the competition: who won and why, what was asked, who took no part."""
    assert set(statuses(reader, world.public).values()) == THERE
    reader.open_competition(world.competition.number)
    reader.follow(_("Results: ranking, scores, reasons"))
    for words in (FIRST, SECOND, NOTE, OPINION, WEAK, STRONG, UNCLEAR, CLEARED, world.members[5].name):
        reader.sees(words)
    for private in (WORKED, HEARSAY, "Опитування щотижня."):
        expect(reader.page.locator("body")).not_to_contain_text(private)


def stands_in_the_minutes(reader: Follower, ranking: str, world: World) -> None:
    """Find every line of the ranking in the paper, cell after cell."""
    address = f"/competitions/{world.competition.number}/minutes.pdf"
    words = pdf_words(reader.page.request.get(address, timeout=60_000).body())
    _header, *lines = csv.reader(io.StringIO(ranking))
    assert [line[2] for line in lines] == ["1", "2"]
    assert [line for line in lines if "".join(line) not in words.replace(" ", "")] == []
    for said in (NOTE, STRONG, OPINION, world.members[0].name):
        assert said in words


def read_why_one_lost(loser: Bidder, world: World) -> None:
    enter_by_letter(loser, world.bidders[1][1].email, "result")
    loser.sees(_("Your proposal has not won"))
    for words in (WEAK, STRONG, NOTE):
        expect(loser.main.get_by_text(words).first).to_be_visible()
    loser.follow(_("Results of the competition: everybody's scores and reasons"))
    loser.page.wait_for_url("**/results/")
    loser.sees(FIRST)
    fits(loser)
