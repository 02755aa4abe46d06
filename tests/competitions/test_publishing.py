"""From a draft to an announcement: what is missing is told at once, what is announced is frozen."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from portal.kernel import audit
from portal.kernel.models import DeadlineRule, LogEntry, OutboxMessage, RuleProfile
from portal.kernel.models.calendar import CalendarRegime
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import calling
from procurement.domain.calls.calling import NotReady
from procurement.domain.calls.freezing import rules_of
from procurement.domain.calls.timeline import timeline
from procurement.enums import Moment
from procurement.models import (
    Competition,
    CompetitionPolicy,
    CompetitionVersion,
    FormVersion,
    OrderItem,
    ServiceSpecification,
)
from tests.factories.accounts import make_official
from tests.factories.ordering import (
    NOW,
    make_commissioner,
    make_official_who_orders,
    make_order_decision,
    make_specification,
)
from tests.factories.procurement import make_call, make_published, timetable
from tests.factories.registry import make_catalogue, make_territories
from tests.factories.rule_profiles import make_profile, make_rules

pytestmark = pytest.mark.django_db


def publish(draft: Competition, *, key: str = "press", now=NOW, user=None) -> Competition:
    return calling.publish(competition_id=draft.pk, user=user or draft.created_by, key=key, now=now)


def missing(competition: Competition, now=NOW) -> set[tuple[str, str]]:
    return {(gap.task, gap.field) for gap in calling.gaps(competition, now)}


# --- drafts --------------------------------------------------------------------------------------------------------


def test_an_empty_draft_tells_all_that_is_missing_at_once():
    make_rules()
    user = make_official_who_orders()
    draft = calling.start_competition(
        user=user, commissioner_id=make_commissioner().pk, procedure="social-order", title=" Догляд ", now=NOW
    )
    assert draft.title == "Догляд"
    assert (draft.form.code, draft.rubric.code) == ("social-order", "order-332-predecessor")
    assert missing(draft) == {
        ("decision", "decision"),
        ("about", "legal_ground"),
        ("lots", "lots"),
        *(("timetable", point) for point in ("closes_at", "opening_at", "award_on", "service_from", "service_to")),
        *(
            ("conditions", name)
            for name in (
                "requirements",
                "documents_note",
                "submission_note",
                "opening_place",
                "contact_name",
                "contact_phone",
            )
        ),
    }
    with pytest.raises(NotReady) as refused:
        publish(draft)
    assert len(refused.value.gaps) == len(missing(draft))
    assert Competition.objects.get().state == "draft"


def test_a_complete_draft_has_no_gaps():
    assert calling.gaps(make_call(), NOW) == []


def test_a_draft_takes_the_rules_of_its_hromada_else_the_national_ones():
    make_rules()
    own = make_profile(proposals_window=15)
    places = make_territories()
    in_dykanka = make_call(now=NOW)
    in_odesa = make_call(hromada=places.odesa_hromada, now=NOW)
    assert in_dykanka.profile == own
    assert in_odesa.profile == RuleProfile.objects.get(procedure="social-order", authority="")
    # what the hromada does not say, the national rules do
    assert {rule.code for rule in rules_of(in_dykanka).rules} == {rule.code for rule in rules_of(in_odesa).rules}


def test_only_officials_of_the_hromada_touch_a_draft():
    draft = make_call()
    places = make_territories()
    for stranger in (make_official_who_orders(places.odeska), make_official("auditor"), make_official("registrar")):
        with pytest.raises(PermissionDenied):
            calling.save_call(competition_id=draft.pk, user=stranger, values={"title": "Інше"}, now=NOW)
        with pytest.raises(PermissionDenied):
            calling.set_lots(competition_id=draft.pk, user=stranger, lots=[], now=NOW)
        with pytest.raises(PermissionDenied):
            publish(draft, user=stranger)


def test_unknown_fields_are_a_mistake_of_the_caller():
    draft = make_call()
    for name in ("state", "number", "public_key", "version", "nonsense"):
        with pytest.raises(KeyError):
            calling.save_call(competition_id=draft.pk, user=draft.created_by, values={name: 1}, now=NOW)


def test_dates_that_no_row_can_hold_are_refused_beside_their_field():
    draft = make_call()
    values = {"opens_at": draft.closes_at, "hold_until": draft.closes_at - timedelta(days=1)}
    with pytest.raises(NotReady) as refused:
        calling.save_call(competition_id=draft.pk, user=draft.created_by, values=values, now=NOW)
    assert [(gap.task, gap.field) for gap in refused.value.gaps] == [
        ("timetable", "closes_at"),
        ("timetable", "hold_until"),
    ]


def test_an_unlawful_timetable_may_be_kept_in_a_draft_and_is_told():
    make_profile(proposals_window=15)
    draft = make_call(closes_in=timedelta(days=5))
    (gap,) = calling.gaps(draft, NOW)
    assert (gap.task, gap.field) == ("timetable", "closes_at")
    assert "25 січня 2027" in gap.text
    assert "4 лютого 2027" in gap.text


def test_lots_of_another_hromada_and_decisions_of_another_are_refused():
    places = make_territories()
    draft = make_call()
    foreign = make_specification(places.odesa_hromada)
    with pytest.raises(StepRefused):
        calling.set_lots(competition_id=draft.pk, user=draft.created_by, lots=[{"specification": foreign.pk}], now=NOW)
    other = make_call(hromada=places.odesa_hromada)
    with pytest.raises(StepRefused):
        calling.save_call(
            competition_id=draft.pk, user=draft.created_by, values={"decision": other.decision_id}, now=NOW
        )


def test_documents_come_and_go_in_a_draft_only():
    draft = make_call()
    calling.discard_call(competition_id=draft.pk, user=draft.created_by)
    assert not Competition.objects.exists()
    announced = make_published()
    with pytest.raises(StepRefused):
        calling.discard_call(competition_id=announced.pk, user=announced.created_by)


# --- what must fit -------------------------------------------------------------------------------------------------


def test_the_decision_must_be_taken_and_order_the_service_by_this_channel():
    draft = make_call()
    OrderItem.objects.filter(decision=draft.decision, service_type=make_catalogue().home_care).delete()
    (gap,) = calling.gaps(draft, NOW)
    assert (gap.task, "Догляд вдома" in gap.text) == ("decision", True)
    OrderItem.objects.update(channel="procurement")
    assert missing(draft) == {("decision", "decision")}


def test_ceilings_fit_the_budget_and_the_tariff():
    draft = make_call(lots=2, budget_limit=Decimal("500000.00"))
    assert missing(draft) == {("lots", "budget_limit")}
    lots = [{"specification": make_specification().pk, "ceiling": Decimal("324000.01"), "title": ""}]
    draft = calling.set_lots(competition_id=draft.pk, user=draft.created_by, lots=lots, now=NOW)
    assert draft.lots.get().title == "Догляд вдома осіб похилого віку"
    assert missing(draft) == {("lots", "lots/1/ceiling")}


def test_a_lot_of_a_project_needs_no_specification_and_one_of_an_order_does():
    for procedure, gaps in (("social-project", set()), ("social-order", {("lots", "lots/1/specification")})):
        draft = make_call(procedure=procedure, hromada=make_territories().poltava_hromada)
        lots = [{"title": "Активне довголіття", "ceiling": Decimal(100000)}]
        draft = calling.set_lots(competition_id=draft.pk, user=draft.created_by, lots=lots, now=NOW)
        # the call of projects had to be announced by 1 October of the year before
        assert missing(draft) - {("timetable", "published_at")} == gaps


def test_a_call_of_projects_after_1_october_is_refused_by_the_fixed_date():
    draft = make_call(procedure="social-project")
    (gap,) = calling.gaps(draft, NOW)
    assert (gap.task, gap.field) == ("timetable", "published_at")
    assert "1 жовтня 2026" in gap.text


def test_an_infeasible_plan_names_what_cannot_be_fitted():
    make_profile(proposals_window=15, proposals_opening=(1, "working_days"), proposals_evaluation=(2, "working_days"))
    open_points = ("questions_until", "closes_at", "hold_until", "opening_at", "evaluated_on")
    draft = make_call(award_on=date(2027, 1, 30), **dict.fromkeys(open_points))
    texts = {gap.field: gap.text for gap in calling.gaps(draft, NOW)}
    assert "closes_at" in texts
    assert any("4 лютого 2027" in text and "30 січня 2027" in text for text in texts.values())


def test_missing_keys_are_told_before_publishing_not_on_the_day_of_opening(tmp_path):
    draft = make_call()
    with override_settings(SEALING_KEY_FILE=tmp_path / "none"):
        assert ("keys", "") in missing(draft)
        with pytest.raises(NotReady):
            publish(draft)


# --- the announcement ----------------------------------------------------------------------------------------------


@pytest.mark.databases
def test_publish_freezes_the_rules_and_gives_number_keys_and_version():
    competition = make_published()
    version = competition.versions.get()
    assert (competition.state, competition.number, competition.version) == ("published", "2027-00001", 1)
    assert competition.published_at == competition.opens_at == NOW
    assert competition.order_decided_on == competition.decision.decided_on
    assert len(bytes(competition.public_key)) == 32
    assert bytes(competition.wrapped_key)
    assert competition.sealed_by
    assert version.content["dates"]["closes_at"] == competition.closes_at.isoformat()
    assert version.digest == audit.digest_of(version.content)
    assert version.content["rules_digest"] == audit.digest_of(version.frozen)
    assert version.code.document_digest == version.digest
    assert [rule["code"] for rule in version.frozen["rules"]][:2] == ["competition-announcement", "proposals-window"]
    assert version.frozen["form"]["definition"] == competition.form.definition
    assert version.frozen["policy"]["unanswered_holds"] is True


def test_the_content_has_every_field_of_a_notice():
    competition = make_published(lots=2)
    content = competition.versions.get().content
    lot = content["lots"][1]
    assert content["commissioner"]["code"] == competition.commissioner.organisation.code
    assert content["commissioner"]["address"].startswith("38500")
    assert (lot["number"], lot["service"], lot["service_slug"]) == (2, "Догляд вдома", "home-care")
    assert (lot["volume"], lot["tariff"], lot["ceiling"]) == ("1800.00", "180.00", "324000.00")
    assert (lot["service_from"], lot["unit"], lot["recipients"]) == ("2027-06-01", "person_hour", 20)
    assert content["contact"]["email"] == "order@dykanka.example"
    assert [len(row["criteria"]) for row in [content["rubric"]]] == [6]
    assert {"code", "label_uk", "label_en", "required"} <= content["documents"][0].keys()
    assert competition.lots.get(number=2).snapshot == lot
    assert {line["point"] for line in content["timetable"]} == {point.value for point in Moment}


def test_the_log_has_the_digest_of_the_announcement_and_nothing_that_was_written():
    competition = make_published()
    entry = LogEntry.objects.get(tag="procurement:competition:publish")
    version = competition.versions.get()
    assert entry.seq == version.log_seq
    assert entry.subject == f"procurement.competition:{competition.number}"
    assert version.digest in entry.payload
    assert competition.title not in entry.payload
    assert audit.verify() is None


def test_the_same_press_publishes_once_and_another_is_refused():
    draft = make_call()
    first = publish(draft, key="one")
    again = publish(draft, key="one", now=NOW + timedelta(minutes=1))
    assert (again.pk, again.number, again.published_at) == (first.pk, first.number, NOW)
    assert CompetitionVersion.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="competition-news").count() == 1
    with pytest.raises(StepRefused):
        publish(draft, key="two")
    with pytest.raises(StepRefused):
        publish(draft, key="")


def test_numbers_go_on_in_a_year_and_begin_again_in_the_next():
    first, second = make_published(), make_published()
    later = NOW.replace(year=2028)
    third = make_published(now=later)
    assert [one.number for one in (first, second, third)] == ["2027-00001", "2027-00002", "2028-00001"]


def test_a_planned_announcement_is_judged_by_its_plan_and_announced_now():
    make_profile(proposals_window=15)
    planned = NOW + timedelta(days=3)
    draft = make_call(closes_in=timedelta(days=16), published_at=planned)
    assert missing(draft) == {("timetable", "closes_at")}
    assert publish(draft).published_at == NOW


# --- frozen --------------------------------------------------------------------------------------------------------


def test_a_rule_edited_while_a_competition_runs_moves_nothing():
    make_profile(proposals_window=15, question_answer=3)
    competition = make_published()
    before = (competition.versions.get().frozen, [replace(line, is_now=False) for line in timeline(competition, NOW)])
    DeadlineRule.objects.filter(month__isnull=True).update(amount=60, unit="working_days")
    CompetitionPolicy.objects.update(unanswered_holds=False, needs_service=True)
    CalendarRegime.objects.update(kind="peace")
    FormVersion.objects.update(definition={})
    ServiceSpecification.objects.update(content="Інше")
    competition = Competition.objects.get(pk=competition.pk)
    after = (competition.versions.get().frozen, [replace(line, is_now=False) for line in timeline(competition, NOW)])
    assert before == after
    assert rules_of(competition).term("proposals-window").amount == 15
    assert competition.lots.get().snapshot["content"].startswith("Прибирання")
    # the next one is under the new rules
    with pytest.raises(NotReady):
        make_published(form=FormVersion.objects.first())


def test_a_later_profile_moves_only_later_competitions():
    draft = make_call()
    later = make_profile(proposals_window=60)
    assert draft.profile != later
    assert calling.gaps(draft, NOW) == []
    assert make_call().profile == later


@pytest.mark.databases
def test_no_date_of_an_announced_competition_moves_without_a_version():
    competition = make_published()
    for point in Moment:
        value = getattr(competition, point.value)
        for other in (value + timedelta(days=1) if value else NOW, None):
            if point.value in ("published_at", "closes_at") and other is None:
                continue
            with pytest.raises(IntegrityError), transaction.atomic():
                Competition.objects.filter(pk=competition.pk).update(**{point.value: other})
    with pytest.raises(IntegrityError), transaction.atomic():
        Competition.objects.filter(pk=competition.pk).update(version=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Competition.objects.filter(pk=competition.pk).update(version=2, published_at=NOW - timedelta(days=1))
    Competition.objects.filter(pk=competition.pk).update(title="Інша назва")


@pytest.mark.databases
def test_the_guard_of_dates_holds_under_raw_sql():
    competition = make_published()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE procurement_competition SET closes_at = opening_at WHERE id = %s", [competition.pk])


def test_publishing_takes_a_literal_number_of_queries(django_assert_max_num_queries):
    counts = []
    for lots in (1, 3):
        draft = make_call(lots=lots)
        with django_assert_max_num_queries(120) as counted:
            publish(draft, key=str(uuid4()))
        counts.append(len(counted))
    # a lot is written once each
    assert counts[1] - counts[0] <= 2 * 2


def test_the_timetable_of_the_factory_is_lawful():
    assert set(timetable()) <= {point.value for point in Moment}
    assert make_order_decision().state == "taken"
