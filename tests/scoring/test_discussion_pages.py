"""Scores side by side, for members and officials: progress, spreads, notes, returned sheets, equals, the minutes."""

import pytest
from django.urls import reverse

from procurement.domain.evaluation.minutes import make_minutes
from procurement.domain.evaluation.scoring import file_sheet
from procurement.enums import MinutesState, RoundState, SheetState
from procurement.models import ConsensusNote, Minutes, MinutesSignature, ScoreSheet, TieBreak
from tests.factories.evaluation import fill_sheets, make_round
from tests.scoring.worlds import fill, page_of, sheet_of

pytestmark = pytest.mark.django_db
APART = "1:2:experience"


@pytest.fixture
def discussed():
    """Return a round in discussion in which one member gave the second proposal nothing for experience."""
    round_ = make_round(proposals=2, members=3)
    fill_sheets(round_, {(2, 0, "experience"): "0"})
    type(round_).objects.filter(pk=round_.pk).update(state=RoundState.DISCUSSION, discussed_at=round_.scoring_since)
    round_.refresh_from_db()
    return round_


@pytest.fixture
def equal():
    """Return a round in discussion in which all is equal."""
    round_ = make_round(proposals=2, members=3, tariffs=["170.00", "170.00"])
    criteria = round_.competition.versions.get(number=1).frozen["rubric"]["definition"]["criteria"]
    fill_sheets(round_, {(1, place, one["code"]): "3" for place in range(3) for one in criteria})
    type(round_).objects.filter(pk=round_.pk).update(state=RoundState.DISCUSSION, discussed_at=round_.scoring_since)
    round_.refresh_from_db()
    return round_


def official_url(round_):
    return reverse("commissioning:discussion", args=[round_.competition_id])


def member_url(round_, name="scores"):
    return reverse(f"commission:{name}", args=[round_.competition_id])


def test_official_sees_progress_without_points_while_members_score(sign_in):
    round_ = make_round(proposals=1, members=3)
    sheet = fill(sheet_of(round_), reason="таємниця-причина")
    file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=sheet.version, now=sheet.began_at)

    page = page_of(sign_in(round_.competition.created_by), official_url(round_), en=True)

    assert sheet.member.name in page
    assert "0 of 6 scores given" in page
    assert "таємниця-причина" not in page
    assert 'class="marks"' not in page


def test_member_who_filed_sees_those_who_filed_alone(sign_in):
    round_ = make_round(proposals=1, members=3)
    for place, reason in enumerate(("перша", "друга")):
        sheet = fill(sheet_of(round_, place), reason=f"причина-{reason}")
        if place == 0:
            file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=sheet.version, now=sheet.began_at)

    page = page_of(sign_in(sheet_of(round_).member.user), member_url(round_))

    assert "причина-перша" in page
    assert "причина-друга" not in page


def test_scores_that_lie_apart_wait_for_a_note(discussed, sign_in):
    client = sign_in(sheet_of(discussed, 2).member.user)
    page = page_of(client, member_url(discussed), en=True)
    assert f'href="#f-note-{APART}"' in page

    refused = client.post(member_url(discussed), {"note": APART, "text": " "})
    assert (refused.status_code, f'href="#f-note-{APART}"' in refused.content.decode()) == (422, True)
    answer = client.post(member_url(discussed), {"note": APART, "text": "Домовились рахувати роки."})

    assert answer.url == member_url(discussed)
    assert ConsensusNote.objects.get().text == "Домовились рахувати роки."
    assert "waits for a note" not in page_of(client, member_url(discussed), en=True)


@pytest.mark.parametrize("note", ["", "9:9:experience", "1:2:charm"])
def test_note_to_no_place_is_refused_in_words(discussed, sign_in, note):
    client = sign_in(discussed.competition.created_by)

    assert client.post(official_url(discussed), {"note": note, "text": "Так."}).status_code == 422


def test_official_gives_a_sheet_back_and_nothing_typed_is_lost(discussed, sign_in):
    client, sheet = sign_in(discussed.competition.created_by), sheet_of(discussed)
    refused = client.post(official_url(discussed), {"return": sheet.pk, "reason": " "})
    assert (refused.status_code, f'href="#return-{sheet.pk}"' in refused.content.decode()) == (422, True)

    client.post(official_url(discussed), {"return": sheet.pk, "reason": "Помилка в рядку."})

    sheet.refresh_from_db()
    assert (sheet.state, sheet.earlier[0]["reason"]) == (SheetState.DRAFT, "Помилка в рядку.")
    own = page_of(sign_in(sheet.member.user), member_url(discussed, "sheet"))
    assert "Помилка в рядку." in own
    assert client.post(official_url(discussed), {"return": 10**8, "reason": "Так."}).status_code == 404


def test_plain_member_sees_no_form_to_give_a_sheet_back(discussed, sign_in):
    client, sheet = sign_in(sheet_of(discussed, 1).member.user), sheet_of(discussed)
    discussed.commission.members.filter(pk=sheet_of(discussed, 1).member_id).update(role="member")

    assert "return-" not in page_of(client, member_url(discussed))
    assert client.post(member_url(discussed), {"return": sheet.pk, "reason": "Так."}).status_code == 404


def test_chair_records_how_equals_are_told_apart(equal, sign_in):
    client = sign_in(sheet_of(equal).member.user)
    assert 'id="tie-1"' in page_of(client, member_url(equal))
    told = {"tie": 1, "kind": "casting", "place-1": "2", "place-2": "2", "reason": "Більший досвід."}
    refused = client.post(member_url(equal), told)
    assert refused.status_code == 422
    assert "Більший досвід." in refused.content.decode()

    client.post(member_url(equal), told | {"place-2": "1"})

    assert TieBreak.objects.get().order == [2, 1]
    assert 'id="tie-1"' not in page_of(client, member_url(equal))


def test_pages_ask_as_many_queries_for_three_proposals_as_for_one(sign_in, django_assert_num_queries):
    for proposals in (1, 3):
        round_ = make_round(proposals=proposals, members=3, state=RoundState.DISCUSSION)
        client = sign_in(sheet_of(round_).member.user)
        page_of(client, member_url(round_))
        with django_assert_num_queries(54):
            page_of(client, member_url(round_))


def test_stranger_and_member_of_another_commission_find_nothing(discussed, sign_in):
    other = sheet_of(make_round(proposals=1, members=1)).member.user
    for name in ("scores", "sheet", "minutes", "declare", "competition"):
        assert sign_in(other).get(member_url(discussed, name)).status_code == 404, name


# --- the minutes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def minuted(discussed) -> Minutes:
    lot, proposal = discussed.competition.lots.get(), discussed.competition.proposals.get(number=2)
    told = {"round": discussed, "lot": lot, "proposal": proposal, "criterion": "experience"}
    official = discussed.competition.created_by
    ConsensusNote.objects.create(**told, text="Узгоджено.", at=discussed.began_at, by=official)
    return make_minutes(round_id=discussed.pk, user=official, now=discussed.discussed_at)


def test_member_reads_and_signs_the_minutes(discussed, minuted, sign_in):
    client = sign_in(sheet_of(discussed).member.user)
    address = member_url(discussed, "minutes")
    assert address in page_of(client, member_url(discussed, "competition"))
    assert minuted.digest in page_of(client, address)

    stale = client.post(address, {"digest": "0" * 64, "opinion": "Не згодна з оцінкою."})
    assert (stale.status_code, "Не згодна з оцінкою." in stale.content.decode()) == (422, True)
    answer = client.post(address, {"digest": minuted.digest, "opinion": "Не згодна з оцінкою."})

    assert answer.url == address
    assert MinutesSignature.objects.get().opinion == "Не згодна з оцінкою."
    assert "Не згодна з оцінкою." in page_of(client, address)


def test_nothing_is_discussed_any_more_once_minutes_are_drawn_up(discussed, minuted, sign_in):
    client = sign_in(discussed.competition.created_by)

    assert client.post(official_url(discussed), {"note": APART, "text": "Інакше."}).status_code == 422
    assert ConsensusNote.objects.get().text == "Узгоджено."
    Minutes.objects.update(state=MinutesState.WITHDRAWN)
    assert client.post(official_url(discussed), {"note": APART, "text": "Інакше."}).status_code == 302


def test_sheet_not_filed_in_time_takes_nothing_more(discussed, sign_in):
    ScoreSheet.objects.filter(pk=sheet_of(discussed).pk).update(state=SheetState.LAPSED, digest="", filed_at=None)
    client = sign_in(sheet_of(discussed).member.user)

    assert "was not filed" in page_of(client, member_url(discussed, "sheet"), en=True)
    score = reverse("commission:score", args=[discussed.competition_id, 1, 1])
    assert client.get(score).url == member_url(discussed, "sheet")
