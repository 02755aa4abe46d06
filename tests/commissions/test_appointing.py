"""A commission from its draft to its end: what it must have, who is in it, what the log and the public know."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.commissions import (
    appoint,
    assign_commission,
    create_commission,
    discard_commission,
    dissolve,
    lacks_of,
    save_commission,
)
from procurement.domain.evaluation.members import end_membership, put_member, remove_member
from procurement.models import CommissionMember, CompetitionCommission, EvaluationStep, ScoreSheet
from tests.factories.accounts import make_official, make_person
from tests.factories.evaluation import fill_sheets, make_commission
from tests.factories.ordering import NOW, make_commissioner, make_official_who_orders
from tests.factories.procurement import make_call, make_published
from tests.factories.registry import make_territories, next_edrpou
from tests.factories.rule_profiles import make_profile, make_rules

pytestmark = pytest.mark.django_db
ACT = {"act_number": "17", "act_on": date(2027, 1, 10), "act_body": "Диканська селищна рада"}
ROLES = ("chair", "secretary", "deputy", "member", "member")


@pytest.fixture
def official():
    make_rules()
    return make_official_who_orders(make_territories().dykanska)


@pytest.fixture
def draft(official):
    return create_commission(
        user=official, commissioner_id=make_commissioner().pk, title=" Конкурсна комісія ", now=NOW
    )


def name(commission, official, role="member", **values):
    told = {"name": "Гнатюк Марія", "email": make_person().email, "role": role, "body": "Відділ освіти", **values}
    return put_member(commission_id=commission.pk, user=official, values=told, now=NOW)


def name_everybody(commission, official):
    return [name(commission, official, role) for role in ROLES]


def ready(commission, official):
    name_everybody(commission, official)
    save_commission(commission_id=commission.pk, user=official, values=ACT, now=NOW)
    return appoint(commission_id=commission.pk, user=official, now=NOW)


def test_draft_is_begun_for_ones_own_hromada_alone(official, draft):
    stranger = make_official("commissioner", make_territories().odesa_hromada)

    assert (draft.title, draft.hromada, draft.state) == ("Конкурсна комісія", make_territories().dykanska, "draft")
    with pytest.raises(PermissionDenied):
        create_commission(user=stranger, commissioner_id=make_commissioner().pk, title="Чужа", now=NOW)
    with pytest.raises(PermissionDenied):
        save_commission(commission_id=draft.pk, user=stranger, values=ACT, now=NOW)


def test_everything_that_lacks_is_named_at_once(official, draft):
    lacks = lacks_of(draft, NOW)

    assert [one.field for one in lacks] == ["act_number", "act_on", "act_body", "members", "members", "members"]
    fewest = str(lacks[3].text)
    assert "5" in fewest
    assert "0" in fewest
    with pytest.raises(StepRefused):
        appoint(commission_id=draft.pk, user=official, now=NOW)


def test_number_of_members_is_not_guessed(official):
    make_profile(policy={"commission_min": None})
    commission = create_commission(user=official, commissioner_id=make_commissioner().pk, title="Комісія", now=NOW)
    save_commission(commission_id=commission.pk, user=official, values=ACT, now=NOW)
    name(commission, official, "chair"), name(commission, official, "secretary")

    commission.refresh_from_db()
    assert lacks_of(commission, NOW) == []


def test_appointed_commission_is_logged_without_names(official, draft):
    appointed = ready(draft, official)

    entry = LogEntry.objects.get(seq=appointed.log_seq)
    assert (appointed.state, appointed.appointed_at) == ("appointed", NOW)
    assert (entry.tag, entry.subject) == (
        "procurement:competitioncommission:appoint",
        f"procurement.commission:{draft.pk}",
    )
    everything = "".join(LogEntry.objects.values_list("payload", flat=True))
    assert "Гнатюк" not in everything
    assert "@" not in everything
    with pytest.raises(StepRefused):
        save_commission(commission_id=draft.pk, user=official, values={"title": "Інша"}, now=NOW)


def test_act_of_tomorrow_appoints_nobody(official, draft):
    name_everybody(draft, official)
    save_commission(commission_id=draft.pk, user=official, values={**ACT, "act_on": date(2027, 1, 21)}, now=NOW)

    with pytest.raises(StepRefused):
        appoint(commission_id=draft.pk, user=official, now=NOW)


def test_database_keeps_the_act_of_what_is_appointed(draft):
    with pytest.raises(IntegrityError, match="commission_appointed_has_its_act"), transaction.atomic():
        CompetitionCommission.objects.filter(pk=draft.pk).update(state="appointed")


def test_nobody_is_named_twice_and_there_is_one_chair(official, draft):
    chair = name(draft, official, "chair")

    with pytest.raises(StepRefused):
        name(draft, official, email=chair.email.upper())
    with pytest.raises(StepRefused):
        name(draft, official, "chair")
    with pytest.raises(StepRefused):
        name(draft, official, body_code="12345679")
    with pytest.raises(StepRefused):
        name(draft, official, email="")


def test_draft_is_rewritten_and_thrown_away(official, draft):
    member = name(draft, official, body_code=next_edrpou())
    other = make_person()

    changed = put_member(
        commission_id=draft.pk,
        user=official,
        member_id=member.pk,
        values={"name": "Інша", "email": other.email},
        now=NOW,
    )
    assert (changed.name, changed.user, changed.role) == ("Інша", other, "member")
    remove_member(member_id=member.pk, user=official, now=NOW)
    assert not CommissionMember.objects.exists()
    discard_commission(commission_id=draft.pk, user=official, now=NOW)
    assert not CompetitionCommission.objects.exists()


# --- once appointed --------------------------------------------------------------------------------------------------


def test_member_enters_an_appointed_commission_by_an_act(official, draft):
    ready(draft, official)
    act = {"act_number": "19", "act_on": date(2027, 1, 19), "since": date(2027, 1, 20)}

    with pytest.raises(StepRefused):
        name(draft, official)
    added = name(draft, official, **act)

    step = EvaluationStep.objects.get(thing="commissionmember", key=str(added.pk), step="add")
    assert "19" in step.comment
    entries = LogEntry.objects.filter(tag="procurement:commissionmember:add", payload__contains='"act":"19"')
    assert entries.count() == 1
    with pytest.raises(StepRefused):
        put_member(commission_id=draft.pk, user=official, member_id=added.pk, values={"name": "Інша"}, now=NOW)
    with pytest.raises(StepRefused):
        remove_member(member_id=added.pk, user=official, now=NOW)


def test_membership_is_ended_with_a_reason(official, draft):
    ready(draft, official)
    member = draft.members.last()
    CommissionMember.objects.filter(pk=member.pk).update(since=date(2027, 1, 10))

    ended = end_membership(
        member_id=member.pk, user=official, until=date(2027, 1, 20), reason="Розпорядження № 21", now=NOW
    )

    assert ended.until == date(2027, 1, 20)
    assert EvaluationStep.objects.get(step="end").comment == "Розпорядження № 21"
    for until, reason in ((date(2027, 1, 20), "Ще раз"), (date(2027, 2, 1), "Завтра")):
        with pytest.raises(StepRefused):
            end_membership(member_id=member.pk, user=official, until=until, reason=reason, now=NOW)


def test_member_with_filed_scores_stays_until_the_minutes(hall):
    round_ = hall.round("scoring")
    until = hall.now.date()
    fill_sheets(round_)

    with pytest.raises(StepRefused):
        end_membership(member_id=hall.members[4].pk, user=hall.official, until=until, reason="Звільнення", now=hall.now)


def test_draft_sheet_of_who_leaves_lapses(hall):
    hall.round("scoring")
    member = hall.members[4]

    end_membership(
        member_id=member.pk, user=hall.official, until=hall.now.date(), reason="Звільнення, наказ № 5", now=hall.now
    )

    assert ScoreSheet.objects.get(member=member).state == "lapsed"


def test_commission_at_work_is_not_dissolved(hall):
    hall.round("scoring")

    with pytest.raises(StepRefused):
        dissolve(commission_id=hall.commission.pk, user=hall.official, reason="Нова комісія", now=hall.now)


def test_dissolved_commission_stays_readable_and_is_given_to_nobody(hall):
    ended = dissolve(commission_id=hall.commission.pk, user=hall.official, reason="Строк минув", now=hall.now)

    assert (ended.state, ended.end_reason) == ("dissolved", "Строк минув")
    with pytest.raises(StepRefused):
        dissolve(commission_id=hall.commission.pk, user=hall.official, reason="Ще раз", now=hall.now)
    with pytest.raises(StepRefused):
        assign_commission(
            competition_id=hall.competition.pk, commission_id=hall.commission.pk, user=hall.official, now=hall.now
        )


# --- given to a competition ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_call, make_published])
def test_commission_is_given_to_a_competition(official, draft, make):
    ready(draft, official)
    competition = make(user=official, now=NOW - timedelta(days=1))

    given = assign_commission(competition_id=competition.pk, commission_id=draft.pk, user=official, now=NOW)

    assert given.commission_id == draft.pk
    subject = f"procurement.competition:{given.number}" if given.number else f"procurement.commission:{draft.pk}"
    assert LogEntry.objects.get(tag="procurement:competitioncommission:assign").subject == subject


def test_draft_or_strange_commission_is_not_given(hall):
    draft = make_commission(state="draft", members=0, appointed_at=None)
    strange = make_commission(commissioner=make_commissioner(hall.places.odesa_hromada))

    for one in (draft, strange):
        with pytest.raises(StepRefused):
            assign_commission(
                competition_id=hall.competition.pk, commission_id=one.pk, user=hall.official, now=hall.now
            )


def test_commission_is_not_exchanged_once_it_has_begun(hall):
    other = make_commission()
    give = {"competition_id": hall.competition.pk, "user": hall.official, "now": hall.now}

    assert assign_commission(commission_id=other.pk, **give).commission_id == other.pk
    assign_commission(commission_id=hall.commission.pk, **give)
    round_ = hall.round("admission")
    with pytest.raises(StepRefused):
        assign_commission(commission_id=other.pk, **give)
    round_.__class__.objects.filter(pk=round_.pk).update(state="annulled")
    assert assign_commission(commission_id=other.pk, **give).commission_id == other.pk


def test_nobody_is_told_of_the_draft_but_who_is_named(official, draft):
    member = name(draft, official)

    assert [letter.payload["to"] for letter in OutboxMessage.objects.filter(kind="mail")] == [[member.email]]
