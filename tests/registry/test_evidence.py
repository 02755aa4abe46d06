"""Documents that end: a task before, a suspension after, and the service back when a new one is accepted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.kernel.audit import verify
from portal.kernel.models import LogEntry, OutboxMessage
from registry.domain.evidence import (
    ServiceStep,
    end_suspensions,
    lapse_evidence,
    record_services,
    restore_confirmed,
    restore_services,
    tell_of_ending,
)
from registry.domain.records import ServiceRecord
from registry.domain.standing import exclude_entry, suspend_entry
from registry.enums import ServiceStanding
from registry.interfaces.cabinet_tasks import tasks_for
from registry.models import EntryChange, Evidence, Service
from registry.signals import entries_changed
from tests.factories.freshness import make_evidence, make_grounds, make_rule, make_speaker
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def entry():
    make_rule()
    make_grounds()
    words = make_catalogue()
    return make_provider(services=[ServiceRecord(words.home_care.pk), ServiceRecord(words.shelter.pk)])


def service_of(entry, place=0):
    return Service.objects.filter(entry=entry).order_by("pk")[place]


def standings(entry):
    return list(Service.objects.filter(entry=entry).order_by("pk").values_list("standing", flat=True))


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def mails():
    return list(OutboxMessage.objects.filter(kind="mail").order_by("pk"))


def test_evidence_that_ends_tomorrow_makes_a_task_today_and_the_day_after_the_service_is_suspended(
    client: Client, entry, django_capture_on_commit_callbacks
):
    speaker = make_speaker(entry)
    row = make_evidence(entry, TODAY + DAY, service=service_of(entry))
    news = []
    entries_changed.connect(listener := lambda entry_ids, **_: news.append(entry_ids))

    assert tell_of_ending(now=NOW) == 1
    (task,) = [task for task in tasks_for([entry.organisation_id], TODAY) if row.criterion.text in task.text]
    assert (task.organisation_id, task.due_on) == (entry.organisation_id, TODAY + DAY)
    assert [mail.payload["to"] for mail in mails()] == [[speaker.email]]
    assert row.criterion.text in mails()[0].payload["text"]
    assert (lapse_evidence(now=NOW), lapse_evidence(now=NOW + DAY)) == (0, 0)
    assert standings(entry) == ["included", "included"]

    with django_capture_on_commit_callbacks(execute=True):
        assert lapse_evidence(now=NOW + 2 * DAY) == 1

    entries_changed.disconnect(listener)
    assert standings(entry) == ["suspended", "included"]
    assert news == [[entry.pk]]
    row.refresh_from_db()
    assert row.lapsed_at == NOW + 2 * DAY
    service = service_of(entry)
    assert service.standing_ground.startswith("Закінчився строк дії документа.")
    line = EntryChange.objects.get(obj="service", field="standing")
    assert (line.ref, line.old, line.new, line.act, line.actor_role) == (
        str(service.pk),
        "included",
        "suspended",
        "suspended",
        "clock",
    )
    logged = LogEntry.objects.order_by("-seq").first()
    assert (logged.tag, logged.clause) == ("registry:service:suspended", "185-2020")
    page = page_of(client, f"/en/registry/{entry.number}/")
    assert "This service may not be given now." in page
    assert "Закінчився строк дії документа." in page
    assert "None of the services may be given now." not in page
    assert "so the service is suspended" in " ".join(
        task.text for task in tasks_for([entry.organisation_id], TODAY + 2 * DAY)
    )
    assert verify() is None


def test_everything_happens_once(entry):
    make_evidence(entry, TODAY + DAY, service=service_of(entry))

    told = [tell_of_ending(now=NOW + days * DAY) for days in range(4)]
    suspended = [lapse_evidence(now=NOW + days * DAY) for days in range(5)]

    assert (told, suspended) == ([1, 0, 0, 0], [0, 0, 1, 0, 0])
    assert EntryChange.objects.filter(obj="service", field="standing").count() == 1


def test_notice_comes_as_many_days_before_as_the_rule_of_the_service_says(entry):
    words = make_catalogue()
    make_rule(words.shelter, evidence_notice=10)
    make_evidence(entry, TODAY + 20 * DAY, service=service_of(entry, 0))
    make_evidence(entry, TODAY + 20 * DAY, service=service_of(entry, 1))

    assert [tell_of_ending(now=NOW + days * DAY) for days in (0, 9, 10)] == [1, 0, 1]


def test_document_about_the_provider_suspends_all_its_services(client: Client, entry):
    make_evidence(entry, TODAY - DAY)

    lapse_evidence(now=NOW)

    assert standings(entry) == ["suspended", "suspended"]
    entry.refresh_from_db()
    assert entry.standing == "included"
    assert "None of the services may be given now." in page_of(client, f"/en/registry/{entry.number}/")
    assert "all services suspended" in page_of(client, "/en/registry/")


def test_accepted_new_evidence_gives_the_service_back(client: Client, entry):
    row = make_evidence(entry, TODAY - DAY, service=service_of(entry))
    lapse_evidence(now=NOW)
    assert restore_confirmed(now=NOW) == 0

    Evidence.objects.filter(pk=row.pk).update(replaced_at=NOW + DAY)
    make_evidence(entry, TODAY + 365 * DAY, service=service_of(entry))
    restored = [restore_confirmed(now=NOW + DAY) for _ in range(2)]

    assert restored == [1, 0]
    service = service_of(entry)
    assert (service.standing, service.standing_ground) == ("included", "")
    line = EntryChange.objects.filter(obj="service", field="standing").order_by("-pk").first()
    assert (line.new, line.act, line.ground) == ("included", "restored", "Причину призупинення усунено.")
    assert "may not be given now" not in page_of(client, f"/en/registry/{entry.number}/")


def test_service_that_lacks_another_document_stays_suspended(entry):
    first = make_evidence(entry, TODAY - DAY, service=service_of(entry))
    make_evidence(entry, TODAY - DAY)
    lapse_evidence(now=NOW)
    Evidence.objects.filter(pk=first.pk).update(replaced_at=NOW)

    assert restore_services(entry_id=entry.pk, now=NOW) == 0
    Evidence.objects.update(replaced_at=NOW)
    assert restore_services(entry_id=entry.pk, now=NOW) == 2


def test_service_suspended_by_a_decision_is_not_given_back_by_a_document(entry):
    service = Service.objects.select_related("service_type").get(pk=service_of(entry).pk)
    step = ServiceStep(service, ServiceStanding.SUSPENDED, "порушення")
    record_services(entry, [step], actor=REGISTRAR, now=NOW)
    row = make_evidence(entry, TODAY - DAY, service=service)

    assert lapse_evidence(now=NOW) == 0
    assert service_of(entry).standing_ground == "порушення"
    Evidence.objects.filter(pk=row.pk).update(replaced_at=NOW)
    assert restore_confirmed(now=NOW) == 0
    assert standings(entry)[0] == "suspended"


def test_suspension_of_a_service_ends_after_its_last_day_unless_a_document_is_lacking(entry):
    for place in (0, 1):
        service = Service.objects.select_related("service_type").get(pk=service_of(entry, place).pk)
        step = ServiceStep(service, ServiceStanding.SUSPENDED, "порушення", until=TODAY)
        record_services(entry, [step], actor=REGISTRAR, now=NOW)
    make_evidence(entry, TODAY - DAY, service=service_of(entry, 1), lapsed_at=NOW)

    assert [end_suspensions(now=NOW), end_suspensions(now=NOW + DAY), end_suspensions(now=NOW + DAY)] == [0, 2, 0]
    assert standings(entry) == ["included", "suspended"]
    assert service_of(entry, 1).standing_ground.startswith("Закінчився строк дії документа.")


def test_suspension_of_an_entry_ends_after_its_last_day(entry):
    endless = make_provider()
    suspend_entry(entry_id=endless.pk, actor=REGISTRAR, ground="перевірка", now=NOW)
    suspend_entry(entry_id=entry.pk, actor=REGISTRAR, ground="перевірка", now=NOW, until=TODAY + DAY)

    ended = [end_suspensions(now=NOW + days * DAY) for days in (0, 1, 2, 3)]

    assert ended == [0, 0, 1, 0]
    entry.refresh_from_db()
    assert (entry.standing, entry.suspended_until) == ("included", None)
    line = EntryChange.objects.filter(entry=entry, act="restored", field="standing").get()
    assert line.ground


def test_excluded_provider_is_told_and_suspended_no_more(entry):
    make_speaker(entry)
    make_evidence(entry, TODAY, service=service_of(entry))
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="заява", now=NOW)

    assert (tell_of_ending(now=NOW), lapse_evidence(now=NOW + DAY), mails()) == (0, 0, [])


def test_document_without_a_last_day_never_ends(entry):
    make_evidence(entry, None, service=service_of(entry))

    assert (tell_of_ending(now=NOW), lapse_evidence(now=NOW + 9_000 * DAY)) == (0, 0)


@pytest.mark.parametrize("item_count", [1, 3])
def test_tasks_ask_as_often_for_three_documents_as_for_one(item_count, django_assert_num_queries):
    make_rule()
    organisations = []
    today = timezone.localdate()
    for _ in range(item_count):
        then = datetime(2025, 1, 1, tzinfo=UTC)
        entry = make_provider(now=then, included_on=date(2025, 1, 1))
        make_evidence(entry, today, service=service_of(entry))
        organisations.append(entry.organisation_id)
    tasks_for(organisations, today)

    with django_assert_num_queries(5):
        tasks = tasks_for(organisations, today)

    assert len(tasks) == 2 * item_count
