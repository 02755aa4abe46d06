"""Steps of examination and decision as the tests of this folder take them."""

from datetime import UTC, datetime

from portal.kernel.models import LogEntry, VerificationCode
from registry.domain import examination
from registry.domain.drafts import criteria_of
from registry.models import (
    EntryChange,
    Evidence,
    RegisterDecision,
    RegisterEntry,
    Verification,
)
from tests.factories.applications import (
    make_submitted,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def take(application, registrar):
    return examination.take_application(application_id=application.pk, user=registrar, now=NOW)


def judge(application, registrar, result="met", services=None):
    """Judge every criterion of the services (all of them) the same way."""
    for key, criteria in criteria_of(application).items():
        for criterion in criteria if services is None or key in services else ():
            examination.check_criterion(
                application_id=application.pk,
                user=registrar,
                criterion_id=criterion.pk,
                service_key=key,
                result=result,
                note="" if result == "met" else "примітка",
                now=NOW,
            )


def propose(application, registrar, outcome="include", grounds=(), reason="", **fields):
    return examination.propose_outcome(
        application_id=application.pk,
        user=registrar,
        outcome=outcome,
        ground_ids=[ground.pk for ground in grounds],
        reason=reason,
        now=NOW,
        **fields,
    )


def decide(application, approver, now=NOW):
    return examination.decide(application_id=application.pk, user=approver, now=now)


def proposed(registrar, outcome="include", grounds=(), reason="", kind="inclusion", fields=None, **making):
    """Return an application that waits for the approver."""
    application = take(make_submitted(kind, **making), registrar)
    judge(application, registrar)
    propose(application, registrar, outcome, grounds, reason, **(fields or {}))
    application.refresh_from_db()
    return application


def everything():
    """Count whatever a refused step might have left."""
    return [
        model.objects.count()
        for model in (RegisterEntry, EntryChange, RegisterDecision, LogEntry, VerificationCode, Evidence, Verification)
    ]
