"""Budget acts: entered once by who answers for the hromada, public at once, corrected by another that supersedes."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.planning.budgets import correct_budget_act, enter_budget_act
from procurement.models import BudgetAct
from procurement.queries.orders import current_act_of
from tests.factories.accounts import make_official
from tests.factories.orders import NOW, budget_facts, make_budget_act, make_draft_decision, make_taken_decision

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def enter(places, user, **facts):
    return enter_budget_act(hromada_id=places.dykanska.pk, user=user, facts=budget_facts(**facts), now=NOW)


def test_act_is_logged_without_what_a_person_wrote(places, official):
    act = enter(places, official, note="Ключ 3184710691", number="5 / 3184710691")

    entry = LogEntry.objects.get(seq=act.log_seq)
    assert (entry.tag, entry.subject) == ("procurement:budget:enter", f"procurement.budget:{act.pk}")
    assert (entry.actor_role, '"due_on":"2027-03-01"' in entry.payload) == ("commissioner", True)
    assert "3184710691" not in entry.payload
    assert audit.verify() is None


@pytest.mark.parametrize("role", ["registrar", "approver", "auditor", "editor"])
def test_act_is_entered_by_commissioners_alone(places, role):
    with pytest.raises(PermissionDenied):
        enter(places, make_official(role, places.dykanska))

    assert not BudgetAct.objects.exists()


def test_act_of_another_hromada_is_not_entered(places, neighbour):
    with pytest.raises(PermissionDenied):
        enter(places, neighbour)


def test_scope_of_an_oblast_holds_its_hromadas(places):
    assert enter(places, make_official("commissioner", places.poltavska)).hromada == places.dykanska


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"adopted_on": date(2027, 2, 1)}, "later than today"),
        ({"year": 2029}, "do not go together"),
        ({"number": " "}, "no number"),
        ({"number": "6"}, "already entered"),
        ({"kind": "amended", "adopted_on": date(2027, 1, 10), "number": "7"}, "already entered"),
    ],
)
def test_impossible_act_is_refused_with_the_reason(places, official, facts, reason, read_in_english):
    enter(places, official)
    enter(places, official, kind="amended", adopted_on=date(2027, 1, 10), number="7")

    with pytest.raises(StepRefused, match=reason):
        enter(places, official, **facts)


def test_corrected_act_stays_and_the_right_one_stands(places, official, act):
    right = correct_budget_act(
        act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Не той номер.", now=NOW
    )
    last = correct_budget_act(
        act_id=right.pk, user=official, facts=budget_facts(number="7"), reason="Знову не той.", now=NOW
    )

    assert [row.number for row in BudgetAct.objects.order_by("pk")] == ["5-12/VIII", "6", "7"]
    assert [current_act_of(row) for row in (act, right, last)] == [last] * 3
    assert LogEntry.objects.get(seq=last.log_seq).tag == "procurement:budget:correct"


def test_corrected_act_is_not_corrected_twice(places, official, act, read_in_english):
    correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Так.", now=NOW)

    with pytest.raises(StepRefused, match="corrected already"):
        correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="8"), reason="Ні.", now=NOW)


def test_correction_needs_a_reason(official, act, read_in_english):
    with pytest.raises(StepRefused, match="why"):
        correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason=" ", now=NOW)


def test_correction_takes_drafts_along_and_leaves_what_was_taken(places, official, act):
    amended = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 10), number="7")
    draft, taken = make_draft_decision(act, official), make_taken_decision(amended, official)

    right = correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Так.", now=NOW)
    facts = budget_facts(kind="amended", adopted_on=date(2027, 1, 10), number="8")
    correct_budget_act(act_id=amended.pk, user=official, facts=facts, reason="Так.", now=NOW)

    draft.refresh_from_db()
    taken.refresh_from_db()
    assert (draft.budget_act, taken.budget_act) == (right, amended)


def test_database_keeps_one_adopted_budget_a_year(places, act):
    with pytest.raises(IntegrityError):
        BudgetAct.objects.create(
            hromada=act.hromada, kind="adopted", year=2027, adopted_on=act.adopted_on, number="9", entered_at=NOW
        )


def test_database_wants_the_reason_of_a_correction(act):
    with pytest.raises(IntegrityError, match=r"budget_correction_has_its_reason|CHECK"):
        BudgetAct.objects.filter(pk=act.pk).update(correction="Без попередника.")
