"""Minutes: what they need, what they say, who signs them, when they are final."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.minutes import (
    gaps_before_minutes,
    is_stale,
    make_minutes,
    sign_minutes,
    withdraw_minutes,
)
from procurement.domain.evaluation.ranked import digest_of_text
from procurement.enums import MinutesState, RecusalState, RoundState, SheetState
from procurement.models import ConsensusNote, MinutesSignature, Score
from tests.decisions.deciding import (
    after,
    discussed,
    make,
    nobody_admitted,
    official_of,
    recuse,
    sign,
)
from tests.factories.accounts import make_person
from tests.factories.evaluation import sit
from tests.ranking.recomputing import text_of

pytestmark = pytest.mark.django_db


def test_minutes_say_the_whole_round_and_their_digest_stands_in_the_log():
    round_ = discussed()
    minutes = make(round_)

    content = minutes.content
    assert content["competition"]["number"] == round_.competition.number
    assert content["counted"] == {"submitted": 3, "admitted": 3}
    assert [one["is_present"] for one in content["sittings"][0]["attendance"]] == [True] * 5
    assert content["quorum"]["needed"] == 3
    assert len(content["declarations"]) == 5
    assert len(content["scores"]) == 3
    assert [len(one["points"]) for one in content["scores"][0]["criteria"]] == [5] * 6
    assert content["scores"][0]["criteria"][0]["points"][0]["reason"] == "Підтверджено документами."
    assert content["proposed"] == [{"lot": 1, "winners": [{"proposal": 1, "place": 1, "amount": "306000.00"}]}]
    assert minutes.digest == audit.digest_of(content)
    entry = LogEntry.objects.get(seq=minutes.log_seq)
    assert (entry.tag, minutes.digest in entry.payload) == ("procurement:minutes:make", True)
    assert minutes.inputs_digest in entry.payload
    assert text_of(content["ranking"]) == minutes.ranking
    assert content["digests"]["ranking"] == digest_of_text(minutes.ranking)


def test_minutes_need_a_quorum_notes_decided_ties_and_filed_sheets_all_said_at_once():
    round_ = discussed(proposals=2, tariffs=("170.00", "170.00"))
    Score.objects.filter(sheet__round=round_).update(points=3)
    first = round_.sheets.select_related("member").first()
    first.scores.filter(proposal__number=1, criterion="staff").update(points=0)
    first.scores.filter(proposal__number=2, criterion="staff").update(points=0)
    second = round_.sheets.select_related("member").all()[1]
    second.state, second.filed_at, second.digest = SheetState.DRAFT, None, ""
    second.save()
    sit(round_, list(round_.commission.members.all())[:2], after(round_))
    recuse(round_, 4, RecusalState.PROPOSED)

    gaps = " ".join(gaps_before_minutes(round_))

    assert second.member.name in gaps
    assert "staff" not in gaps
    assert len(gaps_before_minutes(round_)) == 6
    with pytest.raises(StepRefused):
        make(round_)


def test_minutes_where_nobody_was_admitted_have_grounds_and_no_ranking():
    minutes = make(nobody_admitted(proposals=2))
    content = minutes.content
    assert (content["ranking"]["rows"], content["sensitivity"]) == ([], {})
    assert {one["state"] for one in content["admissions"]} == {"rejected"}
    assert content["admissions"][0]["ground"]["slug"]
    assert content["proposed"] == [{"lot": 1, "winners": []}]
    sign(minutes)
    assert minutes.round.state == RoundState.MINUTED


def test_minutes_are_not_drawn_up_in_admission_where_somebody_is_admitted():
    round_ = nobody_admitted(proposals=1)
    round_.admissions.update(state="admitted")
    assert len(gaps_before_minutes(round_)) == 1


@pytest.mark.parametrize("proposals", [1, 3])
def test_content_of_minutes_takes_as_many_queries_for_one_as_for_three(django_assert_num_queries, proposals):
    from procurement.domain.evaluation.minutes import _drawn

    round_ = discussed(proposals=proposals)
    with django_assert_num_queries(QUERIES):
        _drawn(round_, number=1, made_at=after(round_), drawn_by={"role": "official", "name": ""})


QUERIES = 63


def test_notes_stand_in_the_minutes_and_lift_the_gap():
    round_ = discussed(proposals=1)
    Score.objects.filter(sheet=round_.sheets.first(), criterion="staff").update(points=0)
    assert len(gaps_before_minutes(round_)) == 1
    ConsensusNote.objects.create(
        round=round_,
        lot=round_.competition.lots.get(),
        proposal=round_.competition.proposals.get(),
        criterion="staff",
        text="Члени по-різному читали вимогу.",
        at=after(round_),
        by=official_of(round_),
    )
    content = make(round_).content
    staff = next(one for one in content["scores"][0]["criteria"] if one["code"] == "staff")
    assert (staff["needs_note"], staff["note"]) == (True, "Члени по-різному читали вимогу.")


def test_recused_members_scores_stand_in_no_ranking_and_the_tie_is_not_told():
    round_ = discussed(proposals=1)
    recusal = recuse(round_, 3)
    minutes = make(round_)
    content = minutes.content
    (told,) = content["recusals"]
    assert (told["name"], told["ground"], told["state"]) == (recusal.member.name, "employer", "confirmed")
    assert "Таємна" not in str(content)
    assert "Працює в учасника" not in str(content)
    assert recusal.member.name not in minutes.inputs["scores"]
    sheet = next(one for one in content["sheets"] if one["member"] == recusal.member.name)
    assert (sheet["counts"], sheet["is_recused"]) == (False, True)
    assert {len(each["points"]) for one in content["scores"] for each in one["criteria"]} == {4}
    with pytest.raises(PermissionDenied):
        sign(minutes, 3)


def test_minutes_are_drawn_up_where_somebody_presided_and_by_who_keeps_the_records():
    round_ = discussed(proposals=1)
    members = list(round_.commission.members.order_by("order"))
    sit(round_, [members[1], *members[3:]], after(round_))
    assert len(gaps_before_minutes(round_)) == 1
    sit(round_, [members[1], members[2], members[3]], after(round_))
    assert gaps_before_minutes(round_) == []
    with pytest.raises(PermissionDenied):
        make_minutes(round_id=round_.pk, user=members[4].user, now=after(round_))
    official = recuse(round_, 4).member
    official.user = official_of(round_)
    official.save()
    with pytest.raises(PermissionDenied):
        make(round_)
    minutes = make_minutes(round_id=round_.pk, user=members[1].user, now=after(round_))
    assert minutes.content["minutes"]["drawn_by"] == {"role": "secretary", "name": members[1].name}


def test_minutes_are_signed_by_the_chair_the_secretary_and_a_quorum_and_are_final_then():
    round_ = discussed(proposals=1)
    minutes = make(round_)
    sign(minutes, 3, 2)
    with pytest.raises(StepRefused):
        sign(minutes, 3)
    sign(minutes, 0)
    assert (minutes.state, minutes.signatures.count()) == (MinutesState.DRAFT, 3)
    sign(minutes, 1)
    assert (minutes.state, minutes.round.state) == (MinutesState.SIGNED, RoundState.MINUTED)
    assert minutes.code.document_digest == minutes.digest
    assert minutes.signed_at == minutes.round.minuted_at
    with pytest.raises(StepRefused):
        withdraw_minutes(minutes_id=minutes.pk, user=official_of(round_), reason="Описка.", now=after(round_))

    digest, code = minutes.digest, minutes.code
    sign(minutes, 4, opinion="Не згоден з оцінкою фінансового стану.")
    assert (minutes.digest, minutes.code, minutes.signatures.count()) == (digest, code, 5)
    entry = LogEntry.objects.get(seq=MinutesSignature.objects.get(opinion__gt="").log_seq)
    assert "opinion_digest" in entry.payload
    assert "фінансового" not in entry.payload


def test_minutes_are_not_signed_by_strangers_and_who_never_came():
    round_ = discussed(proposals=1)
    members = list(round_.commission.members.order_by("order"))
    round_.sittings.all().delete()
    sit(round_, members[:4], after(round_, 1))
    minutes = make(round_)
    with pytest.raises(StepRefused):
        sign(minutes, 4)
    for user in (make_person(), official_of(round_)):
        with pytest.raises(PermissionDenied):
            sign_minutes(minutes_id=minutes.pk, user=user, opinion="", now=after(round_))


def test_minutes_that_say_something_else_than_the_rows_are_withdrawn_and_made_anew():
    round_ = discussed(proposals=1)
    minutes = make(round_)
    sign(minutes, 0)
    assert not is_stale(minutes)
    Score.objects.filter(sheet__round=round_).update(reason="Інше.")
    assert is_stale(minutes)
    for refused in (lambda: sign(minutes, 1), lambda: make(round_)):
        with pytest.raises(StepRefused):
            refused()
    with pytest.raises(StepRefused):
        withdraw_minutes(minutes_id=minutes.pk, user=official_of(round_), reason=" ", now=after(round_))
    withdraw_minutes(minutes_id=minutes.pk, user=official_of(round_), reason="Описка.", now=after(round_))
    minutes.refresh_from_db()
    assert (minutes.state, minutes.signatures.count()) == (MinutesState.WITHDRAWN, 1)
    assert make(round_).number == 2
