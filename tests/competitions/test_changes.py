"""Changes, extensions and ends of an announced competition: each a version, judged by the rules it has from the start."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry, RuleProfile
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import calling, phases
from procurement.domain.calls.calling import NotReady, change_bar
from procurement.domain.calls.freezing import rules_of
from procurement.enums import ProposalState
from procurement.models import Competition, Proposal, ProposalStep
from procurement.timetable import Verdict
from tests.factories import procurement as made
from tests.factories.accounts import make_official
from tests.factories.ordering import NOW
from tests.factories.procurement import make_bidder, make_published
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground, make_profile

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATER = NOW + DAY


def put_proposal(competition: Competition, state: str = ProposalState.SUBMITTED) -> Proposal:
    """Return a row as submission leaves it; what it says is not looked at here."""
    organisation, person = make_bidder()
    is_submitted = state in (ProposalState.SUBMITTED, ProposalState.UNCONFIRMED)
    return Proposal.objects.create(
        competition=competition,
        organisation=organisation,
        state=state,
        competition_version=made.last_version(competition),
        draft=b"x",
        draft_key=b"k",
        created_by=person,
        created_at=NOW,
        saved_at=NOW,
        number=competition.proposals.count() + 1 if is_submitted else None,
        submitted_at=NOW if is_submitted else None,
    )


# --- changing ------------------------------------------------------------------------------------------------------


def test_a_change_makes_a_version_and_bidders_confirm_again():
    competition = make_published()
    waiting, draft = put_proposal(competition), put_proposal(competition, ProposalState.DRAFT)
    changed = made.change(competition, now=LATER, requirements="Досвід не менше двох років.")
    first, second = changed.versions.all()
    assert (changed.version, second.kind, second.unsettles) == (2, "change", True)
    assert first.content["requirements"] != second.content["requirements"] == "Досвід не менше двох років."
    assert first.frozen == second.frozen
    assert first.code.superseded_by == second.code
    assert (second.reason, second.ground.use) == (made.REASON, "change")
    waiting.refresh_from_db()
    draft.refresh_from_db()
    assert (waiting.state, draft.state) == ("unconfirmed", "draft")
    assert [step.step for step in ProposalStep.objects.all()] == ["unsettle"]
    # no date moved
    assert changed.sequence == 0


def test_the_log_of_a_change_does_not_tell_how_many_there_are():
    competition = make_published()
    put_proposal(competition)
    made.change(competition, now=LATER)
    tags = list(LogEntry.objects.filter(subject__contains=competition.number).values_list("tag", flat=True))
    assert tags == ["procurement:competition:publish", "procurement:competition:change"]


def test_a_policy_may_leave_proposals_as_they_are():
    make_profile(policy={"change_unsettles": False})
    competition = make_published()
    proposal = put_proposal(competition)
    assert not made.last_version(made.change(competition, now=LATER)).unsettles
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_a_moved_date_gives_calendar_entries_a_new_sequence():
    competition = make_published()
    moved = made.change(competition, now=LATER, award_on=competition.award_on + DAY)
    assert (moved.sequence, moved.version) == (1, 2)
    assert made.last_version(moved).content["dates"]["award_on"] == moved.award_on.isoformat()
    again = made.change(moved, now=LATER, title="Догляд вдома, уточнено")
    assert (again.sequence, again.version) == (1, 3)


def test_a_change_of_nothing_or_without_a_reason_is_refused():
    competition = make_published()
    with pytest.raises(StepRefused):
        made.change(competition, now=LATER, title=competition.title)
    common = {"competition_id": competition.pk, "user": competition.created_by, "now": LATER}
    with pytest.raises(StepRefused):
        calling.change(**common, values={"title": "Інше"}, ground_id=None, reason="  ")
    with pytest.raises(StepRefused):
        calling.change(**common, values={"title": "Інше"}, ground_id=make_ground("void").pk, reason="Так треба.")
    assert calling.change(**common, values={"title": "Інше"}, ground_id=None, reason="Описка.").version == 2


@pytest.mark.parametrize("name", ["published_at", "order_decided_on", "form", "decision", "number", "profile"])
def test_what_is_settled_by_the_announcement_is_not_changed(name):
    competition = make_published()
    with pytest.raises(KeyError):
        made.change(competition, now=LATER, **{name: None})


def test_a_notice_is_worded_otherwise_but_not_emptied():
    competition = make_published()
    with pytest.raises(NotReady) as refused:
        made.change(competition, now=LATER, requirements="", closes_at=None)
    assert {gap.field for gap in refused.value.gaps} == {"requirements", "closes_at"}
    assert Competition.objects.get().version == 1


def test_what_has_passed_is_not_moved_and_nothing_is_moved_into_the_past():
    competition = make_published(opens_at=NOW + DAY)
    now = NOW + 3 * DAY
    with pytest.raises(NotReady) as refused:
        made.change(competition, now=now, opens_at=now + DAY, questions_until=now - DAY)
    assert {gap.field for gap in refused.value.gaps} == {"opens_at", "questions_until"}


def test_a_change_is_judged_by_the_frozen_rules():
    profile = make_profile(proposals_window=15)
    competition = make_published()
    profile.rules.filter(code="proposals-window").update(amount=1)
    with pytest.raises(NotReady) as refused:
        made.change(competition, now=LATER, closes_at=NOW + 10 * DAY, questions_until=NOW + 5 * DAY)
    assert [gap.field for gap in refused.value.gaps] == ["closes_at"]


def test_near_the_end_a_change_needs_an_extension():
    make_profile(change_freeze=7)
    competition = make_published()
    near = competition.closes_at - 3 * DAY
    with pytest.raises(NotReady) as refused:
        made.change(competition, now=near)
    (gap,) = refused.value.gaps
    assert (gap.task, gap.field) == ("timetable", "closes_at")
    assert "7 " in gap.text
    later = {
        point: getattr(competition, point) + 5 * DAY
        for point in ("closes_at", "hold_until", "opening_at", "evaluated_on", "award_on", "results_on")
    }
    changed = made.change(competition, now=near, requirements="Інші вимоги.", **later)
    assert (changed.version, changed.sequence) == (2, 1)


def test_a_freeze_without_a_term_bars_nothing_and_says_so():
    competition = make_published()
    near = competition.closes_at - timedelta(minutes=1)
    bar = change_bar(rules_of(competition), competition.closes_at, near)
    assert bar.verdict == Verdict.UNKNOWN
    assert made.change(competition, now=near).version == 2


def test_a_freeze_ends_with_its_last_day():
    make_profile(change_freeze=7)
    competition = make_published()
    last = datetime(2027, 2, 2, 21, 59, tzinfo=UTC)
    rules = rules_of(competition)
    assert change_bar(rules, competition.closes_at, last).verdict == Verdict.KEPT
    assert change_bar(rules, competition.closes_at, last + timedelta(minutes=2)).verdict == Verdict.BROKEN


def test_a_freeze_before_an_end_at_midnight_counts_from_the_day_that_it_ends():
    make_profile(change_freeze=7)
    midnight = datetime(2027, 2, 8, 22, 0, tzinfo=UTC)
    rules = rules_of(make_published(closes_at=midnight))
    # all of 8 February is in, so 1 February is the last day for a change
    assert change_bar(rules, midnight, datetime(2027, 2, 1, 21, 0, tzinfo=UTC)).verdict == Verdict.KEPT
    assert change_bar(rules, midnight, datetime(2027, 2, 1, 22, 0, tzinfo=UTC)).verdict == Verdict.BROKEN


def test_nothing_is_changed_after_the_end():
    competition = make_published()
    with pytest.raises(StepRefused):
        made.change(competition, now=competition.closes_at)
    with pytest.raises(StepRefused):
        made.extend(competition, 5 * DAY, now=competition.closes_at)


# --- extending -----------------------------------------------------------------------------------------------------


def test_an_extension_moves_dates_later_and_leaves_proposals():
    competition = make_published()
    proposal = put_proposal(competition)
    extended = made.extend(competition, 10 * DAY, now=LATER)
    assert extended.closes_at == competition.closes_at + 10 * DAY
    assert (extended.version, extended.sequence) == (2, 1)
    proposal.refresh_from_db()
    assert proposal.state == "submitted"
    entry = LogEntry.objects.get(tag="procurement:competition:extend")
    assert "closes_at" in entry.payload


def test_an_extension_never_moves_anything_earlier():
    competition = make_published()
    with pytest.raises(NotReady) as refused:
        made.extend(competition, 5 * DAY, now=LATER, award_on=competition.award_on - DAY)
    assert "award_on" in {gap.field for gap in refused.value.gaps}
    with pytest.raises(NotReady):
        made.extend(competition, 5 * DAY, now=LATER, hold_until=None)
    with pytest.raises(StepRefused):
        made.extend(competition, timedelta(0), now=LATER)
    with pytest.raises(KeyError):
        made.extend(competition, 5 * DAY, now=LATER, title="Інше")


def test_a_held_end_may_be_extended():
    competition = make_published()
    made.make_question(competition)
    held = competition.closes_at + timedelta(hours=5)
    assert phases.phase(competition, held) == "held"
    extended = made.extend(competition, 5 * DAY, now=held)
    assert phases.phase(extended, held) == "accepting"


# --- ends ----------------------------------------------------------------------------------------------------------


def test_the_clock_closes_destroys_working_copies_and_lapses_what_is_not_submitted():
    competition = make_published(hold_until=None)
    states = [ProposalState.SUBMITTED, ProposalState.DRAFT, ProposalState.UNCONFIRMED, ProposalState.WITHDRAWN]
    proposals = [put_proposal(competition, state) for state in states]
    closed = made.close(competition)
    assert (closed.state, closed.closed_at) == ("closed", competition.closes_at)
    for proposal in proposals:
        proposal.refresh_from_db()
        assert proposal.draft_key is None
        assert not bytes(proposal.draft or b"")
    assert [proposal.state for proposal in proposals] == ["submitted", "lapsed", "lapsed", "lapsed"]


def test_closing_is_safe_twice_and_never_early():
    competition = make_published(hold_until=None)
    with pytest.raises(StepRefused):
        made.close(competition, competition.closes_at - timedelta(microseconds=1))
    first = made.close(competition)
    again = made.close(competition, competition.closes_at + DAY)
    assert first.closed_at == again.closed_at
    assert competition.steps.filter(step="close").count() == 1


def test_a_question_holds_the_close():
    competition = make_published()
    made.make_question(competition)
    with pytest.raises(StepRefused):
        made.close(competition, competition.closes_at + DAY)
    assert made.close(competition, competition.hold_until).closed_at == competition.hold_until


def test_a_cancelled_competition_keeps_ground_and_reason_and_nothing_leaves_it():
    cancelled = made.make_cancelled()
    assert (cancelled.state, cancelled.end_ground.use) == ("cancelled", "cancellation")
    for step in ("change", "extend", "cancel", "void"):
        with pytest.raises(StepRefused):
            _try(step, cancelled)
    # the clock has nothing to do with what ended
    assert calling.close(competition_id=cancelled.pk, now=cancelled.closes_at).state == "cancelled"


def test_cancelling_lapses_drafts_and_leaves_what_was_submitted_sealed():
    competition = make_published()
    submitted, draft = put_proposal(competition), put_proposal(competition, ProposalState.DRAFT)
    _try("cancel", competition)
    submitted.refresh_from_db()
    draft.refresh_from_db()
    assert (submitted.state, submitted.content, draft.state) == ("submitted", None, "lapsed")


def test_a_competition_is_void_only_when_nobody_submitted():
    assert made.make_void().state == "void"
    competition = make_published()
    put_proposal(competition)
    made.close(competition)
    with pytest.raises(StepRefused):
        _try("void", competition, now=competition.hold_until)


def test_grounds_are_of_the_step_in_force_and_of_the_procedure():
    competition = make_published()
    for ground in (make_ground("extension"), make_ground("void")):
        with pytest.raises(StepRefused):
            _try("cancel", competition, ground_id=ground.pk)
    ground = make_ground("cancellation")
    ground.procedure = "social-project"
    ground.save()
    with pytest.raises(StepRefused):
        _try("cancel", competition, ground_id=ground.pk)
    ground.procedure, ground.valid_to = "", NOW.date()
    ground.save()
    with pytest.raises(StepRefused):
        _try("cancel", competition, ground_id=ground.pk)
    with pytest.raises(StepRefused):
        _try("cancel", competition, reason=" ")


def test_only_the_officials_of_the_hromada_change_and_end():
    competition = make_published()
    places = make_territories()
    for stranger in (made.make_official_who_orders(places.odeska), make_official("auditor")):
        for step in ("change", "extend", "cancel", "void"):
            with pytest.raises(PermissionDenied):
                _try(step, competition, user=stranger)
    assert RuleProfile.objects.count() == 2


def _try(step: str, competition: Competition, *, user=None, now: datetime = LATER, **told):
    user = user or competition.created_by
    if step == "change":
        return made.change(competition, user=user, now=now)
    if step == "extend":
        return made.extend(competition, DAY, user=user, now=now)
    use = {"cancel": "cancellation", "void": "void"}[step]
    values = {"ground_id": make_ground(use).pk, "reason": "Так вирішено.", **told}
    return getattr(calling, step)(competition_id=competition.pk, user=user, now=now, **values)
