"""The decision whether to order: whole when it is taken, never edited after, late ones accepted and counted as late."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.planning import orders
from procurement.domain.planning.budgets import correct_budget_act
from procurement.models import BudgetAct, OrderDecision, ProcedureGround, Programme
from procurement.queries.orders import OrderState, acts_on, counts_of, current_decision_of, in_state, lines_of
from tests.factories.orders import (
    NOW,
    budget_facts,
    item_values,
    make_budget_act,
    make_draft_decision,
    make_taken_decision,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def take(draft, user, now=NOW):
    return orders.take_decision(decision_id=draft.pk, user=user, now=now)


def correct(decision, user, reason="Помилка в сумі."):
    return orders.correct_decision(decision_id=decision.pk, user=user, reason=reason, now=NOW)


# --- taking ------------------------------------------------------------------------------------------------------------


def test_taken_decision_is_stamped_and_logged(official, act):
    decision = make_taken_decision(act, official)

    entry = LogEntry.objects.get(seq=decision.log_seq)
    assert (decision.state, decision.taken_at) == ("taken", NOW)
    assert (entry.tag, entry.subject, entry.clause) == (
        "procurement:order:take",
        f"procurement.order:{decision.pk}",
        "450",
    )
    told = json.loads(entry.payload)
    assert len(told.pop("content")) == 64
    assert told == {
        "budget": decision.budget_act_id,
        "days_late": 0,
        "decided_on": "2027-01-14",
        "due_on": "2027-03-01",
        "hromada": decision.hromada.code,
        "outcome": "order",
        "supersedes": None,
    }
    assert audit.verify() is None


def test_refusal_to_take_names_all_that_is_missing_at_once(official, act):
    draft = orders.start_decision(act_id=act.pk, user=official, now=NOW)

    with pytest.raises(orders.NotComplete) as refused:
        take(draft, official)

    assert [lack.field for lack in refused.value.lacks] == ["outcome", "decided_on", "number", "body", "document"]
    assert not LogEntry.objects.filter(tag="procurement:order:take").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"decided_on": date(2027, 1, 21)}, "decided_on"),
        ({"decided_on": date(2026, 12, 18)}, "decided_on"),
        ({"outcome": "not_order"}, "grounds"),
        ({"number": "  "}, "number"),
        ({"url": ""}, "document"),
    ],
)
def test_decision_that_is_not_whole_is_not_taken(official, act, values, field):
    draft = make_draft_decision(act, official, **values)

    with pytest.raises(orders.NotComplete) as refused:
        take(draft, official)

    assert [lack.field for lack in refused.value.lacks] == [field]


def test_order_without_services_and_refusal_with_them_are_not_taken(official, act):
    draft = make_draft_decision(act, official)
    item = draft.items.get()
    orders.remove_item(decision_id=draft.pk, item_id=item.pk, user=official)
    with pytest.raises(orders.NotComplete):
        take(draft, official)
    orders.put_item(decision_id=draft.pk, user=official, values=item_values())
    values = {"outcome": "not_order", "grounds": "Надавач є."}
    orders.describe_decision(decision_id=draft.pk, user=official, values=values)

    with pytest.raises(orders.NotComplete) as refused:
        take(draft, official)

    assert [lack.field for lack in refused.value.lacks] == ["items"]


def test_late_decision_is_accepted_and_late_by_its_days(official, act):
    late = datetime(2027, 3, 9, 9, tzinfo=UTC)
    decision = make_taken_decision(act, official, now=late, decided_on=date(2027, 3, 8))

    (line,) = lines_of(acts_on(date(2027, 3, 9)), date(2027, 3, 9))
    assert (line.state, line.days, line.decision_id) == (OrderState.LATE, 7, decision.pk)
    assert '"days_late":7' in LogEntry.objects.get(seq=decision.log_seq).payload


def test_decision_published_late_but_taken_in_time_is_in_time(official, act):
    make_taken_decision(act, official, now=datetime(2027, 3, 9, 9, tzinfo=UTC), decided_on=date(2027, 3, 1))

    (line,) = lines_of(acts_on(date(2027, 3, 9)), date(2027, 3, 9))
    assert line.state == OrderState.IN_TIME


def test_one_decision_stands_on_an_act(official, act, read_in_english):
    make_taken_decision(act, official)

    with pytest.raises(StepRefused, match="already a decision"):
        orders.start_decision(act_id=act.pk, user=official, now=NOW)


def test_draft_is_begun_once(official, act):
    first = orders.start_decision(act_id=act.pk, user=official, now=NOW)

    assert orders.start_decision(act_id=act.pk, user=official, now=NOW) == first


def test_decision_on_a_corrected_act_counts_for_the_right_one(official, act, read_in_english):
    decision = make_taken_decision(act, official)
    right = correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Так.", now=NOW)

    assert current_decision_of(right) == decision
    (line,) = lines_of(acts_on(NOW.date()), NOW.date())
    assert (line.act, line.decision_id, line.state) == (right, decision.pk, OrderState.IN_TIME)
    with pytest.raises(StepRefused, match="already a decision"):
        orders.start_decision(act_id=right.pk, user=official, now=NOW)


def test_draft_begun_on_a_wrong_act_is_taken_on_the_right_one(official, act):
    draft = make_draft_decision(act, official)
    correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Так.", now=NOW)

    assert take(draft, official).budget_act.number == "6"


# --- never edited ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda pk, user: orders.describe_decision(decision_id=pk, user=user, values={"number": "18"}),
        lambda pk, user: orders.put_item(decision_id=pk, user=user, values=item_values()),
        lambda pk, user: orders.remove_item(decision_id=pk, item_id=1, user=user),
        lambda pk, user: orders.detach_decision_file(decision_id=pk, user=user),
        lambda pk, user: orders.discard_decision(decision_id=pk, user=user),
        lambda pk, user: orders.take_decision(decision_id=pk, user=user, now=NOW),
    ],
)
def test_taken_decision_is_not_changed(official, act, change):
    decision = make_taken_decision(act, official)
    before = list(OrderDecision.objects.values()), list(decision.items.values())

    with pytest.raises(StepRefused):
        change(decision.pk, official)

    assert (list(OrderDecision.objects.values()), list(decision.items.values())) == before


def test_correction_starts_as_a_copy_and_stands_only_when_it_is_taken(official, act):
    decision = make_taken_decision(act, official)

    draft = correct(decision, official)
    assert current_decision_of(act) == decision
    assert [item.service_type.slug for item in draft.items.all()] == ["home-care"]
    orders.describe_decision(decision_id=draft.pk, user=official, values={"number": "18"})
    right = take(draft, official)

    assert current_decision_of(act) == right
    decision.refresh_from_db()
    assert (decision.number, decision.state, decision.items.count()) == ("17", "taken", 1)
    assert right.supersedes == decision


def test_correction_is_begun_once_and_made_once(official, act, read_in_english):
    decision = make_taken_decision(act, official)
    draft = correct(decision, official)

    assert correct(decision, official, "Інша причина.") == draft
    take(draft, official)
    with pytest.raises(StepRefused, match="corrected already"):
        correct(decision, official)


def test_correction_needs_a_reason_and_a_taken_decision(official, act, read_in_english):
    draft = make_draft_decision(act, official)
    with pytest.raises(StepRefused, match="draft"):
        correct(draft, official)
    take(draft, official)

    with pytest.raises(StepRefused, match="why"):
        correct(draft, official, " ")


def test_database_refuses_a_second_decision_and_one_without_stamps(official, act):
    decision = make_taken_decision(act, official)

    with pytest.raises(IntegrityError):
        OrderDecision.objects.filter(pk=decision.pk).update(outcome="not_order")


# --- whose it is -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["start", "describe", "item", "take", "correct", "discard"])
def test_official_of_another_hromada_takes_no_step(official, neighbour, act, step):
    draft = make_draft_decision(act, official)
    calls = {
        "start": lambda: orders.start_decision(act_id=act.pk, user=neighbour, now=NOW),
        "describe": lambda: orders.describe_decision(decision_id=draft.pk, user=neighbour, values={"number": "1"}),
        "item": lambda: orders.put_item(decision_id=draft.pk, user=neighbour, values=item_values()),
        "take": lambda: take(draft, neighbour),
        "correct": lambda: correct(draft, neighbour),
        "discard": lambda: orders.discard_decision(decision_id=draft.pk, user=neighbour),
    }

    with pytest.raises(PermissionDenied):
        calls[step]()

    assert OrderDecision.objects.get().state == "draft"


def test_programme_and_ground_are_the_right_ones(places, official, act, read_in_english):
    draft = make_draft_decision(act, official)
    foreign = Programme.objects.create(
        hromada=places.odesa_hromada,
        title="Чужа",
        year_from=2027,
        year_to=2027,
        act_number="1",
        act_on=date(2026, 12, 1),
        created_at=NOW,
    )
    ground = ProcedureGround.objects.create(
        slug="no-money", use="cancellation", text_uk="Немає грошей.", valid_from=date(2020, 1, 1)
    )

    with pytest.raises(StepRefused, match="another hromada"):
        orders.describe_decision(decision_id=draft.pk, user=official, values={"programme": foreign})
    with pytest.raises(StepRefused, match="another step"):
        orders.describe_decision(decision_id=draft.pk, user=official, values={"ground": ground})


# --- its file ----------------------------------------------------------------------------------------------------------


def test_file_is_read_by_everybody_once_the_decision_is_taken(official, neighbour, act, sign_in):
    draft = make_draft_decision(act, official, url="")
    file = SimpleUploadedFile("рішення.pdf", PDF, "application/pdf")
    draft = orders.attach_decision_file(decision_id=draft.pk, user=official, file=file, now=NOW)
    address = f"/files/{draft.document_id}/"

    before = [client.get(address).status_code for client in (sign_in(official), sign_in(neighbour), Client())]
    take(draft, official)

    assert before == [200, 404, 404]
    assert Client().get(address).status_code == 200


# --- lists -------------------------------------------------------------------------------------------------------------


def test_counts_and_states_follow_the_day(places, official):
    # each act in a year of its own: due, overdue, in time, late, not to order
    now = datetime(2027, 2, 1, 9, tzinfo=UTC)
    acts = [
        make_budget_act(user=official, now=now, kind="amended", adopted_on=on, number=str(on))
        for on in (date(2027, 1, 20), date(2026, 12, 1), date(2027, 1, 5), date(2026, 12, 2), date(2027, 1, 6))
    ]
    make_taken_decision(acts[2], official, now=now, decided_on=date(2027, 1, 30))
    make_taken_decision(acts[3], official, now=now, decided_on=date(2027, 1, 31))
    make_taken_decision(acts[4], official, now=now, decided_on=date(2027, 1, 30), outcome="not_order", grounds="Усе є.")
    rows = acts_on(now.date())

    counts = counts_of(rows)

    assert counts == {
        "n_overdue": 1,
        "n_due": 1,
        "n_without_term": 0,
        "n_late": 1,
        "n_in_time": 2,
        "n_decided": 0,
        "n_not_order": 1,
        "n_all": 5,
    }
    assert [line.days for line in lines_of(in_state(rows, "overdue"), now.date())] == [32]
    assert in_state(rows, "not_order").get() == acts[4]
    # on the last day it is not overdue yet
    last = acts[0].decision_due_on
    assert in_state(acts_on(last), "due").filter(pk=acts[0].pk).exists()
    assert in_state(acts_on(last + timedelta(days=1)), "overdue").filter(pk=acts[0].pk).exists()


def test_what_rests_on_an_invented_act_is_invented_too(official, act):
    BudgetAct.objects.filter(pk=act.pk).update(is_demo=True)

    decision = make_taken_decision(act, official)
    right = correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Так.", now=NOW)

    assert (decision.is_demo, correct(decision, official).is_demo, right.is_demo) == (True, True, True)
