"""A member's sheet: kept cell by cell, filed at once, returned only in the discussion, never lost."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.score_cells import missing_cells, places_of, scores_record
from procurement.domain.evaluation.scoring import file_sheet, keep_scores, put_note, return_sheet, save_scores
from procurement.enums import RecusalState, RoundState, SheetState
from procurement.models import ConsensusNote, EvaluationRound, EvaluationStep, Recusal, ScoreSheet
from tests.factories.evaluation import make_member, make_round

pytestmark = pytest.mark.django_db
CELL = "1:1:experience"


@pytest.fixture
def scored():
    return make_round(proposals=2, members=3)


@pytest.fixture
def now(scored):
    return scored.began_at + timedelta(hours=2)


def sheet_of(round_, place=0) -> ScoreSheet:
    return round_.sheets.select_related("member__user").order_by("member__order")[place]


def keep(sheet, cells, now, version=None, user=None):
    sheet.refresh_from_db()
    return keep_scores(
        sheet_id=sheet.pk,
        user=user or sheet.member.user,
        version=sheet.version if version is None else version,
        cells=cells,
        now=now,
    )


def fill(sheet, now, points="3"):
    kept = keep(sheet, {cell: {"points": points, "reason": ""} for cell in places_of(sheet)}, now)
    assert not kept.refused
    assert not kept.conflicts
    return kept.sheet


def discussed(now):
    round_ = make_round(proposals=2, members=3, state=RoundState.DISCUSSION)
    return round_, sheet_of(round_)


def bar(member, competition, now, state=RecusalState.PROPOSED):
    return Recusal.objects.create(competition=competition, member=member, source="raised", state=state, proposed_at=now)


# --- keeping ----------------------------------------------------------------------------------------------------------


def test_cell_is_kept_with_points_and_reason(scored, now):
    sheet = sheet_of(scored)

    kept = keep(sheet, {CELL: {"points": "4", "reason": " Шість років. "}}, now)

    row = sheet.scores.get()
    assert (row.points, row.reason, row.is_given, row.version) == (Decimal(4), "Шість років.", True, 2)
    assert (kept.sheet.version, kept.sheet.saved_at) == (2, now)
    assert kept.values == {CELL: {"points": "4", "reason": "Шість років."}}


def test_same_words_again_make_no_version(scored, now):
    sheet = sheet_of(scored)
    keep(sheet, {CELL: {"points": "4", "reason": ""}}, now)

    keep(sheet, {CELL: {"points": "4,0", "reason": ""}}, now + timedelta(hours=1))

    sheet.refresh_from_db()
    assert (sheet.version, sheet.saved_at) == (2, now)


@pytest.mark.parametrize("points", ["5", "-1", "1.5", "NaN", "9" * 40])
def test_points_off_the_scale_are_refused_and_the_rest_is_saved(scored, now, points):
    sheet = sheet_of(scored)
    other = "1:2:experience"

    kept = keep(sheet, {CELL: {"points": points, "reason": "x"}, other: {"points": "2", "reason": ""}}, now)

    assert list(kept.refused) == [CELL]
    assert [(row.proposal.number, row.points) for row in sheet.scores.all()] == [(2, Decimal(2))]


def test_save_scores_names_the_refused_cell_after_saving_the_rest(scored, now):
    sheet = sheet_of(scored)
    cells = {CELL: {"points": "7", "reason": ""}, "1:2:staff": {"points": "1", "reason": ""}}

    with pytest.raises(StepRefused, match=CELL):
        save_scores(sheet_id=sheet.pk, user=sheet.member.user, version=1, cells=cells, now=now)

    assert sheet.scores.count() == 1


@pytest.mark.parametrize("cell", ["1:9:experience", "1:1:charm", ""])
def test_place_that_is_not_in_the_sheet_is_refused(scored, now, cell):
    assert list(keep(sheet_of(scored), {cell: {"points": "1"}}, now).refused) == [cell]


def test_another_windows_later_words_are_a_conflict(scored, now):
    sheet = sheet_of(scored)
    keep(sheet, {CELL: {"points": "4", "reason": ""}}, now)

    kept = keep(sheet, {CELL: {"points": "1", "reason": ""}, "1:1:staff": {"points": "2"}}, now, version=1)

    assert [(one.path, one.mine["points"], one.theirs["points"]) for one in kept.conflicts] == [(CELL, "1", "4")]
    assert {row.criterion: row.points for row in sheet.scores.all()} == {"experience": 4, "staff": 2}


def test_version_that_was_not_made_yet_has_read_nothing(scored, now):
    sheet = sheet_of(scored)
    keep(sheet, {CELL: {"points": "4", "reason": ""}}, now)

    assert keep(sheet, {CELL: {"points": "1", "reason": ""}}, now, version=99).conflicts


def test_sheet_of_another_member_is_not_ones_own(scored, now):
    with pytest.raises(PermissionDenied):
        keep(sheet_of(scored), {CELL: {"points": "1"}}, now, user=sheet_of(scored, 1).member.user)


@pytest.mark.parametrize("state", RecusalState.barring)
def test_barred_member_writes_nothing(scored, now, state):
    sheet = sheet_of(scored)
    recusal = bar(sheet.member, scored.competition, now)
    Recusal.objects.filter(pk=recusal.pk).update(state=state, decided_at=now, reason="Так.")

    with pytest.raises(PermissionDenied):
        keep(sheet, {CELL: {"points": "1"}}, now)


def test_member_whose_membership_ended_writes_nothing(scored, now):
    sheet = sheet_of(scored)
    scored.commission.members.filter(pk=sheet.member_id).update(until=now.date())

    with pytest.raises(PermissionDenied):
        keep(sheet, {CELL: {"points": "1"}}, now)


@pytest.mark.parametrize("state", [RoundState.ADMISSION, RoundState.MINUTED, RoundState.DECIDED, RoundState.ENDED])
def test_nothing_is_written_outside_scoring(scored, now, state):
    EvaluationRound.objects.filter(pk=scored.pk).update(state=state)

    with pytest.raises(StepRefused):
        keep(sheet_of(scored), {CELL: {"points": "1"}}, now)


# --- filing -----------------------------------------------------------------------------------------------------------


def test_filed_sheet_has_its_digest_in_the_log(scored, now):
    sheet = fill(sheet_of(scored), now)

    filed = file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=sheet.version, now=now)

    entry = LogEntry.objects.get(seq=filed.log_seq)
    told = json.loads(entry.payload)
    assert (filed.state, filed.filed_at, entry.tag) == (SheetState.FILED, now, "procurement:scoresheet:file")
    assert entry.actor_role == "commission-chair"
    assert told["digest"] == filed.digest == audit.digest_of(scores_record(ScoreSheet.objects.get(pk=filed.pk)))
    assert told["scores"] == 12
    assert sheet.member.name not in entry.payload


def test_equal_scores_of_two_members_have_different_digests(scored, now):
    filed = [fill(sheet_of(scored, place), now) for place in range(2)]

    digests = {file_sheet(sheet_id=one.pk, user=one.member.user, version=2, now=now).digest for one in filed}

    assert len(digests) == 2


def test_sheet_with_a_gap_is_not_filed(scored, now):
    sheet = fill(sheet_of(scored), now)
    keep(sheet, {CELL: {"points": "", "reason": "подумаю"}}, now)

    with pytest.raises(StepRefused):
        file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=3, now=now)
    assert missing_cells(sheet) == [CELL]


def test_none_of_the_points_needs_a_reason(scored, now):
    sheet = fill(sheet_of(scored), now)
    keep(sheet, {CELL: {"points": "na", "reason": ""}}, now)
    assert missing_cells(sheet) == [CELL]

    keep(sheet, {CELL: {"points": "na", "reason": "Новий надавач."}}, now)
    file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=4, now=now)

    row = sheet.scores.get(criterion="experience", proposal__number=1)
    assert (row.points, row.is_given) == (None, True)


def test_sheet_that_changed_meanwhile_is_not_filed(scored, now):
    sheet = fill(sheet_of(scored), now)
    keep(sheet, {CELL: {"points": "1", "reason": ""}}, now)

    with pytest.raises(StepRefused):
        file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=2, now=now)


def test_filed_sheet_takes_nothing_more(scored, now):
    sheet = fill(sheet_of(scored), now)
    file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=2, now=now)

    with pytest.raises(StepRefused):
        keep(sheet, {CELL: {"points": "1"}}, now)
    with pytest.raises(StepRefused):
        file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=2, now=now)


# --- the discussion ---------------------------------------------------------------------------------------------------


def test_returned_sheet_keeps_what_was_filed_and_is_filed_anew(now):
    round_, sheet = discussed(now)
    before, official = sheet.digest, round_.competition.created_by

    returned = return_sheet(sheet_id=sheet.pk, user=official, reason="Помилка в рядку.", now=now)
    assert (returned.state, returned.digest) == (SheetState.DRAFT, "")
    assert [(one["digest"], one["reason"], len(one["scores"])) for one in returned.earlier] == [
        (before, "Помилка в рядку.", 12)
    ]

    kept = keep(returned, {CELL: {"points": "1", "reason": "Виправлено."}}, now)
    filed = file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=kept.sheet.version, now=now)
    assert filed.earlier[0]["scores"] != scores_record(filed)["scores"]
    assert [one.step for one in EvaluationStep.objects.filter(thing="scoresheet", key=str(sheet.pk))] == [
        "return",
        "file",
    ]


def test_chair_may_return_a_sheet_and_a_plain_member_may_not(now):
    round_, sheet = discussed(now)
    plain = make_member(round_.commission)
    chair = round_.commission.members.get(role="chair").user

    with pytest.raises(PermissionDenied):
        return_sheet(sheet_id=sheet.pk, user=plain.user, reason="Так.", now=now)
    with pytest.raises(StepRefused):
        return_sheet(sheet_id=sheet.pk, user=chair, reason=" ", now=now)
    assert return_sheet(sheet_id=sheet.pk, user=chair, reason="Так.", now=now).state == SheetState.DRAFT


def test_sheet_is_not_returned_before_the_discussion(scored, now):
    sheet = fill(sheet_of(scored), now)
    file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=2, now=now)

    with pytest.raises(PermissionDenied):
        return_sheet(sheet_id=sheet.pk, user=scored.competition.created_by, reason="Так.", now=now)


def test_note_is_written_and_changed_by_member_and_official(now):
    round_, sheet = discussed(now)
    place = {"round_id": round_.pk, "lot": 1, "proposal": 1, "criterion": "experience"}

    put_note(**place, text="Досвід рахували по-різному.", user=sheet.member.user, now=now)
    put_note(**place, text="Узгоджено: рахуємо роки.", user=round_.competition.created_by, now=now)

    note = ConsensusNote.objects.get()
    assert (note.text, note.by) == ("Узгоджено: рахуємо роки.", round_.competition.created_by)


@pytest.mark.parametrize("change", [{"proposal": 7}, {"criterion": "charm"}, {"text": "  "}])
def test_note_needs_a_place_and_words(now, change):
    round_, sheet = discussed(now)
    told = {"lot": 1, "proposal": 1, "criterion": "experience", "text": "Так.", **change}

    with pytest.raises(StepRefused):
        put_note(round_id=round_.pk, user=sheet.member.user, now=now, **told)


def test_barred_official_and_stranger_write_no_note(now):
    round_, sheet = discussed(now)
    official = round_.competition.created_by
    bar(make_member(round_.commission, user=official), round_.competition, now)
    place = {"round_id": round_.pk, "lot": 1, "proposal": 1, "criterion": "experience", "text": "Так."}

    with pytest.raises(PermissionDenied):
        put_note(**place, user=official, now=now)
    with pytest.raises(PermissionDenied):
        return_sheet(sheet_id=sheet.pk, user=official, reason="Так.", now=now)
