"""How the tests of this folder submit, and what they look for afterwards."""

from datetime import timedelta
from uuid import uuid4

from portal.kernel.models import LogEntry, OutboxMessage
from registry.domain.applying import (
    submit_application,
)
from registry.models import Application, ApplicationStep
from tests.factories.registry import NOW

RNOKPP = "3184710691"
MOMENT = NOW + timedelta(minutes=1)


def press(application, *, user=None, version=None, key=None, now=MOMENT):
    return submit_application(
        application_id=application.pk,
        user=user or application.created_by,
        version=application.version if version is None else version,
        key=key or uuid4(),
        now=now,
    )


def traces():
    return (
        ApplicationStep.objects.count(),
        LogEntry.objects.count(),
        OutboxMessage.objects.count(),
        Application.objects.exclude(number=None).count(),
    )
