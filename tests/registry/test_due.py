"""What the clock does in the register, all of it together: twice in a row it does nothing the second time."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from portal.kernel.models import LogEntry, OutboxMessage
from registry.domain.standing import suspend_entry
from registry.models import EntryChange, RegisterEntry, RegisterRevision, Reminder, Service
from tests.factories.freshness import make_evidence, make_grounds, make_rule, make_speaker
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
DAY = timedelta(days=1)
PARTS = [
    *("alerts", "risk-cards", "contract-reminders", "competitions", "competition-reminders"),
    *("evaluations", "evaluation-reminders", "evaluation-ties", "order-reminders", "surveys", "quality-reminders"),
    *("freshness", "reminders", "evidence", "suspensions", "corrections", "senders"),
    *("feed", "snapshot"),
]


def everything():
    tables = (RegisterEntry, Service, EntryChange, LogEntry, RegisterRevision, Reminder, OutboxMessage)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_run_due_twice_changes_nothing_the_second_time(capsys):
    make_rule()
    make_grounds()
    entry, suspended = make_provider(), make_provider()
    make_carer()
    make_speaker(entry)
    make_evidence(entry, NOW.date() + 180 * DAY, service=Service.objects.filter(entry=entry).first())
    suspend_entry(entry_id=suspended.pk, actor=REGISTRAR, ground="перевірка", now=NOW, until=NOW.date() + DAY)
    now = (NOW + 185 * DAY).isoformat()

    call_command("run_due", "--now", now)
    once = everything()
    said = capsys.readouterr().out
    call_command("run_due", "--now", now)

    assert everything() == once
    assert [line.split(":")[0] for line in said.splitlines()] == PARTS
    assert "cards whose freshness changed: 3" in said
    assert "services suspended: 1" in said
    assert "suspensions that ended: 1" in said
    assert "cards whose freshness changed: 0" in capsys.readouterr().out
