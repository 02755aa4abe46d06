"""After the opening every receipt agrees with the log and the content; whoever tries without the right is written down."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.seal.opening import open_proposals
from procurement.domain.seal.proving import prove_digests, prove_opening
from procurement.enums import CompetitionState
from procurement.models import EvaluationStep, Opening, Proposal, ProposalRevision, Recusal
from procurement.templatetags.competitions import counted_in
from tests.factories.accounts import make_official, make_person
from tests.factories.evaluation import make_commission, make_member
from tests.factories.registry import make_territories
from tests.sealing.worlds import (
    NOW,
    PRESENT,
    announce_again,
    close,
    make_bid,
    make_commissioning_official,
    make_competition,
    open_all,
)

pytestmark = pytest.mark.django_db
REFUSED = "procurement:opening:refused"


def url(competition, path="opening/"):
    return f"/cabinet/commissioning/competitions/{competition.pk}/{path}"


@pytest.fixture
def world(db):
    """Three proposals: with a file; replaced once; never confirmed after a change and so not opened."""
    competition = make_competition()
    one, two, three = (make_bid(competition) for _turn in range(3))
    one.attach("Статут.txt", "Статут товариства".encode())
    for bid in (one, two, three):
        bid.submit()
    two.write(about__story="Тридцять людей на рік.")
    two.submit(NOW + timedelta(hours=2))
    announce_again(competition, NOW + timedelta(hours=3))
    Proposal.objects.filter(pk=three.proposal_id).update(state="unconfirmed")
    close(competition)
    competition.refresh_from_db()
    return competition, open_all(competition, make_commissioning_official())


def test_every_receipt_agrees_with_log_record_and_content(world):
    _competition, act = world

    proof = prove_opening(act, with_files=True)

    assert proof.holds
    assert [(one.number, one.revision, one.counts, one.is_content) for one in proof.receipts] == [
        (1, 1, True, True),
        (2, 1, False, None),
        (2, 2, True, True),
        (3, 1, False, None),
    ]
    assert prove_digests(act).holds
    assert prove_digests(act).counted == 2


def test_public_page_counts_the_digests_again(client, world):
    competition, act = world
    address = f"/competitions/{competition.number}/"

    page = client.get(address)

    counted = counted_in(act, page.context["page"].commitments)
    assert (counted.holds, len(counted.digests)) == (True, 2)
    assert page.content.decode().count('class="tag ok">counted at the opening') in (0, 2)
    act.findings["commitments"][0] = "0" * 64
    assert not counted_in(act, page.context["page"].commitments).holds
    assert counted_in(None, []) is None


def test_changed_content_or_file_is_found(world):
    _competition, act = world
    proposal = Proposal.objects.get(number=2, competition=act.competition)
    changed = {**proposal.content["content"], "about/title": "Інша назва"}
    Proposal.objects.filter(pk=proposal.pk).update(content={**proposal.content, "content": changed})
    assert [one.number for one in prove_opening(act).faults] == [2]
    with_file = Proposal.objects.get(number=1, competition=act.competition)
    (key, about) = next(iter(with_file.content["files"].items()))
    files = {key: {**about, "sha256": "0" * 64}}
    Proposal.objects.filter(pk=with_file.pk).update(content={**with_file.content, "files": files})

    assert [one.number for one in prove_opening(act).faults] == [1, 2]


def test_changed_record_is_found(world):
    _competition, act = world
    act.findings["commitments"] = ["0" * 64, *act.findings["commitments"][1:]]
    proof = prove_opening(act)
    assert not proof.digests.holds
    assert proof.digests.unlogged == ("0" * 64,)
    assert len(proof.faults) == 1

    ProposalRevision.objects.filter(proposal__number=3).update(log_seq=1)
    assert {one.number for one in prove_opening(act).faults} >= {3}


def test_attempt_without_the_right_is_refused_and_logged_without_a_name():
    competition = close(make_competition())
    stranger = make_official("commissioner", make_territories().odesa_hromada)

    with pytest.raises(PermissionDenied):
        open_proposals(competition_id=competition.pk, user=stranger, present=PRESENT, now=competition.opening_at)

    entry = LogEntry.objects.get(tag=REFUSED)
    assert (entry.subject, entry.actor_role) == (f"procurement.competition:{competition.number}", "commissioner")
    assert json.loads(entry.payload) == {"why": "no-right"}
    assert EvaluationStep.objects.get(step="refused").by == stranger
    assert not Opening.objects.exists()


def test_attempt_too_early_is_refused_and_logged():
    competition, official = make_competition(), make_commissioning_official()
    make_bid(competition).submit()
    told = {"competition_id": competition.pk, "user": official, "present": PRESENT}
    with pytest.raises(StepRefused):
        open_proposals(**told, now=NOW + timedelta(days=1))
    close(competition)
    with pytest.raises(StepRefused):
        open_proposals(**told, now=competition.opening_at - timedelta(seconds=1))

    assert [json.loads(one.payload)["why"] for one in LogEntry.objects.filter(tag=REFUSED)] == ["too-early"] * 2


def test_second_opening_is_refused_and_is_no_attempt_before_its_time(world):
    competition, _act = world

    with pytest.raises(StepRefused):
        open_all(competition, make_commissioning_official())

    assert not LogEntry.objects.filter(tag=REFUSED).exists()


def test_attempts_of_one_person_are_listed_up_to_a_number_a_day(settings):
    settings.OPENING_ATTEMPTS_A_DAY = 2
    competition, person = close(make_competition()), make_person()
    for _turn in range(4):
        with pytest.raises(PermissionDenied):
            open_proposals(competition_id=competition.pk, user=person, present=PRESENT, now=competition.opening_at)

    first, last = LogEntry.objects.filter(tag=REFUSED).order_by("seq")
    assert "more_are_not_listed_today" not in first.payload
    assert json.loads(last.payload)["more_are_not_listed_today"] is True


@pytest.mark.parametrize("who", ["neighbour", "person", "auditor"])
def test_button_pressed_without_the_right_stands_in_the_log(sign_in, client, who):
    start = timezone.now() - timedelta(days=30)
    competition = close(make_competition(now=start, closes_at=start + timedelta(days=20)))
    users = {
        "neighbour": lambda: make_official("commissioner", make_territories().odesa_hromada),
        "person": make_person,
        "auditor": lambda: make_official("auditor"),
    }
    pressed = {"person-TOTAL_FORMS": 1, "person-INITIAL_FORMS": 0, "person-0-name": "Хтось", "open": "1"}
    assert client.post(url(competition), pressed).status_code == 302
    assert not LogEntry.objects.filter(tag=REFUSED).exists()

    answer = sign_in(users[who]()).post(url(competition), pressed)

    assert answer.status_code == 404
    assert LogEntry.objects.filter(tag=REFUSED).count() == 1
    assert "Хтось" not in LogEntry.objects.get(tag=REFUSED).payload
    competition.refresh_from_db()
    assert competition.state == CompetitionState.CLOSED


def test_button_pressed_too_early_stands_in_the_log_once(sign_in):
    start = timezone.now() - timedelta(days=3)
    running = make_competition(now=start, closes_at=start + timedelta(days=20))
    early = timezone.now() - timedelta(days=21)
    waiting = make_competition(now=early, closes_at=early + timedelta(days=20, hours=23))
    waiting = close(waiting)
    official = sign_in(make_commissioning_official())
    pressed = {"person-TOTAL_FORMS": 1, "person-INITIAL_FORMS": 0, "person-0-name": "Хтось", "open": "1"}

    official.post(url(running), pressed)
    assert LogEntry.objects.filter(tag=REFUSED).count() == 1
    if waiting.opening_at > timezone.now():
        official.post(url(waiting), pressed)
        assert LogEntry.objects.filter(tag=REFUSED).count() == 2


def test_opened_proposals_are_not_for_an_official_who_is_recused_or_has_not_declared(sign_in, world):
    competition, _act = world
    competition.refresh_from_db()
    official = make_official("commissioner", make_territories().dykanska)
    client = sign_in(official)
    proposal = competition.proposals.get(number=1)
    (key,) = proposal.content["files"]
    pages = [url(competition, f"opening/{proposal.pk}/"), url(competition, f"opening/{proposal.pk}/{key}/")]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert client.get(url(competition)).context["proof"].holds

    member = make_member(make_commission(competition), user=official)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    record = client.get(url(competition))
    assert proposal.organisation.name not in record.content.decode()
    assert (record.context["proof"], record.context["digests"].holds) == (None, True)

    Recusal.objects.create(competition=competition, member=member, source="raised", proposed_at=NOW)
    assert [client.get(page).status_code for page in pages] == [404, 404]
