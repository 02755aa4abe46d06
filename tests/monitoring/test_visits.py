"""Sendings of a visit: put together, taken once, judged by the day of the visit, concluded when whole."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import FindingState, VisitState
from procurement.domain.monitoring.conclusions import gaps_of
from procurement.domain.monitoring.merging import mark_of, others_of, told_by
from procurement.domain.monitoring.sendings import VisitFaultsError
from procurement.domain.monitoring.visits import choose_checklist, conclude
from procurement.models import Finding, VisitAnswer, VisitSubmission
from tests.factories.accounts import make_mandate
from tests.factories.contracts import NOW, make_contract, make_typed_ground
from tests.factories.monitoring import make_checklist, make_visit
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories
from tests.monitoring.acting import DUE, all_seen, planned, provider_of, seen, send

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def visit(db):
    return planned(make_contract())


def answers_of(visit):
    return {row.code: row.answer for row in visit.answers.all()}


def test_first_sending_holds_the_visit(visit):
    send(visit, all_seen(journal=seen("breach")), place="вул. Миру, 1", present="директор", notes="Тихо.")

    visit.refresh_from_db()
    assert (visit.state, visit.held_on, visit.visitor) == (
        VisitState.HELD,
        date(2027, 7, 14),
        visit.contract.created_by,
    )
    assert (visit.place, visit.present, visit.notes) == ("вул. Миру, 1", "директор", "Тихо.")
    assert answers_of(visit) == {"individual-plan": "ok", "journal": "breach", "schedule": "ok"}
    assert list(visit.contract.steps.values_list("thing", "step")) == [("visit", "hold")]


def test_same_key_is_taken_once(visit):
    key = uuid4()

    first = send(visit, {"journal": seen("breach")}, key=key)
    again = send(visit, {"journal": seen("ok")}, key=key)

    assert (first.pk, VisitSubmission.objects.count(), answers_of(visit)) == (again.pk, 1, {"journal": "breach"})


def test_key_of_another_visit_is_refused(visit):
    key = send(visit, {}).key

    with pytest.raises(StepRefused):
        send(planned(visit.contract), {}, key=key)


def test_log_has_a_digest_and_no_words(visit):
    sent = send(visit, {"journal": seen("breach", note="Пояснила Марія")}, notes="Таємниця")

    entry = LogEntry.objects.get(tag="procurement:visit:hold")
    assert json.loads(entry.payload) == {"id": str(visit.pk), "number": 1, "digest": sent.digest}


def test_two_devices_answer_different_items_and_both_count(visit):
    send(visit, {"journal": seen("breach")}, device="phone")
    send(visit, {"schedule": seen("ok")}, device="tablet")

    assert answers_of(visit) == {"journal": "breach", "schedule": "ok"}
    assert [row.other for row in visit.answers.all()] == [{}, {}]


@pytest.mark.parametrize("arrives_first", ["phone", "tablet"])
def test_later_answer_counts_whichever_arrives_first_and_the_other_is_kept(visit, arrives_first):
    sent = {"phone": seen("breach", note="нема", at=NOW - timedelta(hours=3)), "tablet": seen("ok", at=NOW)}
    second = "tablet" if arrives_first == "phone" else "phone"

    send(visit, {"journal": sent[arrives_first]}, device=arrives_first)
    send(visit, {"journal": sent[second]}, device=second)

    row = visit.answers.get()
    assert (row.answer, row.device, [(one["answer"], one["note"], one["device"]) for one in others_of(row)]) == (
        "ok",
        "tablet",
        [("breach", "нема", "phone")],
    )


def test_third_device_leaves_both_others_readable(visit):
    for hours, (device, answer) in enumerate((("a", "ok"), ("b", "breach"), ("c", "not_seen"))):
        send(visit, {"journal": seen(answer, at=NOW + timedelta(minutes=hours))}, device=device)

    row = visit.answers.get()
    assert (row.answer, [one["answer"] for one in others_of(row)]) == ("not_seen", ["breach", "ok"])


def test_answer_that_lost_sent_anew_is_kept_once(visit):
    lost = seen("breach", at=NOW - timedelta(hours=3))
    send(visit, {"journal": seen("ok")}, device="tablet")
    for _time in range(2):
        send(visit, {"journal": lost}, device="phone")

    assert len(others_of(visit.answers.get())) == 1


def test_own_answer_changed_contests_nothing(visit):
    send(visit, {"journal": seen("breach")})
    send(visit, {"journal": seen("ok", at=LATER)}, now=LATER)

    row = visit.answers.get()
    assert (row.answer, row.other) == ("ok", {})


def test_own_older_answer_changes_nothing(visit):
    send(visit, {"journal": seen("ok")})
    send(visit, {"journal": seen("breach", at=NOW - timedelta(hours=1))})

    assert answers_of(visit) == {"journal": "ok"}


def test_answer_changed_knowingly_contests_nothing(visit):
    send(visit, {"journal": seen("breach")}, device="phone")
    base = mark_of(told_by(visit.answers.get()))

    send(visit, {"journal": seen("ok", at=LATER, base=base)}, device="desk", now=LATER)

    row = visit.answers.get()
    assert (row.answer, row.device, row.other) == ("ok", "desk", {})


def test_clock_that_runs_ahead_does_not_win_for_ever(visit):
    send(visit, {"journal": seen("breach", at=NOW + timedelta(days=400))}, device="phone")
    send(visit, {"journal": seen("ok", at=LATER)}, device="tablet", now=LATER)

    assert answers_of(visit) == {"journal": "ok"}


def test_notes_of_two_devices_both_stay(visit):
    send(visit, {}, notes="Перша.", device="phone")
    send(visit, {}, notes="Друга.", device="tablet")
    send(visit, {}, notes="Друга.", device="tablet")

    visit.refresh_from_db()
    assert visit.notes == "Перша.\n\nДруга."


def test_notes_changed_knowingly_are_replaced(visit):
    send(visit, {}, notes="Перша.")
    send(visit, {}, notes="Виправлено.", was={"notes": "Перша."})

    visit.refresh_from_db()
    assert visit.notes == "Виправлено."


def test_unknown_items_and_keys_are_left_out(visit):
    sent = send(visit, {"no-such-item": seen("ok"), "extra-1f": seen("breach")}, colour="red")

    assert answers_of(visit) == {"extra-1f": "breach"}
    assert set(sent.content) == {"held_on", "answers"}


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ({"held_on": "nope"}, ["held_on"]),
        ({"held_on": "2027-07-15"}, ["held_on"]),
        ({"held_on": "2027-02-01"}, ["held_on"]),
        ({"answers": {"journal": {"answer": "perhaps"}}}, ["journal-answer"]),
        ({"notes": "а" * 8001, "place": "а" * 301}, ["notes", "place"]),
    ],
)
def test_fault_is_told_by_its_field_and_nothing_is_taken(visit, content, places):
    with pytest.raises(VisitFaultsError) as refused:
        send(visit, **content)

    assert (sorted(refused.value.faults), VisitSubmission.objects.count()) == (places, 0)


def test_faults_of_a_finding_are_told_by_field(visit):
    with pytest.raises(VisitFaultsError) as refused:
        send(visit, {"journal": seen("breach", severity="huge", due_on="soon")})

    assert sorted(refused.value.faults) == ["journal-due_on", "journal-severity"]


def test_visit_held_before_the_end_is_taken_after_it(db):
    visit = planned(make_contract("closed"))

    send(visit, {}, now=NOW + timedelta(days=2))

    visit.refresh_from_db()
    assert visit.held_on == date(2027, 7, 14)
    with pytest.raises(VisitFaultsError):
        send(visit, {}, held_on="2027-07-16", now=NOW + timedelta(days=2))


def test_stranger_sends_nothing(visit):
    elsewhere = make_official_who_orders(make_territories().odesa_hromada)
    own = make_official_who_orders()
    make_mandate(own, visit.contract.contractor)

    for user in (provider_of(visit.contract), elsewhere, own):
        with pytest.raises(PermissionDenied):
            send(visit, {}, user=user)


@pytest.mark.parametrize("state", [VisitState.CONCLUDED, VisitState.CANCELLED])
def test_nothing_is_taken_of_a_visit_that_is_over(db, state):
    with pytest.raises(StepRefused):
        send(make_visit(make_contract(), state), {})


def test_other_checklist_is_chosen_before_the_first_answer_only(visit):
    other = make_checklist("other")

    choose_checklist(visit_id=visit.pk, user=visit.contract.created_by, checklist_id=other.pk, now=NOW)
    visit.refresh_from_db()
    assert visit.checklist == other
    send(visit, {})
    with pytest.raises(StepRefused):
        choose_checklist(visit_id=visit.pk, user=visit.contract.created_by, checklist_id=other.pk, now=NOW)


# --- the conclusion --------------------------------------------------------------------------------------------------


def conclusion(visit, text="Послуга надається, є відхилення.", now=LATER):
    return conclude(visit_id=visit.pk, user=visit.contract.created_by, conclusion=text, now=now)


def test_gaps_are_all_told_at_once(visit):
    send(visit, {"journal": {"answer": "breach"}})
    visit.refresh_from_db()

    assert [(gap.code, gap.name) for gap in gaps_of(visit, LATER)] == [
        ("individual-plan", ""),
        ("schedule", ""),
        ("journal", "kind"),
        ("journal", "severity"),
        ("journal", "citation"),
        ("journal", "text"),
        ("journal", "due_on"),
    ]
    with pytest.raises(StepRefused):
        conclusion(visit)


def test_term_that_passed_before_the_conclusion_is_a_gap(visit):
    send(visit, all_seen(journal=seen("breach", due_on="2027-07-14")))
    visit.refresh_from_db()

    assert [(gap.code, gap.name) for gap in gaps_of(visit, LATER)] == [("journal", "due_on")]


def test_conclusion_makes_findings_of_what_is_not_met(visit):
    send(visit, {**all_seen(schedule=seen("breach", text="Запізнення.")), "extra-a1": seen("breach", text="Інше.")})

    concluded = conclusion(visit)

    findings = list(Finding.objects.order_by("number"))
    assert [(one.number, one.code, one.text, one.state) for one in findings] == [
        (1, "schedule", "Запізнення.", FindingState.OPEN),
        (2, "", "Інше.", FindingState.OPEN),
    ]
    assert {(one.kind, one.severity, one.due_on) for one in findings} == {
        (make_typed_ground("violation"), "major", date.fromisoformat(DUE))
    }
    assert (concluded.state, concluded.concluded_at) == (VisitState.CONCLUDED, LATER)
    entry = LogEntry.objects.get(tag="procurement:visit:conclude")
    assert json.loads(entry.payload)["findings"] == {"major": 2}
    assert {one.log_seq for one in findings} == {entry.seq} == {concluded.log_seq}


def test_findings_are_numbered_on_through_the_contract(visit):
    send(visit, all_seen(journal=seen("breach")))
    conclusion(visit)
    second = planned(visit.contract)
    send(second, all_seen(schedule=seen("breach")))
    conclusion(second)

    assert list(Finding.objects.values_list("visit", "number")) == [(visit.pk, 1), (second.pk, 2)]


def test_conclusion_needs_words_and_is_taken_once(visit):
    send(visit, all_seen())
    with pytest.raises(StepRefused):
        conclusion(visit, "  ")
    conclusion(visit)
    with pytest.raises(StepRefused):
        conclusion(visit)

    assert Finding.objects.count() == 0


def test_visit_that_was_not_held_is_not_concluded(visit):
    with pytest.raises(StepRefused):
        conclusion(visit)

    assert VisitAnswer.objects.count() == 0
