"""What a decided amendment does to the card as it stands on the day."""

from datetime import date, timedelta

import pytest

from portal.kernel.workflow import StepRefused
from registry.domain import examination
from registry.domain.desk import change_entry, current_record
from registry.domain.standing import exclude_entry
from registry.models import (
    EntryChange,
    Evidence,
    RegisterEntry,
)
from tests.factories.applications import (
    make_criteria,
    make_representative,
    make_submitted,
    service_part,
)
from tests.factories.registry import REGISTRAR, make_provider, provider_record
from tests.registry.deciding import NOW, decide, everything, judge, propose, proposed, take

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("read_in_english")]


@pytest.fixture
def included(registrar, approver):
    """Return an entry that came into the register by a decision, with its evidence."""
    make_criteria()
    return decide(proposed(registrar), approver).entry


def amended(entry, registrar, **patch):
    person = make_representative(entry.organisation)
    return proposed(registrar, "amend", kind="amendment", organisation=entry.organisation, user=person, **patch)


def test_amendment_enters_what_the_provider_changed_and_keeps_what_the_registrar_did(registrar, approver, included):
    application = amended(included, registrar, **{"services/1/capacity": 55})

    def rename(record):
        record.short_name = "Нова коротка назва"
        record.services[0].conditions = "Лише заява."

    change_entry(
        entry_id=included.pk,
        version=included.version,
        change=rename,
        actor=REGISTRAR,
        ground="виправлення",
        now=NOW,
    )
    decision = decide(application, approver, NOW + timedelta(days=1))

    included.refresh_from_db()
    service = included.services.get()
    assert (service.capacity, service.conditions, included.organisation.short_name) == (
        55,
        "Лише заява.",
        "Нова коротка назва",
    )
    assert included.about == "Тепер працюємо і у вихідні."
    assert included.verified_on == date(2026, 11, 24)
    lines = EntryChange.objects.filter(entry=included, at=decision.decided_at, act="amended")
    assert {line.field for line in lines} == {"about", "capacity"}
    assert {application.number in line.ground for line in lines} == {True}


def test_amendment_of_what_the_registrar_changed_too_is_refused_with_the_fields(registrar, approver, included):
    application = amended(included, registrar, **{"services/1/capacity": 55})

    def change(record):
        record.services[0].capacity = 41

    change_entry(
        entry_id=included.pk, version=included.version, change=change, actor=REGISTRAR, ground="виправлення", now=NOW
    )
    before = everything()

    with pytest.raises(examination.ChangedInRegisterError, match="places") as refused:
        decide(application, approver)

    assert refused.value.fields == ["Service: Home care (Послуга 1): places"]
    assert everything() == before
    application.refresh_from_db()
    assert application.state == "proposed"


def test_part_that_the_provider_takes_away_and_the_registrar_changed_is_named(registrar, approver, included):
    application = amended(included, registrar, **{"contacts/2/removed": True})

    def change(record):
        record.contacts[1].note = "приймальня"

    change_entry(
        entry_id=included.pk, version=included.version, change=change, actor=REGISTRAR, ground="виправлення", now=NOW
    )
    with pytest.raises(examination.ChangedInRegisterError) as refused:
        decide(application, approver)

    assert refused.value.fields == ["Contact 2: taken out of the register"]


def test_amendment_takes_away_and_adds_parts(registrar, approver, included):
    added = {**service_part("2", "counselling"), "contacts/2/removed": True}
    application = amended(included, registrar, **added)

    decide(application, approver)

    assert sorted(included.services.values_list("service_type__slug", flat=True)) == ["counselling", "home-care"]
    assert included.contacts.count() == 1
    assert Evidence.objects.filter(entry=included, service__service_type__slug="counselling").count() == 2


def test_service_that_an_amendment_adds_is_judged_as_an_inclusion(registrar, included):
    person = make_representative(included.organisation)
    application = make_submitted(
        "amendment", organisation=included.organisation, user=person, **service_part("2", "counselling")
    )
    take(application, registrar)

    with pytest.raises(StepRefused, match="judged"):
        propose(application, registrar, "amend")

    judge(application, registrar, services={"2"})
    assert propose(application, registrar, "amend").outcome == "amend"


def test_new_evidence_replaces_the_old_which_stays_on_record(registrar, approver, included):
    old = Evidence.objects.get(entry=included, criterion__slug="founding")
    kept = Evidence.objects.get(entry=included, criterion__slug="staff")
    application = amended(included, registrar, **{"criteria/1/founding/statement": "Новий статут."})

    decision = decide(application, approver)

    old.refresh_from_db()
    kept.refresh_from_db()
    new = Evidence.objects.get(entry=included, criterion__slug="founding", replaced_at=None)
    assert (old.replaced_at, kept.replaced_at) == (NOW, None)
    assert (new.statement, new.decision, new.service) == ("Новий статут.", decision, old.service)
    assert Evidence.objects.count() == 3


def test_amendment_of_an_entry_excluded_meanwhile_is_refused(registrar, approver, included):
    application = amended(included, registrar)
    exclude_entry(entry_id=included.pk, actor=REGISTRAR, ground="за рішенням суду", now=NOW)

    with pytest.raises(StepRefused):
        decide(application, approver)


def test_private_and_confidential_values_come_through_an_amendment_unharmed(registrar, approver):
    record = provider_record()
    record.sites[0].confidential = True
    record.contacts[0].private = True
    entry = make_provider(code=record.code, sites=record.sites, contacts=record.contacts, services_note="Примітка.")
    before = current_record(RegisterEntry.objects.get(pk=entry.pk))
    application = amended(entry, registrar)

    decide(application, approver)

    after = current_record(RegisterEntry.objects.get(pk=entry.pk))
    before.about, before.verified_on = after.about, after.verified_on
    assert after == before
