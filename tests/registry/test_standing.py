"""The lawful steps of an entry: each with its ground, its stamps, its history line and its log entry."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain import standing
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ProviderRecord
from registry.enums import Standing
from registry.models import EntryChange, RegisterEntry
from registry.workflow import ENTRY

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
APPROVER = Actor(None, "approver")


@pytest.fixture
def entry():
    record = ProviderRecord(external_ref="test:1", name="Провайдер")
    return put_providers([record], actor=APPROVER, ground="test", now=NOW)[0].entry


def test_suspension_and_restoration_keep_both_in_history_and_log(entry):
    standing.suspend_entry(entry_id=entry.pk, actor=APPROVER, ground="перевірка", now=NOW, until=date(2027, 1, 1))
    standing.restore_entry(entry_id=entry.pk, actor=APPROVER, ground="усунено", now=NOW)

    entry.refresh_from_db()
    assert (entry.standing, entry.suspended_until) == (Standing.INCLUDED, None)
    steps = EntryChange.objects.filter(field="standing").order_by("id").values_list("act", "old", "new", "ground")
    assert list(steps) == [
        ("suspended", "included", "suspended", "перевірка"),
        ("restored", "suspended", "included", "усунено"),
    ]
    tags = LogEntry.objects.order_by("seq").values_list("tag", flat=True)
    assert list(tags) == ["registry:entry:include", "registry:entry:suspended", "registry:entry:restored"]


def test_exclusion_is_stamped_with_the_day_in_kyiv(entry):
    standing.exclude_entry(entry_id=entry.pk, actor=APPROVER, ground="за заявою", now=NOW)

    entry.refresh_from_db()
    assert (entry.standing, entry.excluded_on) == (Standing.EXCLUDED, date(2026, 11, 23))


@pytest.mark.parametrize("step", ["suspend_entry", "restore_entry", "exclude_entry"])
def test_nothing_leaves_exclusion(entry, step):
    standing.exclude_entry(entry_id=entry.pk, actor=APPROVER, ground="за заявою", now=NOW)

    with pytest.raises(StepRefused):
        getattr(standing, step)(entry_id=entry.pk, actor=APPROVER, ground="ще раз", now=NOW)


def test_step_without_ground_is_refused_and_leaves_no_trace(entry):
    before = (EntryChange.objects.count(), LogEntry.objects.count())

    with pytest.raises(StepRefused):
        standing.suspend_entry(entry_id=entry.pk, actor=APPROVER, ground=" ", now=NOW)

    assert (EntryChange.objects.count(), LogEntry.objects.count()) == before


def test_verification_is_a_day_of_its_own_not_a_by_product_of_saving(entry):
    entry.save()
    assert RegisterEntry.objects.get(pk=entry.pk).verified_on is None

    standing.verify_entry(entry_id=entry.pk, actor=Actor(None, "registrar"), ground="телефоном", now=NOW)

    assert RegisterEntry.objects.get(pk=entry.pk).verified_on == date(2026, 11, 23)


def test_excluded_organisation_may_come_back_under_a_new_number(entry):
    standing.exclude_entry(entry_id=entry.pk, actor=APPROVER, ground="за заявою", now=NOW)

    (again,) = put_providers(
        [ProviderRecord(external_ref="test:1", name="Провайдер")], actor=APPROVER, ground="test", now=NOW
    )

    assert (again.kind, again.entry.number) == ("created", "0000002")
    assert again.entry.organisation_id == entry.organisation_id


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("entry_excluded_has_its_date", {"standing": "excluded"}),
        ("entry_excluded_has_its_date", {"excluded_on": date(2026, 12, 1)}),
        ("entry_suspension_has_its_end", {"suspended_until": date(2026, 12, 1)}),
        ("entry_leaves_after_it_enters", {"standing": "excluded", "excluded_on": date(2020, 1, 1)}),
    ],
)
def test_database_refuses_impossible_standing(entry, constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RegisterEntry.objects.filter(pk=entry.pk).update(**change)


def test_database_refuses_second_active_entry(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterEntry.objects.create(organisation=entry.organisation, number="X", included_on=date(2026, 1, 1))


def test_every_step_has_clause_permission_and_ground():
    for step in ENTRY:
        assert (bool(step.clause), bool(step.permission), step.comment_required) == (True, True, True)
    assert ENTRY.reachable(Standing.INCLUDED) == set(Standing)
