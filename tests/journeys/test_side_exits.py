"""Every side exit of a competition, taken in a browser by the people it belongs to."""

import csv
import io
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.kernel import audit, due
from portal.kernel.calendar import KYIV
from portal.site.bootstrap import make_site
from procurement.enums import RoundState, TieKind
from procurement.models import Proposal
from tests.factories.evaluation import fill_sheets
from tests.journeys.evaluating import address_for, count_again, enter_by_letter, fits, sign_as, statuses
from tests.journeys.joining import pdf_words
from tests.journeys.leaving import Chair, Decider, Onlooker, Participant
from tests.journeys.opening import AREA
from tests.journeys.ordering import TITLE, bring_the_post, received
from tests.journeys.scenes import (
    Scene,
    all_points,
    given,
    make_draft,
    make_orderer,
    make_scene,
    make_scene_decided,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GONE, THERE = {HTTPStatus.NOT_FOUND}, {HTTPStatus.OK}
WHY_CANCELLED = "Видатки на послугу зменшено рішенням сесії."
WHY_LATER = "Воєнні дії: два дні без зв’язку."
NO_STATUTE, NO_PROOF = "Статуту не додано.", "Довідки про борг не додано."
VOTED = "Більший досвід у хуторах."
REFUSED, NEXT = "Звільнилися дві працівниці.", "Виграла наступна пропозиція."
COMPLAINT, ASKED = "Стажування персоналу не враховано.", "Оцінити персонал заново."
UPHELD, CORRECTED = "Дипломи додано, комісія їх не прочитала.", "Оцінено заново за скаргою."


@pytest.fixture
def time(transactional_db, live_server, settings, tmp_path, passing_time, patience):
    """Return the clock of a portal in which nobody orders anything yet."""
    settings.PORTAL_BASE_URL = live_server.url
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    make_site()
    return passing_time


def in_kyiv(moment) -> str:
    return date_format(moment.astimezone(KYIV), "j E Y, H:i")


def public(scene: Scene) -> list[str]:
    return [f"/competitions/{scene.number}/{file}" for file in ("results/", "scores.csv", "ranking.csv", "minutes.pdf")]


def finish_signing(scene: Scene, time, first: int = 0) -> None:
    """Let as many sign as the quorum needs; those before the first have signed already."""
    sign_as(scene, scene.members[first:3], time.now())
    assert scene.round.state == RoundState.MINUTED


# --- before anything is decided --------------------------------------------------------------------------------------


def test_cancelled_after_the_opening(desk, telephone, time):
    scene = make_scene(time, RoundState.SCORING, proposals=2)
    official, chair, bidder = desk(Decider), telephone(Chair), telephone(Participant)
    bidder.open_own(scene.proposal(1))
    bidder.sees(_("Proposals are opened; the commission evaluates them."))
    chair.begin(scene)
    work = f"{AREA}competitions/{scene.competition.pk}/"
    own = [work, f"{work}sheet/", f"{work}proposals/1/"]
    assert set(statuses(chair, own).values()) == THERE

    official.begin(scene)
    ground = official.cancel("cancel-money", WHY_CANCELLED)
    assert (scene.state, scene.round.state) == ("cancelled", "ended")
    bring_the_post(time.now)

    (letter,) = received(scene.email(1))
    assert ground.text in letter and WHY_CANCELLED in letter
    assert _("The competition “%(title)s” is cancelled. Proposals are not opened.") % {"title": TITLE} not in letter
    bidder.page.reload()
    bidder.sees(_("The competition was cancelled after the opening; it has no winner."))
    bidder.open_competition(scene.number)
    fits(bidder)
    for words in (ground.text, WHY_CANCELLED):
        bidder.sees(words)
    for number in (1, 2):
        expect(bidder.page.locator("body")).not_to_contain_text(scene.name(number))
    assert set(statuses(bidder, public(scene)).values()) == GONE
    assert set(statuses(chair, own).values()) == GONE
    assert audit.verify() is None


def test_extended_before_the_close(desk, telephone, time):
    scene, draft = make_draft(time)
    official, bidder = desk(Decider), telephone(Participant)
    former = scene.competition.closes_at
    later = former + timedelta(days=2)
    bidder.open_own(draft)
    bidder.sees(in_kyiv(former))
    bidder.open_competition(scene.number)
    calendar = bidder.take_calendar()

    official.enter(scene.official.email)
    points = ("closes_at", "hold_until", "opening_at")
    dates = {point: getattr(scene.competition, point) + timedelta(days=2) for point in points}
    official.extend(TITLE, WHY_LATER, **dates)
    bring_the_post(time.now)

    assert WHY_LATER in received(draft.created_by.email)[-1]
    bidder.open_competition(scene.number)
    for words in (WHY_LATER, in_kyiv(later)):
        bidder.sees(words)
    moved = bidder.take_calendar()
    assert moved.keys() == calendar.keys()
    before, after = (events[f"{scene.number}-closes_at@localhost"] for events in (calendar, moved))
    assert after["dtstart"].dt - before["dtstart"].dt == timedelta(days=2)
    assert after["sequence"] == before["sequence"] + 1

    time.move_to(former + timedelta(minutes=1))
    assert not [done for done in due.run(time.now()) if done.error]
    bidder.page.goto(bidder.home)
    bidder.sees(in_kyiv(later))
    bidder.follow(_("What has changed"))
    bidder.sees(in_kyiv(former))
    bidder.press(_("I have read it"))
    bidder.submit()
    fits(bidder)
    assert (scene.state, Proposal.objects.get().state) == ("published", "submitted")


# --- what the ranking leads to ---------------------------------------------------------------------------------------


def test_nobody_is_admitted(desk, telephone, time):
    scene = make_scene(time, RoundState.ADMISSION, proposals=2)
    official, chair, loser = desk(Decider), telephone(Chair), telephone(Participant)
    official.begin(scene)
    official.refuse_admission(scene.name(1), "reject-documents", NO_STATUTE)
    official.refuse_admission(scene.name(2), "reject-documents", NO_PROOF)
    official.draw_up_minutes()
    for words in (NO_STATUTE, NO_PROOF, _("There is no winner to propose.")):
        official.sees(words)
    content = scene.round.minutes.get().content
    assert (content["minutes"]["stage"], content["scores"], content["sheets"]) == ("admission", [], [])
    bring_the_post(time.now)
    chair.begin(scene)
    chair.sign_here()
    finish_signing(scene, time, 1)

    official.open_stage("decision")
    official.sees(_("There is no winner."))
    official.fill(act_number="21", act_on=f"{time.now():%Y-%m-%d}")
    official.press(_("Decide and publish the results"))
    official.is_refused("ground")
    ground = official.choose_ground("no-award-admission")
    official.decide_on_winners("21", time.now())
    assert official.main.locator("#stage-minutes").count() == 1
    assert official.main.locator("#stage-scoring, #stage-discussion").count() == 0
    bring_the_post(time.now)
    assert scene.state == "unawarded"

    enter_by_letter(loser, scene.email(2), "result")
    for words in (NO_PROOF, _("If you do not agree")):
        loser.sees(words)
    loser.open_competition(scene.number)
    for words in (_("Nobody has won."), ground.text):
        loser.sees(words)
    loser.follow(_("Results: ranking, scores, reasons"))
    for words in (NO_STATUTE, NO_PROOF, scene.name(1)):
        loser.sees(words)
    assert loser.main.locator("#scores, #ranking").count() == 0
    fits(loser)


def test_single_proposal_may_win(desk, telephone, time):
    scene = make_scene(time, RoundState.DISCUSSION, proposals=1)
    official, winner, reader = desk(Decider), telephone(Participant), desk(Onlooker)
    official.begin(scene)
    official.draw_up_minutes()
    alone = _("A single proposal is scored as any other: it may win if it reaches the threshold.")
    official.sees(alone)
    finish_signing(scene, time)
    official.open_stage("decision")
    official.sees(scene.name(1))
    official.decide_on_winners("21", time.now())
    bring_the_post(time.now)
    assert scene.state == "awarded"

    enter_by_letter(winner, scene.email(1), "award")
    winner.answer_award()
    assert scene.last_award.state == "accepted"
    reader.open_results(scene.number)
    words = {"total": "24,00"}
    reader.sees(
        _("It has %(total)s points. It is the only proposal that was scored, and it reaches the threshold.") % words
    )
    reader.sees(alone)
    minutes = reader.page.request.get(f"/competitions/{scene.number}/minutes.pdf", timeout=60_000)
    assert str(alone) in pdf_words(minutes.body())


def test_tie_is_told_apart_by_the_chair(desk, telephone, time, tmp_path):
    scene = make_scene(time, RoundState.SCORING, proposals=2, tariffs=("170.00", "170.00"))
    fill_sheets(scene.round, all_points(scene, 1, "3"))
    official, chair, reader = desk(Decider), telephone(Chair), desk(Onlooker)
    official.begin(scene)
    official.go_on("scoring", _("The scoring is over. The commission discusses the scores."))
    official.open_stage("minutes")
    official.sees(_("Proposals are still equal in lot %(lot)d: record the casting vote or a drawing.") % {"lot": 1})
    assert official.main.get_by_role("button", name=str(_("Draw up the minutes"))).count() == 0
    official.page.goto(official.hub.replace("/evaluation/", "/award/"))
    assert official.main.locator("[name=act_number]").count() == 0

    chair.begin(scene)
    chair.vote(1, (2, 1), VOTED)
    official.draw_up_minutes()
    official.sees(VOTED)
    bring_the_post(time.now)
    chair.sign_here()
    finish_signing(scene, time, 1)
    official.open_stage("decision")
    official.decide_on_winners("21", time.now())
    assert scene.last_award.proposal == scene.proposal(2)

    reader.open_results(scene.number)
    for words in (VOTED, TieKind.CASTING.label):
        reader.sees(words)
    theirs, published = count_again(reader, tmp_path)
    assert theirs == published
    rows = list(csv.DictReader(io.StringIO(published.decode())))
    told = [(one["proposal"], one["place"], one["total"], one["outcome"], one["tie"]) for one in rows]
    assert told == [("2", "1", "18.00", "winner", "casting"), ("1", "2", "18.00", "reserve", "casting")]


# --- what is decided anew --------------------------------------------------------------------------------------------


def test_winner_refuses_and_the_next_one_is_offered(desk, telephone, time):
    scene = make_scene_decided(time, proposals=2)
    official, winner, following, reader = desk(Decider), telephone(Participant), telephone(Participant), desk(Onlooker)
    enter_by_letter(winner, scene.email(1), "award")
    winner.answer_award(reason=REFUSED)
    official.begin(scene)
    official.open_stage("decision")
    official.sees(scene.name(2))
    official.decide_anew("22", time.now(), "supersede-refusal", NEXT)
    bring_the_post(time.now)

    first, second = scene.decisions
    assert (second.supersedes, second.ground.slug) == (first, "supersede-refusal")
    assert (scene.last_award.proposal, scene.last_award.state) == (scene.proposal(2), "offered")
    enter_by_letter(following, scene.email(2), "award")
    following.answer_award()
    assert (scene.state, scene.last_award.state) == ("awarded", "accepted")

    reader.open_results(scene.number)
    for words in (NEXT, REFUSED, second.ground.text, scene.name(2)):
        reader.sees(words)
    reader.finds_superseded(scene, scene.name(1))


def test_appeal_reverses_the_decision(desk, telephone, time):
    scene = make_scene_decided(time, proposals=2)
    judge = make_orderer()
    official, second, loser, reader = desk(Decider), desk(Decider), telephone(Participant), desk(Onlooker)
    enter_by_letter(loser, scene.email(2), "appeal")
    loser.appeal("scoring", COMPLAINT, ASKED)
    bring_the_post(time.now)

    appeals = address_for(judge.email, r"/cabinet/commissioning/competitions/\d+/appeals/1/")
    official.begin(scene)
    official.page.goto(appeals)
    official.sees(COMPLAINT)
    assert official.main.get_by_role("button").count() == 0
    second.enter(judge.email)
    second.page.goto(appeals)
    second.judge("anew", UPHELD)
    bring_the_post(time.now)
    assert (scene.state, scene.round.number) == ("opened", 2)
    reader.open_competition(scene.number)
    for words in (_("An appeal was upheld: this decision is annulled."), COMPLAINT, UPHELD):
        reader.sees(words)

    official.repeat_the_round(scene, given({1: "3", 2: "4"}), time.now())
    official.sees(UPHELD)
    finish_signing(scene, time)
    official.open_stage("decision")
    official.decide_anew("23", time.now(), "supersede-appeal", CORRECTED)
    assert (scene.state, scene.last_award.proposal) == ("awarded", scene.proposal(2))
    reader.open_results(scene.number)
    for words in (CORRECTED, COMPLAINT, UPHELD, scene.name(2)):
        reader.sees(words)
    reader.finds_superseded(scene, scene.name(1))
    paper = reader.page.request.get(f"/competitions/{scene.number}/decisions/1.pdf", timeout=60_000)
    assert scene.name(1) in pdf_words(paper.body())
    assert audit.verify() is None
